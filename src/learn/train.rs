//! Training: choose, calibrate and fit on what was known earlier, measure on the holdout, then do the same on everything.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{
    artifact::{Artifact, SCHEMA_VERSION},
    calibrate::{self, Calibration},
    card::Card,
    drift::Population,
    estimator::candidates,
    folds::Parts,
    gather::TrainingRows,
    measure::{Ground, Holdout, Metric},
    model::{Model, fit_size},
    refusal::{count, in_words, one_class, too_few, too_short},
    rows::CutoffRows,
    select::{self, Fits, Tried, Unseen},
    sentence::Sentence,
    spec::{LearnedKind, LearnedSpec},
    typical::Typical,
    uncertainty::Uncertainty,
};
use crate::problem::{Problem, Result};

/// What came of a training.
#[derive(Clone, Debug)]
pub enum Outcome {
    Fitted(Box<Fitted>),
    /// There is no model, hence no probability.
    Refused {
        /// What was found and what was needed.
        reason: Sentence,
        /// Without values.
        metrics: Vec<Metric>,
    },
}

impl Outcome {
    pub fn fitted(&self) -> Option<&Fitted> {
        if let Self::Fitted(fitted) = self { Some(fitted) } else { None }
    }
}

#[derive(Clone, Debug)]
pub struct Fitted {
    /// Fitted on all labelled cutoffs, with the figures of its evaluation.
    pub artifact: Artifact,
    /// What it was evaluated on, by a model that had not seen it.
    pub holdout: Holdout,
    pub notes: Vec<String>,
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
    let labelled = labelled_rows(spec, cutoffs)?;
    let days: Vec<NaiveDate> = labelled.iter().map(|rows| rows.cutoff).collect();
    let parts = Parts::of(&labelled, spec, horizon_days)?;
    let all = parts.all();
    // In time the newest cutoff is measured on; without time, every part.
    let Some(newest) = parts.tests(&all, 1).last().copied() else {
        return refused(spec, &Ground::default(), too_short(spec, horizon_days, &days));
    };
    let tests = if parts.is_in_time() { vec![newest] } else { all.clone() };
    let known = parts.learnable(newest, &all);
    let ground = ground(&parts, &known, &tests);
    if let Some(reason) = too_few(spec, &parts.rows(&known)).or_else(|| one_class(spec, &ground)) {
        return refused(spec, &ground, reason);
    }
    let candidates = candidates(spec, count(&parts.rows(&known)).1);
    let mut fits = Fits::new(spec, &parts, &candidates);

    let mut holdout = Holdout::default();
    let mut measured = None;
    let mut measured_as = String::new();
    for test in tests {
        let learned = learn_from(&mut fits, &parts.learnable(test, &all))?;
        holdout.add(parts.part(test), &learned.model)?;
        measured_as = format!("{}; calibration: {}", learned.estimator(), learned.model.calibration.name());
        holdout.uncertainty = learned.uncertainty.filter(|_| parts.is_in_time());
        measured = parts.is_in_time().then_some(learned.model);
    }
    let Learned { model, tried, uncertainty, mut notes } = learn_from(&mut fits, &all)?;
    notes.insert(0, in_short(&parts, &ground, &days));
    notes.insert(1, format!("measured as {measured_as}"));

    let features = match labelled.last() {
        Some(newest) => newest.features()?,
        None => return Err(Problem::failed("no labelled cutoff")),
    };
    let card = Card::of(spec, &ground, &holdout, &model, &features, tried, uncertainty, &notes)?;
    let (row_count, events) = count(&parts.rows(&all));
    let probability = model.predict(&features)?.probability;
    let artifact = Artifact {
        schema_version: SCHEMA_VERSION,
        made_by: concat!("luopan ", env!("CARGO_PKG_VERSION")).into(),
        name: name.into(),
        spec: spec.clone(),
        horizon_days,
        training_cutoffs: if parts.is_in_time() { days } else { days.last().copied().into_iter().collect() },
        rows: row_count,
        events,
        population: Population::learn(&model.encoding, &features, &probability)?,
        typical: Typical::learn(&model.encoding, &features)?,
        model,
        measured,
        card,
    };
    Ok(Outcome::Fitted(Box::new(Fitted { artifact, holdout, notes })))
}

/// The rows that can be learned from, oldest first; days without any are left out.
pub(super) fn labelled_rows(spec: &LearnedSpec, cutoffs: &[CutoffRows]) -> Result<Vec<CutoffRows>> {
    let mut labelled = Vec::new();
    for rows in cutoffs {
        let rows = rows.labelled(spec.weight.as_deref())?;
        labelled.extend((!rows.label.is_empty()).then_some(rows));
    }
    labelled.sort_by_key(|rows| rows.cutoff);
    Ok(labelled)
}

