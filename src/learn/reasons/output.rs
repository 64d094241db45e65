//! Reasons as people and warehouses get them: a text per customer, and a table with a row per reason.

use std::{fmt::Write, ops::Range, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, AsArray, Float64Builder, Int64Builder, RecordBatch, StringArray, StringBuilder,
    },
    compute::concat,
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
};

use super::{Reason, Reasons, RowReasons};
use crate::{
    learn::{
        figures::{Language, push_signed},
        pieces::by_pieces,
        rows::{KEY, customer_ids},
    },
    problem::{Problem, Result},
};

/// Raising and lowering reasons in a customer's text.
const IN_TEXT: [usize; 2] = [3, 2];
/// Rows that one processor works through at a time.
const PIECE: usize = 4_096;

/// One text per customer, null where there is no such reason: `Region: North (typical: South) +0.82; …`.
pub struct Texts {
    pub raising: StringArray,
    pub raising_zh: StringArray,
    pub lowering: StringArray,
    pub lowering_zh: StringArray,
}

/// Columns of the table of reasons: `customer_id`, `rank` name a row.
pub fn reasons_schema() -> SchemaRef {
    let field = |name: &str, data_type, nullable| Field::new(name, data_type, nullable);
    Arc::new(Schema::new(vec![
        field(KEY, DataType::Utf8, false),
        // 1 for the strongest, whichever its direction; the others together and the base come last.
        field("rank", DataType::Int64, false),
        // raises, lowers, others or base
        field("effect", DataType::Utf8, false),
        field("feature_group", DataType::Utf8, true),
        // The column of the group that did most; those below speak of it.
        field("feature", DataType::Utf8, true),
        // Of the whole group, in log-odds: a customer's rows add up to its score.
        field("contribution", DataType::Float64, false),
        field("value", DataType::Utf8, true),
        field("typical", DataType::Utf8, true),
        field("text", DataType::Utf8, false),
        field("text_zh", DataType::Utf8, false),
    ]))
}

