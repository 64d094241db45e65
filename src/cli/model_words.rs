//! Models' versions as people read them.

use std::fmt::Write;

use chrono::NaiveDate;

use super::show::{count, table};
use crate::{
    learn::metrics::Interval,
    run::models::{
        compare::{Compared, Comparison, Figure, Side},
        decide::Decided,
        registry::{Measured, ModelRow, VersionRow},
    },
    warehouse::Role,
};

/// Which version of each model scores, and what is to be said of it.
pub fn models(newest: Option<NaiveDate>, rows: &[ModelRow]) -> String {
    let cells = |row: &ModelRow| {
        vec![
            row.model.clone(),
            shown(&row.version),
            shown(&row.since),
            shown(&row.fitted_on),
            shown(&row.measured.estimator),
            auc(&row.measured),
            if row.held { "held".into() } else { "-".into() },
        ]
    };
    let heads = ["model", "scores", "since", "fitted on", "estimator", "AUC (95 %)", "held"];
    let mut out = newest.map_or(String::new(), |day| format!("Set of {day}\n\n"));
    out.push_str(&table(&heads, &rows.iter().map(cells).collect::<Vec<_>>()));
    let remarks: String = rows.iter().map(remarks).collect();
    if !remarks.is_empty() {
        let _ = write!(out, "\n{remarks}");
    }
    out
}

fn remarks(row: &ModelRow) -> String {
    let mut out = String::new();
    let model = &row.model;
    if row.version.is_none() {
        let _ = match &row.last_scored {
            Some((day, version)) => {
                writeln!(out, "{model}: no version scores in the newest set; {version} scored last, on {day}")
            }
            None => writeln!(out, "{model}: no version has scored yet"),
        };
    }
    if let (Some(challenger), Some(why)) = (&row.challenger, &row.not_promoted) {
        let _ = writeln!(out, "{model}: challenger {challenger} was not promoted: {why}");
    }
    if row.held {
        let version = shown(&row.version);
        let _ = writeln!(
            out,
            "{model}: held until one is promoted, such as by `luopan models promote {model} {version}`"
        );
    }
    for decision in &row.decided {
        let held = if decision.hold { ", held" } else { "" };
        let _ = writeln!(out, "{model}: as of {} version {} scores{held}", decision.as_of, decision.version);
    }
    out
}

/// Every version that is there.
pub fn versions(rows: &[VersionRow]) -> String {
    let role = |row: &VersionRow| match (row.is_there, row.role) {
        (false, _) => "gone".into(),
        (true, role) => in_set(role, row.in_set),
    };
    let cells = |row: &VersionRow| {
        vec![
            row.model.clone(),
            row.version.clone(),
            shown(&row.fitted_on),
            shown(&row.measured.estimator),
            auc(&row.measured),
            role(row),
        ]
    };
    let heads = ["model", "version", "fitted on", "estimator", "AUC (95 %)", "last"];
    table(&heads, &rows.iter().map(cells).collect::<Vec<_>>())
}

/// Two versions side by side, and what the difference is worth.
pub fn comparison(comparison: &Comparison) -> String {
    let Comparison { model, first, second, metrics, same_customers, on_the_same } = comparison;
    let both =
        |what: &str, of: &dyn Fn(&Side) -> String| vec![what.into(), of(first), of(second), String::new()];
    let mut rows = vec![
        both("last", &|side| in_set(side.role, side.in_set)),
        both("fitted on", &|side| shown(&side.fitted_on)),
        both("estimator", &|side| side.estimator.clone()),
        both("measured on", &|side| shown(&side.measured_on)),
        both("customers", &|side| count(side.customers)),
        both("events", &|side| count(side.events)),
    ];
    rows.extend(metrics.iter().map(compared));
    let mut out = table(&[model, &first.version, &second.version, "difference"], &rows);
    out.push_str(if *same_customers {
        "\nBoth were measured on the same day, on as many customers. An interval in brackets is that of one figure, not of \
         the difference.\n"
    } else {
        "\nThey were measured on different days or customers: the difference is no comparison on the same rows, and may \
         come from the customers as well as from the models.\n"
    });
    if let Some(found) = on_the_same {
        let _ = writeln!(out, "When {} was fitted: {found}.", second.version);
    }
    out
}

fn compared(row: &Compared) -> Vec<String> {
    let figure = |figure: &Figure| match (figure.value, figure.interval) {
        (Some(value), Some(i)) => format!("{value:.4} ({})", range(i, 4)),
        (Some(value), None) => format!("{value:.4}"),
        (None, _) => "-".into(),
    };
    let difference = row.difference.map_or("-".into(), |d| format!("{d:+.4}"));
    vec![row.metric.clone(), figure(&row.first), figure(&row.second), difference]
}

/// What will happen.
pub fn decided(decided: &Decided, pipeline: &str) -> String {
    let Decided { model, version, from, hold, scored, published, next_night, .. } = decided;
    let goes_on = scored.as_ref() == Some(version);
    let scores = if goes_on { "goes on scoring" } else { "scores" };
    let mut out = format!("As of {from} and later, version {version} of `{model}` {scores}");
    out.push_str(&match hold {
        true => format!(". It is held until you promote one: `luopan models promote {model} VERSION`\n"),
        false => ", until a later fit passes its gates against it.\n".to_owned(),
    });
    if let (Some(first), Some(last)) = (published.first(), published.last()) {
        let named = if pipeline == "nightly" { String::new() } else { format!("{pipeline} ") };
        let later = match published.len() {
            1 => String::new(),
            _ => format!(", and the published days after it (to {last}) in their order"),
        };
        let _ = writeln!(
            out,
            "What was published stays as it is. For {first} to be scored by it, run that day again{later}: `luopan run \
             {named}--as-of {first}`"
        );
        if let (false, Some(next)) = (*hold, next_night) {
            let _ = writeln!(out, "Unless you do, the version of the newest set goes on as of {next}.");
        }
    }
    out
}

fn in_set(role: Option<Role>, day: Option<NaiveDate>) -> String {
    let role = match role {
        Some(Role::Champion) => "champion",
        Some(Role::Challenger) => "challenger",
        None => return "-".into(),
    };
    day.map_or(role.into(), |day| format!("{role} {day}"))
}

fn auc(measured: &Measured) -> String {
    match (measured.roc_auc, measured.interval) {
        (Some(auc), Some(interval)) => format!("{auc:.3} ({})", range(interval, 3)),
        (Some(auc), None) => format!("{auc:.3}"),
        (None, _) => "-".into(),
    }
}

fn range(interval: Interval, digits: usize) -> String {
    format!("{:.digits$}-{:.digits$}", interval.low, interval.high)
}

fn shown(value: &Option<impl ToString>) -> String {
    value.as_ref().map_or("-".into(), ToString::to_string)
}
