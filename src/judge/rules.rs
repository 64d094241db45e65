//! Rules as SQL: the first that holds decides, and all that hold are kept for whoever asks why.

use super::{number, text};
use crate::{
    lake::as_of::quote,
    project::rules_toml::{OTHERWISE, RulesSpec, Then, ThenType},
};

/// One row per customer of `from`: the rule that decides, the names of all that hold, and what the rule gives.
///
/// A rule of which it is not known whether it holds does not.
pub fn rules_sql(spec: &RulesSpec) -> String {
    let held: Vec<String> = spec
        .rules
        .iter()
        .map(|rule| format!("CASE WHEN {} THEN {} END", rule.when.0, text(&rule.name)))
        .collect();
    let otherwise = match spec.otherwise {
        Some(_) => text(OTHERWISE),
        None => "NULL".into(),
    };
    let columns: String = spec.columns.iter().map(|(column, kind)| column_sql(spec, column, *kind)).collect();
    format!(
        "-- rule: the first that holds; rules_held: all that hold, in order of precedence\n\
         WITH held AS (\n    SELECT customer_id,\n        {rules},\n        \
         NULLIF(concat_ws(',',\n            {names}), '') AS rules_held\n    FROM {from}\n)\n\
         SELECT customer_id, rule, rules_held{columns}\nFROM held\n",
        rules = format_args!(
            "coalesce(\n            {},\n            {otherwise}) AS rule",
            held.join(",\n            ")
        ),
        names = held.join(",\n            "),
        from = quote(&spec.from),
    )
}

fn column_sql(spec: &RulesSpec, column: &str, kind: ThenType) -> String {
    let rules = spec.rules.iter().map(|rule| (rule.name.as_str(), &rule.then));
    let otherwise = spec.otherwise.iter().map(|then| (OTHERWISE, then));
    let arms: String = rules
        .chain(otherwise)
        .filter_map(|(name, then)| Some((name, then.get(column)?)))
        .map(|(name, value)| format!("\n        WHEN {} THEN {}", text(name), value_sql(value, kind)))
        .collect();
    let sql_type = match kind {
        ThenType::Text => "VARCHAR",
        ThenType::Int => "BIGINT",
        ThenType::Double => "DOUBLE",
        ThenType::Bool => "BOOLEAN",
    };
    format!(",\n    CAST(CASE rule{arms} END AS {sql_type}) AS {}", quote(column))
}

fn value_sql(value: &Then, kind: ThenType) -> String {
    match value {
        Then::Text(value) => text(value),
        Then::Int(value) if kind == ThenType::Double => number(*value as f64),
        Then::Int(value) => value.to_string(),
        Then::Double(value) => number(*value),
        Then::Bool(value) => value.to_string().to_uppercase(),
    }
}
