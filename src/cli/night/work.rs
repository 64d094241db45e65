//! What is to be done.

use super::{
    super::show::{count, money},
    lines::{WIDTH, clean, cut, width},
};
use crate::run::summary::{Severity, Summary};

/// How many calls, and what they are good for.
pub fn calls(summary: &Summary) -> Vec<String> {
    let Some(calls) = &summary.calls else { return Vec::new() };
    if calls.fit == 0 {
        return vec!["nobody to be called this week".into()];
    }
    let mut pieces = vec![format!("{} this week", count(calls.fit))];
    if let Some(kept) = calls.expected_kept {
        pieces.push(format!("are expected to keep {} after their cost", money(kept)));
    }
    match calls.left_over {
        0 => {}
        1 => pieces.push("(1 more does not fit in)".into()),
        more => pieces.push(format!("({} more do not fit in)", count(more))),
    }
    if let Some(last) = pieces.last_mut() {
        last.push_str("; first:");
    }
    pieces
}

/// The first of them by name, and what each is good for. Names give way where the line is too short for them.
pub fn first_calls(summary: &Summary) -> String {
    let first = summary.calls.iter().flat_map(|calls| &calls.first).map(|call| {
        let name = clean(call.customer_name.as_deref().unwrap_or(&call.customer_id));
        (name, call.expected_kept.map_or_else(String::new, |kept| format!(" ({})", money(kept))))
    });
    let first: Vec<(String, String)> = first.collect();
    let told = |most: usize| {
        let told: Vec<String> = first.iter().map(|(name, kept)| cut(name, most) + kept).collect();
        told.join(", ")
    };
    let fits = |most: &usize| width(&told(*most)) <= WIDTH;
    told((SHORTEST..=WIDTH).rev().find(fits).unwrap_or(SHORTEST))
}

/// Columns that a name has at least.
const SHORTEST: usize = 8;

/// What was raised tonight, and what is open.
pub fn alerts(summary: &Summary) -> Vec<String> {
    let open: i64 = summary.alerts.iter().map(|(_, n)| n).sum();
    let new: i64 = summary.severities.iter().map(|s| s.new).sum();
    let by_severity = |of: fn(&Severity) -> i64| {
        let told = summary.severities.iter().filter(|s| of(s) > 0);
        let told: Vec<String> = told.map(|s| format!("{} {}", count(of(s)), s.severity)).collect();
        if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) }
    };
    let all_open = format!("{} open{}", count(open), by_severity(|s| s.open));
    match (summary.severities.is_empty(), summary.previous, new) {
        (true, ..) if summary.alerts.is_empty() => Vec::new(),
        // On a first night all are new.
        (true, ..) | (_, None, _) => vec![all_open],
        (_, Some(_), 0) => vec!["none new;".into(), all_open],
        _ => vec![
            format!("{} new{};", count(new), by_severity(|s| s.new)),
            format!("{} open in all", count(open)),
        ],
    }
}

/// Whether the data and the tables made of it are as they should be.
pub fn data(summary: &Summary) -> String {
    let mut pieces = Vec::new();
    if let Some(sources) = &summary.sources {
        let bad: Vec<String> = summary
            .findings
            .iter()
            .filter(|f| f.status != "ok")
            .map(|f| format!("{} ({})", f.source, f.status))
            .collect();
        pieces.push(match (bad.is_empty(), sources.with_remarks) {
            (false, _) => format!("look at {}", some_of(&bad, 2)),
            (true, 0) => format!("{} sources, nothing to remark", count(sources.all)),
            (true, some) => format!("{} of {} sources with remarks", count(some), count(sources.all)),
        });
    }
    pieces.extend(match (summary.audits.checked, summary.audits.warned) {
        (0, _) => None,
        (all, 0) => Some(format!("{all} audits passed")),
        (all, 1) => Some(format!("1 of {all} audits warns")),
        (all, warned) => Some(format!("{warned} of {all} audits warn")),
    });
    match summary.warnings.len() {
        0 => {}
        1 => pieces.push("1 warning".into()),
        n => pieces.push(format!("{n} warnings")),
    }
    pieces.join("; ")
}

/// The first of these names.
fn some_of(names: &[String], most: usize) -> String {
    let shown = names[..names.len().min(most)].join(", ");
    if names.len() > most { format!("{shown} and {} more", names.len() - most) } else { shown }
}
