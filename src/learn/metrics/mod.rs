//! How good a prediction is: exact, with ties, None where undefined.
//!
//! - order: [`roc_auc`], [`average_precision`], lift and recall of the top, each AUC with its interval;
//!   [`roc_auc_difference`] of two models on the same rows
//! - probabilities: [`brier`], [`log_loss`], [`deciles`], [`expected_calibration_error`], [`recalibration`]
//! - money: [`expected_maximum_profit`] of a campaign against churn
//! - amounts: [`spearman`], [`r_squared`], [`mean_absolute_error`], lift by tenth
//! - shift of a column or a score since training: [`Reference`], [`psi`]
//!
//! All slices of a function have one length and hold finite figures, and probabilities lie in 0..=1; without rows, or
//! where that does not hold, the answer is None. Every order of the same rows gives the same answer, but for rounding.

use std::ops::Range;

use serde::{Deserialize, Serialize};

mod amounts;
mod calibration;
mod deciles;
mod delong;
mod distributions;
mod probability;
mod profit;
mod ranking;
mod shift;

pub use amounts::{
    AmountBin, decile_lift_of_amounts, lift_top_tenth_of_amounts, mean_absolute_error, r_squared, spearman,
    total_ratio,
};
pub use calibration::{Recalibration, calibration_test, log_odds, recalibration};
pub use deciles::{Bin, deciles, expected_calibration_error};
pub use delong::{roc_auc_difference, roc_auc_interval};
pub use probability::{base_rate, brier, brier_interval, log_loss, log_loss_interval, surprise};
pub use profit::{Campaign, MaximumProfit, expected_maximum_profit};
pub use ranking::{
    average_precision, average_precision_interval, lift_at_share, lift_top_tenth, recall_at, roc_auc,
};
pub use shift::{Reference, psi};

use crate::learn::logistic::probability as of_log_odds;

/// The normal distribution's 97.5 % point: what lies within is 95 %.
const Z95: f64 = 1.959_963_984_540_054;

/// A 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Of a share found in so many trials (Wilson 1927, J. Am. Stat. Assoc. 22). Within 0..=1, and never of no width.
    fn wilson(share: f64, trials: f64) -> Self {
        let square = Z95 * Z95 / trials;
        let centre = share + square / 2.0;
        let half = (square * (share * (1.0 - share) + square / 4.0)).sqrt();
        let bound = |sum: f64| (sum / (1.0 + square)).clamp(0.0, 1.0);
        Self { low: bound(centre - half), high: bound(centre + half) }
    }

    /// Symmetric on the logit scale, so that it stays within 0..=1: `share` lies strictly between 0 and 1, `half` is
    /// half of the width at `share`'s own scale, carried over by the delta method.
    fn on_logit_scale(share: f64, half: f64) -> Self {
        let (centre, half) = (log_odds(share), half / (share * (1.0 - share)));
        Self { low: of_log_odds(centre - half), high: of_log_odds(centre + half) }
    }
}

/// Whether there are figures, as many as `rows`, and all are finite.
fn measurable(figures: &[f64], rows: usize) -> Option<()> {
    (rows > 0 && figures.len() == rows && figures.iter().all(|v| v.is_finite())).then_some(())
}

/// As [`measurable`], and all of them probabilities.
fn probable(figures: &[f64], rows: usize) -> Option<()> {
    measurable(figures, rows).filter(|()| figures.iter().all(|p| (0.0..=1.0).contains(p)))
}

/// Row numbers by falling score, and the places in that order of rows with equal scores.
fn ranked(scores: &[f64]) -> (Vec<usize>, Vec<Range<usize>>) {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let mut ties = Vec::new();
    let mut start = 0;
    for end in 1..=order.len() {
        if end == order.len() || scores[order[end]] != scores[order[start]] {
            ties.push(start..end);
            start = end;
        }
    }
    (order, ties)
}

/// Row numbers by falling score, and at most ten ranges of places with as near as can be the same number of rows.
/// Rows with equal scores stay together, in the tenth in which their middle lies: any other cut would depend on the
/// rows' order.
fn tenths(scores: &[f64]) -> (Vec<usize>, Vec<Range<usize>>) {
    let (order, ties) = ranked(scores);
    let mut bins: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for tie in ties {
        // ⌊10 · middle / rows⌋, and middle = (start + end) / 2
        let tenth = (tie.start + tie.end) * 5 / order.len();
        match bins.last_mut() {
            Some(bin) if last == Some(tenth) => bin.end = tie.end,
            _ => bins.push(tie),
        }
        last = Some(tenth);
    }
    (order, bins)
}

/// Events and rows of each group of equal scores, by falling score.
fn tied_groups(scores: &[f64], events: &[bool]) -> Vec<(f64, f64)> {
    let (order, ties) = ranked(scores);
    ties.into_iter()
        .map(|tie| (tie.clone().filter(|place| events[order[*place]]).count() as f64, tie.len() as f64))
        .collect()
}

/// Sum over the `wanted` rows (or parts of a row) of the highest groups of (sum, rows); a group that is cut gives its
/// share.
fn sum_of_top(groups: impl IntoIterator<Item = (f64, f64)>, wanted: f64) -> f64 {
    let (mut taken, mut sum) = (0.0, 0.0);
    for (of_group, rows) in groups {
        let take = rows.min(wanted - taken);
        sum += of_group * take / rows;
        taken += take;
    }
    sum
}

fn count(events: &[bool]) -> f64 {
    events.iter().filter(|e| **e).count() as f64
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| values.sum::<f64>() / n as f64)
}

/// Unbiased (over n − 1); None for less than two values.
fn variance(values: &[f64]) -> Option<f64> {
    let centre = mean(values.iter().copied())?;
    let squares: f64 = values.iter().map(|v| (v - centre).powi(2)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests;
