//! Training: fit on older cutoffs, measure on the newest, then fit again on all of them.

#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};

use super::{
    artifact::{Artifact, SCHEMA_VERSION},
    measure::{Ground, Metric},
    model::Model,
    rows::{CutoffRows, TrainingRows},
    spec::LearnedSpec,
};
use crate::problem::{Problem, Result};

/// What came of a training.
#[derive(Clone, Debug)]
pub enum Outcome {
    Fitted(Box<Fitted>),
    /// There is no model, hence no probability.
    Refused {
        /// What was found and what was needed.
        reason: String,
        /// Without values.
        metrics: Vec<Metric>,
    },
}

#[derive(Clone, Debug)]
pub struct Fitted {
    /// Fitted on all labelled cutoffs.
    pub artifact: Artifact,
    /// Of the same settings fitted on the older cutoffs, measured on the newest.
    pub metrics: Vec<Metric>,
    pub notes: Vec<String>,
}

/// The cutoff to measure on, and those to fit on for it, as places in a list of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub train: Vec<usize>,
    pub test: usize,
}

impl Split {
    /// The newest day, and the days whose labels were known by then: `day + horizon <= newest`. A model of that day
    /// could not have learned from any other. None when there is no such day.
    pub fn newest(days: &[NaiveDate], horizon_days: i64) -> Option<Self> {
        let test = (0..days.len()).max_by_key(|place| days[*place])?;
        let horizon = Days::new(u64::try_from(horizon_days).ok()?);
        let known =
            |place: &usize| days[*place].checked_add_days(horizon).is_some_and(|end| end <= days[test]);
        let train: Vec<usize> = (0..days.len()).filter(|place| *place != test).filter(known).collect();
        (!train.is_empty()).then_some(Self { train, test })
    }
}

/// Learns `spec.label` from `cutoffs` (any order; days without a label are ignored), as the model `name`.
///
/// Refuses, rather than fails, when the rows are too few or of too little variety for an honest model. Fails on labels
/// or features that are not what they should be.
pub fn train(name: &str, spec: &LearnedSpec, horizon_days: i64, cutoffs: &[CutoffRows]) -> Result<Outcome> {
    learn(spec, name, horizon_days, cutoffs).map_err(|problem| problem.while_doing(format!("model `{name}`")))
}

fn learn(spec: &LearnedSpec, name: &str, horizon_days: i64, cutoffs: &[CutoffRows]) -> Result<Outcome> {
    check(spec, horizon_days, cutoffs)?;
    let mut labelled: Vec<&CutoffRows> =
        cutoffs.iter().filter(|c| c.label.iter().any(Option::is_some)).collect();
    labelled.sort_by_key(|rows| rows.cutoff);
    let days: Vec<NaiveDate> = labelled.iter().map(|rows| rows.cutoff).collect();
    let refused = |ground: &Ground, reason: String| {
        Ok(Outcome::Refused { metrics: ground.unmeasured(spec, &reason), reason })
    };

    let Some(split) = Split::newest(&days, horizon_days) else {
        return refused(&Ground::default(), too_short(spec, horizon_days, &days));
    };
    let test = labelled[split.test].labelled()?;
    let label: Vec<f64> = test.label.iter().flatten().copied().collect();
    let ground = Ground {
        train_cutoffs: split.train.iter().map(|place| days[*place]).collect(),
        test_cutoff: Some(days[split.test]),
        rows: label.len(),
        events: label.iter().filter(|v| **v > 0.0).count(),
    };
    let older: Vec<&CutoffRows> = split.train.iter().map(|place| labelled[*place]).collect();
    if let Some(reason) = too_few(spec, &older).or_else(|| one_class(spec, &ground)) {
        return refused(&ground, reason);
    }

    let (evaluated, _) = Model::fit(&TrainingRows::gather(&older, spec)?, spec)?;
    let metrics = ground.measure(spec, &evaluated.predict(&test.features)?, &label);

    let rows = TrainingRows::gather(&labelled, spec)?;
    let (model, mut notes) = Model::fit(&rows, spec)?;
    notes.insert(
        0,
        format!(
            "measured on {} after fitting on {}; then fitted with the same settings on all {} cutoffs to {}",
            days[split.test],
            in_words(&ground.train_cutoffs),
            days.len(),
            days[split.test]
        ),
    );
    let artifact = Artifact {
        schema_version: SCHEMA_VERSION,
        name: name.into(),
        spec: spec.clone(),
        horizon_days,
        training_cutoffs: days,
        rows: rows.label.len(),
        events: rows.event_count(),
        model,
    };
    Ok(Outcome::Fitted(Box::new(Fitted { artifact, metrics, notes })))
}

fn check(spec: &LearnedSpec, horizon_days: i64, cutoffs: &[CutoffRows]) -> Result<()> {
    if !(spec.penalty.is_finite() && spec.penalty > 0.0) {
        return Err(Problem::setup(format!("`penalty` is {}; it must be above 0", spec.penalty)));
    }
    if horizon_days < 1 {
        return Err(Problem::setup(format!("the horizon of `{}` is {horizon_days} days", spec.label)));
    }
    for (place, rows) in cutoffs.iter().enumerate() {
        rows.check(spec)?;
        if cutoffs[..place].iter().any(|other| other.cutoff == rows.cutoff) {
            return Err(Problem::failed(format!("cutoff {} is given twice", rows.cutoff)));
        }
    }
    Ok(())
}

fn too_short(spec: &LearnedSpec, horizon_days: i64, days: &[NaiveDate]) -> String {
    let found = if days.is_empty() { "none is".into() } else { format!("there are {}", in_words(days)) };
    format!(
        "a cutoff with labels `{}` is needed to measure on, and an older one, by at least the horizon of {horizon_days} \
         days, to fit on; {found}",
        spec.label
    )
}

fn too_few(spec: &LearnedSpec, older: &[&CutoffRows]) -> Option<String> {
    let labels = || older.iter().flat_map(|rows| rows.label.iter().flatten());
    let rows = labels().count();
    let events = labels().filter(|v| **v > 0.0).count();
    // Two classes at least, whatever the spec asks for.
    let needed = spec.min_events.max(1);
    (events.min(rows - events) < needed).then(|| {
        format!(
            "{events} customers with {} and {} without at {}; at least {needed} of each are needed (min_events)",
            spec.event(),
            rows - events,
            in_words(&older.iter().map(|rows| rows.cutoff).collect::<Vec<_>>())
        )
    })
}

fn one_class(spec: &LearnedSpec, ground: &Ground) -> Option<String> {
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

fn in_words(days: &[NaiveDate]) -> String {
    days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ")
}
