//! An alert's figures as a sentence, in SQL: `Competitor: Kestrel ERP; named on 2026-03-18; won: no`.

use std::ops::Range;

use arrow::datatypes::DataType;
use indexmap::IndexMap;

use super::text;
use crate::{
    lake::as_of::quote,
    project::column_note::{ColumnNote, Unit},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    fn of<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// SQL for the figures of columns, each behind what it is called; what is not known is said to be so.
pub fn evidence_sql(
    evidence: &[(String, Range<usize>)],
    columns: &IndexMap<String, ColumnNote>,
    language: Language,
) -> String {
    let figures: Vec<String> = evidence
        .iter()
        .enumerate()
        .map(|(place, (column, _))| one_sql(column, columns.get(column), place == 0, language))
        .collect();
    match figures.is_empty() {
        true => "CAST(NULL AS VARCHAR)".into(),
        false => format!("concat_ws({}, {})", text(language.of("; ", "；")), figures.join(", ")),
    }
}

fn one_sql(column: &str, note: Option<&ColumnNote>, is_first: bool, language: Language) -> String {
    let said = |said: fn(&ColumnNote) -> &Option<String>| note.and_then(|note| said(note).as_deref());
    let english = [said(|n| &n.phrase), said(|n| &n.description)];
    let chinese = [said(|n| &n.phrase_zh), said(|n| &n.description_zh)];
    let [phrase, description] = language.of(english, chinese);
    let called = phrase.or(description).or(english[0]).or(english[1]);
    let called = match called {
        Some(called) if is_first => capitalised(called),
        // A column's name stays as it is written.
        called => called.unwrap_or(column).to_owned(),
    };
    let is_day = note.and_then(|n| n.data_type.as_ref()) == Some(&DataType::Date32);
    let moves = matches!(note.and_then(|n| n.unit), Some(Unit::Change | Unit::Difference));
    let colon = language.of(": ", "：");
    let before = match phrase.is_some() && (moves || (is_day && language == Language::English)) {
        true => language.of(" ", ""),
        false => colon,
    };
    format!(
        "coalesce({} || {}, {})",
        text(&format!("{called}{before}")),
        figure_sql(column, note, language),
        text(&format!("{called}{colon}{}", language.of("unknown", "未知")))
    )
}

fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A column's value in words; null where it is not known.
fn figure_sql(column: &str, note: Option<&ColumnNote>, language: Language) -> String {
    let name = quote(column);
    let kind = note.and_then(|n| n.data_type.as_ref());
    let (yes, no) = language.of(("'yes'", "'no'"), ("'是'", "'否'"));
    let unit = match (kind, note.and_then(|n| n.unit)) {
        (Some(DataType::Boolean), _) => {
            return format!("CASE WHEN {name} THEN {yes} WHEN NOT {name} THEN {no} END");
        }
        (_, unit) => unit,
    };
    let per_cent = text(language.of(" %", "%"));
    let shown = match unit {
        None | Some(Unit::Text) => match kind {
            Some(DataType::Float64) => rounded(&name, 3),
            _ => return format!("CAST({name} AS VARCHAR)"),
        },
        Some(Unit::Flag) => return format!("CASE WHEN {name} <> 0 THEN {yes} WHEN {name} = 0 THEN {no} END"),
        Some(Unit::Number) => figure(&name, kind),
        Some(Unit::Share) => format!("{} || {per_cent}", rounded(&format!("{name} * 100"), 1)),
        Some(Unit::Change) => {
            let size = format!("{} || {per_cent}", rounded(&format!("abs({name}) * 100"), 1));
            // Half of what would be shown.
            moved(&name, "0.0005", &size, language.of(["fell ", "rose "], ["下降 ", "上升 "]), language)
        }
        Some(Unit::Difference) => {
            let size = figure(&format!("abs({name})"), kind);
            moved(&name, "0.05", &size, language.of(["fell by ", "rose by "], ["减少 ", "增加 "]), language)
        }
        Some(Unit::Hours) => counted(&name, kind, language.of("hour", "小时"), language),
        Some(Unit::Days) => counted(&name, kind, language.of("day", "天"), language),
        Some(Unit::Months) => counted(&name, kind, language.of("month", "个月"), language),
        Some(Unit::Money) => money(&name, language),
    };
    match kind {
        // No decimal holds what is infinite.
        Some(DataType::Float64) => format!("CASE WHEN abs({name}) < 1e12 THEN {shown} END"),
        _ => shown,
    }
}

fn rounded(sql: &str, places: u8) -> String {
    format!("CAST(CAST({sql} AS DECIMAL(18, {places})) AS VARCHAR)")
}

/// Whole numbers as they stand, others to one place.
fn figure(sql: &str, kind: Option<&DataType>) -> String {
    match kind {
        Some(DataType::Float64 | DataType::Decimal128(..)) => rounded(sql, 1),
        _ => format!("CAST({sql} AS VARCHAR)"),
    }
}

fn moved(name: &str, least: &str, size: &str, [fell, rose]: [&str; 2], language: Language) -> String {
    format!(
        "CASE WHEN abs({name}) < {least} THEN {} WHEN {name} < 0 THEN {} || {size} ELSE {} || {size} END",
        text(language.of("unchanged", "持平")),
        text(fell),
        text(rose)
    )
}

fn counted(name: &str, kind: Option<&DataType>, what: &str, language: Language) -> String {
    let shown = figure(name, kind);
    match language {
        Language::English => format!("{shown} || CASE {name} WHEN 1 THEN ' {what}' ELSE ' {what}s' END"),
        Language::Chinese => format!("{shown} || ' {what}'"),
    }
}

/// Whole, with commas; Chinese counts in 万 (10,000) and 亿 (100,000,000).
fn money(name: &str, language: Language) -> String {
    match language {
        // From the right, a comma after each three digits; then none before the first.
        Language::English => format!(
            "replace(ltrim(reverse(regexp_replace(reverse({}), '([0-9]{{3}})', '\\1,', 'g')), ','), '-,', '-')",
            rounded(name, 0)
        ),
        Language::Chinese => format!(
            "CASE WHEN abs({name}) >= 100000000 THEN {} || ' 亿' WHEN abs({name}) >= 10000 THEN {} || ' 万' ELSE {} END",
            rounded(&format!("{name} / 100000000"), 2),
            rounded(&format!("{name} / 10000"), 1),
            rounded(name, 0)
        ),
    }
}
