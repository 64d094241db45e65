//! A model's card for people, in Markdown.

use std::fmt::Write;

use super::{Artifact, metrics::Interval};

/// Columns that are listed by what they carry.
const COLUMNS: usize = 15;

/// The card of `artifact`, whose version is `version`. `called`: what people call a column.
pub fn markdown(artifact: &Artifact, version: &str) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, artifact, version);
    text
}

fn write(to: &mut String, artifact: &Artifact, version: &str) -> std::fmt::Result {
    let Artifact { name, spec, card, .. } = artifact;
    writeln!(to, "# {name} {version}\n")?;
    writeln!(
        to,
        "Says how likely a customer has {}, within {} days. Every figure here was measured when it was fitted.\n",
        spec.event(),
        artifact.horizon_days
    )?;
    writeln!(to, "## Data\n")?;
    writeln!(
        to,
        "{} rows of `{}`, {} of them with {}, at the cutoffs {}.",
        artifact.rows,
        spec.features,
        artifact.events,
        spec.event(),
        artifact.training_cutoffs.iter().map(|d| d.to_string()).collect::<Vec<_>>().join(", ")
    )?;
    for note in &card.notes {
        writeln!(to, "- {note}")?;
    }
    writeln!(to, "\n## Estimator\n\n{}; calibration: {}.\n", card.estimator, card.calibration)?;
    if card.tried.len() > 1 {
        writeln!(
            to,
            "| tried | log-loss on rows not seen | worse than the best | ± |\n| --- | --- | --- | --- |"
        )?;
        for tried in &card.tried {
            let mark = if tried.chosen { " (taken)" } else { "" };
            writeln!(
                to,
                "| {}{mark} | {:.5} | {:.5} | {:.5} |",
                tried.estimator, tried.log_loss, tried.worse, tried.standard_error
            )?;
        }
        writeln!(to)?;
    }
    measured(to, artifact)?;
    tenths(to, artifact)?;
    segments(to, artifact)?;
    writeln!(to, "## What moves the scores\n\n| column | share |\n| --- | --- |")?;
    for (column, share) in card.importance.iter().take(COLUMNS) {
        writeln!(to, "| {column} | {:.1} % |", 100.0 * share)?;
    }
    limits(to, artifact)
}

fn measured(to: &mut String, artifact: &Artifact) -> std::fmt::Result {
    let Some(first) = artifact.card.metrics.first() else { return Ok(()) };
    let day = first.test_cutoff.map_or(String::new(), |day| format!(" at {day}"));
    writeln!(to, "## Measured{day}, on {} customers of whom {} had it\n", first.rows, first.events)?;
    writeln!(to, "| metric | value | 95 % interval | |\n| --- | --- | --- | --- |")?;
    for metric in &artifact.card.metrics {
        let value = metric.value.map_or("–".into(), |v| format!("{v:.4}"));
        writeln!(to, "| {} | {value} | {} | {} |", metric.metric, shown(metric.interval), metric.meaning)?;
    }
    writeln!(to)
}

fn shown(interval: Option<Interval>) -> String {
    interval.map_or("–".into(), |i| format!("{:.4} to {:.4}", i.low, i.high))
}

fn tenths(to: &mut String, artifact: &Artifact) -> std::fmt::Result {
    writeln!(to, "## Said and seen, in tenths by probability\n")?;
    writeln!(to, "| tenth | customers | said | seen | 95 % interval | lift | found so far |")?;
    writeln!(to, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for (place, bin) in artifact.card.tenths.iter().enumerate() {
        writeln!(
            to,
            "| {} | {} | {:.4} | {:.4} | {} | {} | {} |",
            place + 1,
            bin.rows,
            bin.mean_probability,
            bin.observed_rate,
            shown(Some(bin.observed)),
            bin.lift.map_or("–".into(), |lift| format!("{lift:.2}")),
            bin.gain.map_or("–".into(), |gain| format!("{:.0} %", 100.0 * gain))
        )?;
    }
    writeln!(to)
}

fn segments(to: &mut String, artifact: &Artifact) -> std::fmt::Result {
    if artifact.card.segments.is_empty() {
        return Ok(());
    }
    writeln!(to, "## By segment\n")?;
    writeln!(to, "| | | customers | expected | came | AUC | 95 % interval |")?;
    writeln!(to, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for segment in &artifact.card.segments {
        let auc = segment.roc_auc.map_or("–".into(), |auc| format!("{auc:.3}"));
        writeln!(
            to,
            "| {} | {} | {} | {:.1} | {} | {auc} | {} |",
            segment.column,
            segment.value,
            segment.rows,
            segment.expected_events,
            segment.events,
            shown(segment.interval)
        )?;
    }
    writeln!(to)
}

/// What the figures above do not show.
fn limits(to: &mut String, artifact: &Artifact) -> std::fmt::Result {
    writeln!(to, "\n## Limits\n")?;
    let events = artifact.card.metrics.first().map_or(0, |m| m.events);
    writeln!(to, "- Measured on {events} customers with {}: see the intervals.", artifact.spec.event())?;
    match artifact.card.uncertainty {
        Some(u) => match u.between_cutoffs {
            Some(variance) if variance > 0.0 => writeln!(
                to,
                "- From one cutoff to the next all probabilities were off together by about {:.0} % of their odds.",
                100.0 * (variance.sqrt().exp() - 1.0)
            )?,
            Some(_) => writeln!(to, "- Between cutoffs, the rate differed by no more than chance.")?,
            None => writeln!(
                to,
                "- With one cutoff to compare, a rate that changes with the season cannot be told."
            )?,
        },
        None => writeln!(to, "- Too few events to say how far off all probabilities may be together.")?,
    }
    if !artifact.measured_in_time() {
        writeln!(to, "- Measured on customers set aside at random, not on a later day.")?;
    }
    writeln!(to, "- A contribution says what the model goes by, not what causes it.")
}
