//! What is too little to learn from, in words: what was found, and what is needed.

use chrono::NaiveDate;

use super::{measure::Ground, rows::CutoffRows, spec::LearnedSpec};

/// Rows, and events among them.
pub fn count(rows: &[&CutoffRows]) -> (usize, usize) {
    let labels = || rows.iter().flat_map(|rows| rows.label.iter().flatten());
    (labels().count(), labels().filter(|v| **v > 0.0).count())
}

pub fn too_short(spec: &LearnedSpec, horizon_days: i64, days: &[NaiveDate]) -> String {
    let found = if days.is_empty() { "none is".into() } else { format!("there are {}", in_words(days)) };
    format!(
        "a cutoff with labels `{}` is needed to measure on, and an older one, by at least the horizon of {horizon_days} \
         days, to fit on; {found}",
        spec.label
    )
}

pub fn too_few(spec: &LearnedSpec, known: &[&CutoffRows]) -> Option<String> {
    let (rows, events) = count(known);
    // Two classes at least, whatever the spec asks for.
    let needed = spec.min_events.max(1);
    let mut days: Vec<NaiveDate> = known.iter().map(|rows| rows.cutoff).collect();
    days.dedup();
    (events.min(rows - events) < needed).then(|| {
        format!(
            "{events} customers with {} and {} without at {}; at least {needed} of each are needed (min_events)",
            spec.event(),
            rows - events,
            in_words(&days)
        )
    })
}

pub fn one_class(spec: &LearnedSpec, ground: &Ground) -> Option<String> {
    let day = ground.test_cutoff?;
    (ground.events == 0 || ground.events == ground.rows).then(|| {
        format!(
            "{} of {} customers at {day} have {}: the model cannot be measured there",
            ground.events,
            ground.rows,
            spec.event()
        )
    })
}

pub fn in_words(days: &[NaiveDate]) -> String {
    days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ")
}