/// What learning from some parts gives.
pub(super) struct Learned {
    pub model: Model,
    pub tried: Vec<Tried>,
    pub uncertainty: Option<Uncertainty>,
    pub notes: Vec<String>,
}

impl Learned {
    fn estimator(&self) -> &str {
        self.tried.iter().find(|tried| tried.chosen).map_or("", |tried| &tried.estimator)
    }
}

/// Chooses the estimator and calibrates on parts that the fits have not seen, and fits on all of `among`.
pub(super) fn learn_from(fits: &mut Fits, among: &[usize]) -> Result<Learned> {
    let spec = fits.spec;
    let tests = fits.parts.telling_tests(among, spec.folds);
    let everybody = fits.everybody();
    // One cutoff alone cannot tell a level that is off from a season, and none says nothing: customers set aside, at all
    // cutoffs, are the next best.
    let in_time = fits.parts.is_in_time() && tests.len() > 1;
    let by_customer = fits.parts.is_in_time() && !in_time;
    let aside = |candidates: &[usize]| {
        let parts = Parts::by_customer(fits.parts.rows(among).into_iter(), 5, spec.seed)?;
        let all = parts.all();
        Fits::new(spec, &parts, fits.candidates).unseen(&all, &all, candidates)
    };
    let mut tried_on = match by_customer && tests.is_empty() {
        true => aside(&everybody)?,
        false => fits.unseen(among, &tests, &everybody)?,
    };
    let (chosen, tried) = select::choose(fits.candidates, &tried_on);
    // Only who was chosen is calibrated.
    let unseen = match by_customer && !tests.is_empty() {
        true => aside(&[chosen])?.swap_remove(0),
        false => tried_on.swap_remove(chosen),
    };
    let calibration = calibrate::choose(spec.calibration, &unseen);
    // From one cutoff nobody can tell how far all probabilities are off from one to the next: no interval is made up.
    let uncertainty = uncertainty(&unseen, &calibration, in_time).filter(|_| !by_customer);
    let fit = fits.on(among, &[chosen])?.remove(0);
    let mut notes = fit.notes;
    let size = match spec.kind {
        LearnedKind::Probability => None,
        LearnedKind::Amount => {
            let rows = TrainingRows::gather(&fits.parts.rows(among), spec)?;
            let (size, note) = fit_size(&fit.encoding, &rows, spec)?;
            notes.extend(note);
            Some(size)
        }
    };
    let model = Model { encoding: fit.encoding, scorer: fit.scorer, calibration, size };
    Ok(Learned { model, tried, uncertainty, notes })
}

fn uncertainty(unseen: &Unseen, calibration: &Calibration, in_time: bool) -> Option<Uncertainty> {
    let log_odds: Vec<f64> = unseen.log_odds.iter().map(|score| calibration.log_odds(*score)).collect();
    Uncertainty::of(&log_odds, &unseen.events, &unseen.parts, in_time)
}

fn check(spec: &LearnedSpec, horizon_days: i64, cutoffs: &[CutoffRows]) -> Result<()> {
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

fn refused(spec: &LearnedSpec, ground: &Ground, reason: Sentence) -> Result<Outcome> {
    Ok(Outcome::Refused { metrics: ground.unmeasured(spec, &reason), reason })
}

pub(super) fn ground(parts: &Parts, known: &[usize], tests: &[usize]) -> Ground {
    let mut train_cutoffs: Vec<NaiveDate> = parts.rows(known).iter().map(|rows| rows.cutoff).collect();
    train_cutoffs.dedup();
    let tested = parts.rows(tests);
    let (rows, events) = count(&tested);
    Ground { train_cutoffs, test_cutoff: tested.last().map(|rows| rows.cutoff), rows, events }
}

fn in_short(parts: &Parts, ground: &Ground, days: &[NaiveDate]) -> String {
    let newest = ground.test_cutoff.map_or(String::new(), |day| day.to_string());
    if !parts.is_in_time() {
        return format!(
            "measured on {} parts of {newest}, each by a fit on the others; then chosen and fitted again on all",
            parts.all().len()
        );
    }
    format!(
        "measured on {newest} after choosing and fitting on {}; then the same on all {} cutoffs to {newest}",
        in_words(&ground.train_cutoffs),
        days.len()
    )
}
