//! A figure of a report: one SELECT over published tables, and in its header how people read it.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::{
    problem::Result,
    project::{language::Said, ordered::ordered, sql_file::header_span, written::Written},
};

/// Read from `src/report/figures/SECTION/NAME.sql`.
#[derive(Clone, Debug)]
pub struct Figure {
    /// `SECTION-NAME`: unique in a page.
    pub id: String,
    pub file: Written,
    pub title: Option<Said>,
    /// How to read it.
    pub note: Option<Said>,
    /// Said in place of an empty table.
    pub empty: Option<Said>,
    pub chart: Option<Chart>,
    /// One row per customer: the page lets readers filter it.
    pub is_list: bool,
    /// At most so many rows are printed.
    pub rows: Option<usize>,
    /// Of a lead: what it says of its one row.
    pub sentences: Vec<Sentence>,
    /// In the order of the SELECT.
    pub columns: IndexMap<String, Column>,
}

/// How the page draws a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    Bars,
    Columns,
    Stacked,
    Lines,
    Reliability,
    Flow,
}

/// What a column is to the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    X,
    Y,
    Low,
    High,
    From,
    To,
    Size,
}

/// How a value is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum As {
    #[default]
    Text,
    /// A code, by its name in the words.
    Word,
    /// A customer's name, which leads to its page; the row has its `customer_id`, too.
    Customer,
    Count,
    Number,
    /// Parts that add up: always two digits after the point.
    Exact,
    /// A score of 0 to 100.
    Score,
    /// Of a share (0-1).
    Percent,
    /// A difference of two shares, in percentage points.
    Points,
    /// A relative change (0.1 = +10 %).
    Change,
    /// A signed number.
    Delta,
    Money,
    Days,
    Date,
    Month,
    Flag,
}

impl As {
    /// As in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Word => "word",
            Self::Customer => "customer",
            Self::Count => "count",
            Self::Number => "number",
            Self::Exact => "exact",
            Self::Score => "score",
            Self::Percent => "percent",
            Self::Points => "points",
            Self::Change => "change",
            Self::Delta => "delta",
            Self::Money => "money",
            Self::Days => "days",
            Self::Date => "date",
            Self::Month => "month",
            Self::Flag => "flag",
        }
    }

    /// Whether its cells are aligned as numbers are.
    pub fn is_number(self) -> bool {
        use As::*;
        matches!(self, Count | Number | Exact | Score | Percent | Points | Change | Delta | Money | Days)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    #[serde(default)]
    en: String,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    help: Option<String>,
    #[serde(default)]
    help_zh: Option<String>,
    #[serde(rename = "as", default)]
    pub shown: As,
    /// The group of words that names its codes, else the column's own name; of a text, groups whose codes stand in it.
    pub words: Option<String>,
    #[serde(rename = "chart")]
    pub role: Option<Role>,
    /// In the page's data only, not in its tables.
    #[serde(default)]
    pub hidden: bool,
}

impl Column {
    pub fn label(&self) -> Said {
        Said::owned(&self.en, &self.zh)
    }

    /// What the heading means, for those who ask.
    pub fn help(&self) -> Option<Said> {
        Some(Said::owned(self.help.as_ref()?, self.help_zh.as_ref()?))
    }
}

/// `{column}` stands for the row's value; nothing is said where one is unknown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    en: String,
    zh: String,
    /// A column: said only where it is true.
    #[serde(rename = "if")]
    pub only_if: Option<String>,
}

impl Sentence {
    pub fn text(&self) -> Said {
        Said::owned(&self.en, &self.zh)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderToml {
    title: Option<String>,
    title_zh: Option<String>,
    note: Option<String>,
    note_zh: Option<String>,
    empty: Option<String>,
    empty_zh: Option<String>,
    chart: Option<Chart>,
    #[serde(default)]
    list: bool,
    rows: Option<usize>,
    #[serde(default)]
    sentence: Vec<Sentence>,
    #[serde(deserialize_with = "ordered")]
    columns: IndexMap<String, Column>,
}

/// Rows of a list that a page shows at once.
const ROWS_OF_A_LIST: usize = 10;

/// Fails, with the place, on a header that is missing or says what nobody knows.
pub fn figure_of(id: String, file: Written) -> Result<Figure> {
    let Some(span) = header_span(&file)? else {
        return Err(file.problem(0..0, "a figure needs a header").help("begin with `/*---`, and [columns]"));
    };
    let raw: HeaderToml = file.toml_in(span)?;
    let both = |en: Option<String>, zh: Option<String>| Some(Said::owned(en?, zh?));
    Ok(Figure {
        id,
        title: both(raw.title, raw.title_zh),
        note: both(raw.note, raw.note_zh),
        empty: both(raw.empty, raw.empty_zh),
        chart: raw.chart,
        is_list: raw.list,
        rows: raw.rows.or(raw.list.then_some(ROWS_OF_A_LIST)),
        sentences: raw.sentence,
        columns: raw.columns,
        file,
    })
}

impl Chart {
    pub fn name(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Columns => "columns",
            Self::Stacked => "stacked",
            Self::Lines => "lines",
            Self::Reliability => "reliability",
            Self::Flow => "flow",
        }
    }
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Y => "y",
            Self::Low => "low",
            Self::High => "high",
            Self::From => "from",
            Self::To => "to",
            Self::Size => "size",
        }
    }
}
