//! The rolling-origin backtest: the whole of learning (choice, calibration, fit) as it would have been done on past days, and
//! what came of it.

use chrono::NaiveDate;

use super::{
    estimator::candidates,
    folds::Parts,
    measure::{Ground, Holdout, Metric},
    refusal::{count, too_few},
    rows::CutoffRows,
    select::{Fits, Tried},
    spec::LearnedSpec,
    train::{ground, labelled_rows, learn_from},
};
use crate::problem::Result;

/// One test.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The day, or, without time, the part from 0.
    pub name: String,
    pub cutoff: NaiveDate,
    pub tried: Vec<Tried>,
    pub calibration: &'static str,
    pub metrics: Vec<Metric>,
    pub holdout: Holdout,
}

/// Tests on the newest `tests` cutoffs (without time: on every part), oldest first; each by a fit on what was known then.
/// Tests for which there was too little to learn from are left out.
pub fn backtest(
    spec: &LearnedSpec,
    horizon_days: i64,
    cutoffs: &[CutoffRows],
    tests: usize,
) -> Result<Vec<Tested>> {
    let labelled = labelled_rows(spec, cutoffs)?;
    let parts = Parts::of(&labelled, spec, horizon_days)?;
    let all = parts.all();
    let mut found = Vec::new();
    for test in parts.tests(&all, tests) {
        let known = parts.learnable(test, &all);
        let of_test = ground(&parts, &known, &[test]);
        let one_class = of_test.events == 0 || of_test.events == of_test.rows;
        if one_class || too_few(spec, &parts.rows(&known)).is_some() {
            continue;
        }
        let candidates = candidates(spec, count(&parts.rows(&known)).1);
        let learned = learn_from(&mut Fits::new(spec, &parts, &candidates), &known)?;
        let mut holdout = Holdout::default();
        holdout.add(parts.part(test), &learned.model)?;
        let cutoff = of_test.test_cutoff.unwrap_or_default();
        found.push(Tested {
            name: if parts.is_in_time() { cutoff.to_string() } else { format!("part {test}") },
            cutoff,
            tried: learned.tried,
            calibration: learned.model.calibration.name(),
            metrics: Ground::measure(&of_test, spec, &holdout),
            holdout,
        });
    }
    Ok(found)
}
