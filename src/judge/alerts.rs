//! Alerts as SQL: whom each speaks of today, with its figures.

use arrow::datatypes::DataType;
use indexmap::IndexMap;

use super::text;
use crate::{
    lake::as_of::quote,
    project::{
        alerts_toml::{Alert, AlertsSpec},
        column_note::{ColumnNote, Unit},
    },
};

/// One row per customer and alert that holds: severity, whose it is, evidence, what to do, and how long it had to hold.
///
/// `columns` are those that `from` declares: what a figure is decides how it is shown.
pub fn alerts_sql(name: &str, spec: &AlertsSpec, columns: &IndexMap<String, ColumnNote>) -> String {
    let raised: Vec<String> = spec
        .alerts
        .iter()
        .filter(|alert| alert.enabled)
        .map(|alert| one_sql(alert, &spec.from.0, columns))
        .collect();
    let none = || {
        let column = |c: &str| format!("CAST(NULL AS VARCHAR) AS {c}");
        let texts = [
            "alert",
            "severity",
            "owner_role",
            "evidence",
            "next_step",
            "next_step_zh",
            "description",
            "description_zh",
        ];
        let texts: Vec<String> = texts.into_iter().map(column).collect();
        format!(
            "SELECT customer_id, {}, 1 AS months\nFROM {}\nWHERE FALSE",
            texts.join(", "),
            quote(&spec.from.0)
        )
    };
    let body = if raised.is_empty() { none() } else { raised.join("\nUNION ALL\n") };
    format!("-- {name}: whom each alert speaks of today, from models/{name}.toml\n{body}\n")
}

fn one_sql(alert: &Alert, from: &str, columns: &IndexMap<String, ColumnNote>) -> String {
    let optional = |value: &Option<String>| value.as_deref().map_or("CAST(NULL AS VARCHAR)".to_owned(), text);
    let when = &alert.when.0;
    let from = quote(from);
    let before = match alert.months {
        1 => String::new(),
        months => format!(
            "\n  -- and at the end of each of the months before\n  AND customer_id IN (\n      SELECT customer_id FROM history.{from}\n      \
             WHERE months_ago < {months} AND ({when})\n      \
             GROUP BY customer_id HAVING count(DISTINCT months_ago) = {})",
            months - 1
        ),
    };
    format!(
        "SELECT customer_id, {name} AS alert, {severity} AS severity, {role} AS owner_role,\n    {evidence} AS evidence,\n    \
         {step} AS next_step, {step_zh} AS next_step_zh,\n    {description} AS description, {description_zh} AS description_zh,\n    \
         {months} AS months\nFROM {from}\nWHERE ({when}){before}",
        name = text(&alert.name),
        severity = severity_sql(alert),
        role = optional(&alert.owner_role),
        evidence = evidence_sql(alert, columns),
        step = optional(&alert.next_step),
        step_zh = optional(&alert.next_step_zh),
        description = text(&alert.description),
        description_zh = optional(&alert.description_zh),
        months = alert.months,
    )
}

fn severity_sql(alert: &Alert) -> String {
    let arms: String = alert
        .severity_when
        .iter()
        .map(|(severity, when, _)| format!(" WHEN {when} THEN {}", text(severity.name())))
        .collect();
    match arms.is_empty() {
        true => text(alert.severity.name()),
        false => format!("CASE{arms} ELSE {} END", text(alert.severity.name())),
    }
}

/// `name figure, name figure`: what is not known is said to be so.
fn evidence_sql(alert: &Alert, columns: &IndexMap<String, ColumnNote>) -> String {
    let one = |(column, _): &(String, std::ops::Range<usize>)| {
        let shown = figure_sql(column, columns.get(column));
        format!("concat({}, coalesce({shown}, 'unknown'))", text(&format!("{column} ")))
    };
    let figures: Vec<String> = alert.evidence.iter().map(one).collect();
    match figures.is_empty() {
        true => "CAST(NULL AS VARCHAR)".into(),
        false => format!("concat_ws(', ', {})", figures.join(", ")),
    }
}

fn figure_sql(column: &str, note: Option<&ColumnNote>) -> String {
    let name = quote(column);
    let double = note.and_then(|n| n.data_type.as_ref()) == Some(&DataType::Float64);
    if !double {
        return format!("CAST({name} AS VARCHAR)");
    }
    let (scaled, places, unit) = match note.and_then(|n| n.unit) {
        Some(Unit::Share | Unit::Change) => (format!("{name} * 100"), 1, " || ' %'"),
        _ => (name.clone(), 3, ""),
    };
    // No decimal holds what is infinite.
    format!(
        "CASE WHEN abs({name}) < 1e12 THEN CAST(CAST({scaled} AS DECIMAL(18, {places})) AS VARCHAR){unit} END"
    )
}
