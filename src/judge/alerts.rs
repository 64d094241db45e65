//! Alerts as SQL: whom each speaks of today, with its figures.

use indexmap::IndexMap;

use super::{
    evidence::{Language, evidence_sql},
    text,
};
use crate::{
    lake::as_of::quote,
    project::{
        alerts_toml::{Alert, AlertsSpec},
        column_note::ColumnNote,
    },
};

/// One row per customer and alert that holds, or of which nobody can tell: `holds` (null: not known), severity, whose it is,
/// evidence, what to do, and how many months it has to hold.
///
/// `columns` are those that `from` declares: they say what a figure is called and how it is shown.
pub fn alerts_sql(name: &str, spec: &AlertsSpec, columns: &IndexMap<String, ColumnNote>) -> String {
    let raised: Vec<String> = spec
        .alerts
        .iter()
        .filter(|alert| alert.enabled)
        .map(|alert| one_sql(alert, &spec.from.0, columns))
        .collect();
    let none = || {
        let texts = TEXTS.map(|c| format!("CAST(NULL AS VARCHAR) AS {c}")).join(", ");
        let from = quote(&spec.from.0);
        format!(
            "SELECT customer_id, {texts}, CAST(NULL AS BOOLEAN) AS holds, 1 AS months\nFROM {from}\nWHERE FALSE"
        )
    };
    let body = if raised.is_empty() { none() } else { raised.join("\nUNION ALL\n") };
    format!(
        "-- {name}: whom each alert speaks of today, from models/{name}.toml; holds is null where nobody can tell\n{body}\n"
    )
}

const TEXTS: [&str; 9] = [
    "alert",
    "severity",
    "owner_role",
    "evidence",
    "evidence_zh",
    "next_step",
    "next_step_zh",
    "description",
    "description_zh",
];

fn one_sql(alert: &Alert, from: &str, columns: &IndexMap<String, ColumnNote>) -> String {
    let optional = |value: &Option<String>| value.as_deref().map_or("CAST(NULL AS VARCHAR)".to_owned(), text);
    let texts = [
        text(&alert.name),
        severity_sql(alert),
        optional(&alert.owner_role),
        evidence_sql(&alert.evidence, columns, Language::English),
        evidence_sql(&alert.evidence, columns, Language::Chinese),
        optional(&alert.next_step),
        optional(&alert.next_step_zh),
        text(&alert.description),
        optional(&alert.description_zh),
    ];
    // Of those of whom nobody can tell the name is enough.
    let told = |(sql, name): (&String, &str)| match name {
        "alert" => format!("{sql} AS {name}"),
        _ => format!("CASE WHEN holds THEN {sql} END AS {name}"),
    };
    let texts: Vec<String> = texts.iter().zip(TEXTS).map(told).collect();
    format!(
        "SELECT customer_id, {},\n    holds, {} AS months\nFROM ({}\n) AS asked\nWHERE holds IS NOT FALSE",
        texts.join(",\n    "),
        alert.months,
        asked_sql(alert, &quote(from))
    )
}

/// The customers with whether an alert holds for them. Over several months nobody can tell where a month's set is missing, or
/// did not know; but one month in which it did not hold is enough to know.
fn asked_sql(alert: &Alert, from: &str) -> String {
    let (when, before) = (&alert.when.0, alert.months - 1);
    if before == 0 {
        return format!("\n    SELECT *, ({when}) AS holds\n    FROM {from}");
    }
    format!(
        "\n    SELECT {from}.*,\n        CASE WHEN ({when}) IS FALSE\n                  \
         -- a set of these months in which it did not hold\n                  \
         OR coalesce(months_held, 0) + coalesce(months_unknown, 0) < sets.months THEN FALSE\n             \
         WHEN months_held = {before} THEN ({when}) END AS holds\n    FROM {from}\n    \
         CROSS JOIN (SELECT count(DISTINCT months_ago) AS months FROM history.{from} WHERE months_ago <= {before}) AS sets\n    \
         LEFT JOIN (\n        SELECT customer_id AS past_customer_id,\n            \
         count(*) FILTER (WHERE {when}) AS months_held,\n            \
         count(*) FILTER (WHERE ({when}) IS NULL) AS months_unknown\n        FROM history.{from}\n        \
         WHERE months_ago <= {before}\n        GROUP BY customer_id\n    ) AS past ON past.past_customer_id = {from}.customer_id"
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