impl Reasons<'_> {
    /// The texts of all rows.
    pub fn texts(&self) -> Result<Texts> {
        let pieces = by_pieces(self.contributions.base.len(), PIECE, |rows| self.texts_of(rows));
        let whole = |place: usize| -> Result<StringArray> {
            let parts: Vec<&dyn Array> = pieces.iter().map(|piece| &piece[place] as &dyn Array).collect();
            Ok(concat(&parts).map_err(unwritable)?.as_string::<i32>().clone())
        };
        Ok(Texts { raising: whole(0)?, raising_zh: whole(1)?, lowering: whole(2)?, lowering_zh: whole(3)? })
    }

    fn texts_of(&self, rows: Range<usize>) -> [StringArray; 4] {
        let mut texts = [(); 4].map(|()| StringBuilder::with_capacity(rows.len(), 96 * rows.len()));
        let mut found = RowReasons::default();
        let (mut value, mut text) = (String::new(), String::new());
        for row in rows {
            self.find(row, &mut found);
            for (direction, reasons) in [&found.raising, &found.lowering].into_iter().enumerate() {
                let texts = &mut texts[2 * direction..][..2];
                for (place, reason) in reasons.iter().take(IN_TEXT[direction]).enumerate() {
                    let column = self.strongest_column(row, *reason);
                    for language in Language::ALL {
                        self.word(row, column, language, &mut value, &mut text);
                        text.push_str(language.of(" ", ""));
                        push_signed(&mut text, reason.contribution);
                        let between = if place == 0 { "" } else { language.of("; ", "；") };
                        // Writing to memory does not fail.
                        let _ = texts[language as usize].write_str(between);
                        let _ = texts[language as usize].write_str(&text);
                    }
                }
                for text in texts {
                    if reasons.is_empty() { text.append_null() } else { text.append_value("") }
                }
            }
        }
        texts.map(|mut texts| texts.finish())
    }

    /// The table of reasons, in several pieces: for each customer up to three reasons that raise and three that lower,
    /// all others together, and the base; `contribution` adds up to the customer's log-odds.
    ///
    /// `features`: those that the reasons were made from, with `customer_id`.
    pub fn table(&self, features: &RecordBatch) -> Result<Vec<RecordBatch>> {
        let ids = customer_ids(features)?;
        by_pieces(self.contributions.base.len(), PIECE, |rows| self.table_of(rows, &ids))
            .into_iter()
            .collect()
    }

    fn table_of(&self, rows: Range<usize>, ids: &StringArray) -> Result<RecordBatch> {
        let mut table = Table::default();
        let mut found = RowReasons::default();
        for row in rows {
            self.find(row, &mut found);
            let id = ids.value(row);
            let mut rank = 0;
            for reason in found.ranked() {
                rank += 1;
                self.push(&mut table, id, rank, row, reason);
            }
            let others = ("Everything else together", "其余因素合计");
            table.push_sum(id, rank + 1, "others", found.others, others);
            let base = ("Where the score starts, before any reason", "起点（尚未计入任何因素）");
            table.push_sum(id, rank + 2, "base", self.contributions.base[row], base);
        }
        table.finish().map_err(unwritable)
    }

    fn push(&self, table: &mut Table, id: &str, rank: i64, row: usize, reason: Reason) {
        let column = self.strongest_column(row, reason);
        let effect = if reason.contribution > 0.0 { "raises" } else { "lowers" };
        table.push(id, rank, effect, reason.contribution);
        table.group.append_value(&self.groups[reason.group].name);
        table.feature.append_value(&self.contributions.columns[column]);
        table.typical.append_option(self.columns[column].phrase.typical(Language::English));
        let (mut value, mut text) =
            (std::mem::take(&mut table.scratch[0]), std::mem::take(&mut table.scratch[1]));
        self.word(row, column, Language::English, &mut value, &mut text);
        table.value.append_value(&value);
        table.text[0].append_value(&text);
        self.word(row, column, Language::Chinese, &mut value, &mut text);
        table.text[1].append_value(&text);
        table.scratch = [value, text];
    }
}

fn unwritable(error: ArrowError) -> Problem {
    Problem::failed(format!("the reasons cannot be written: {error}"))
}

/// The columns of [`reasons_schema`], as they grow.
#[derive(Default)]
struct Table {
    id: StringBuilder,
    rank: Int64Builder,
    effect: StringBuilder,
    group: StringBuilder,
    feature: StringBuilder,
    contribution: Float64Builder,
    value: StringBuilder,
    typical: StringBuilder,
    text: [StringBuilder; 2],
    scratch: [String; 2],
}

impl Table {
    fn push(&mut self, id: &str, rank: i64, effect: &str, contribution: f64) {
        self.id.append_value(id);
        self.rank.append_value(rank);
        self.effect.append_value(effect);
        self.contribution.append_value(contribution);
    }

    fn push_sum(&mut self, id: &str, rank: i64, effect: &str, contribution: f64, text: (&str, &str)) {
        self.push(id, rank, effect, contribution);
        for nothing in [&mut self.group, &mut self.feature, &mut self.value, &mut self.typical] {
            nothing.append_null();
        }
        self.text[0].append_value(text.0);
        self.text[1].append_value(text.1);
    }

    fn finish(mut self) -> std::result::Result<RecordBatch, ArrowError> {
        let [mut text, mut text_zh] = self.text;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.id.finish()),
            Arc::new(self.rank.finish()),
            Arc::new(self.effect.finish()),
            Arc::new(self.group.finish()),
            Arc::new(self.feature.finish()),
            Arc::new(self.contribution.finish()),
            Arc::new(self.value.finish()),
            Arc::new(self.typical.finish()),
            Arc::new(text.finish()),
            Arc::new(text_zh.finish()),
        ];
        RecordBatch::try_new(reasons_schema(), columns)
    }
}
