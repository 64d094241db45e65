//! How far the probabilities of a group of customers may be off together, beside the chance of each customer alone.
//!
//! A group's events are Σ p ± the chance of each (Σ p(1 − p)), if the probabilities are right. That they are all too high
//! or too low by the same is another matter, and does not average out in a large group. It is measured where it shows: on
//! cutoffs that the fit did not see.

use serde::{Deserialize, Serialize};

use super::{logistic::probability, metrics::recalibration};

/// The true log-odds of a customer are its calibrated log-odds z + δ + γ · (z − `centre`), with δ and γ the same for
/// everybody and these variances. To first order the events of a group have variance
/// Σ w + offset · (Σ w)² + 2 · covariance · Σ w · Σ wz + slope · (Σ wz)², where w = p(1 − p) and z is counted from `centre`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uncertainty {
    pub centre: f64,
    pub offset_variance: f64,
    pub slope_variance: f64,
    pub covariance: f64,
    /// Variance of δ between cutoffs: part of `offset_variance`. None with fewer than two.
    pub between_cutoffs: Option<f64>,
}

/// Variance of the number of events among customers with these calibrated log-odds; that of chance alone where no more is
/// known.
pub fn variance_of_events(log_odds: &[f64], together: Option<&Uncertainty>) -> f64 {
    let (mut w, mut wz) = (0.0, 0.0);
    let centre = together.map_or(0.0, |u| u.centre);
    for z in log_odds {
        let p = probability(*z);
        w += p * (1.0 - p);
        wz += p * (1.0 - p) * (z - centre);
    }
    w + together
        .map_or(0.0, |u| u.offset_variance * w * w + 2.0 * u.covariance * w * wz + u.slope_variance * wz * wz)
}

impl Uncertainty {
    /// `log_odds`: calibrated; `parts`: which test each row was in. None where events are too few to tell.
    ///
    /// The variances of δ and γ are those of a recalibration (two parameters of a logistic regression on z); to that of δ
    /// comes what test cutoffs differ by, beyond chance, after R. DerSimonian & N. Laird, "Meta-analysis in clinical
    /// trials", Controlled Clinical Trials 7 (1986). `in_time`: whether parts are cutoffs.
    pub fn of(log_odds: &[f64], events: &[bool], parts: &[usize], in_time: bool) -> Option<Self> {
        let weights: Vec<f64> = log_odds.iter().map(|z| probability(*z)).map(|p| p * (1.0 - p)).collect();
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let centre = weights.iter().zip(log_odds).map(|(w, z)| w * z).sum::<f64>() / total;
        let centred: Vec<f64> = log_odds.iter().map(|z| z - centre).collect();
        let [[offset, covariance], [_, slope]] = recalibration(&centred, events, None)?.covariance;
        let tests = parts.iter().max().map_or(0, |last| last + 1);
        let between = (in_time && tests > 1).then(|| between_parts(log_odds, events, parts, tests));
        // The mean of the cutoffs is off by a share of it, tomorrow's by all of it.
        let extra = between.map_or(0.0, |variance| variance * (1.0 + 1.0 / tests as f64));
        Some(Self {
            centre,
            offset_variance: offset + extra,
            slope_variance: slope,
            covariance,
            between_cutoffs: between,
        })
    }
}

/// The variance of the parts' offsets beyond what chance explains; not below 0.
fn between_parts(log_odds: &[f64], events: &[bool], parts: &[usize], tests: usize) -> f64 {
    let mut sums = vec![(0.0, 0.0); tests];
    for ((z, event), part) in log_odds.iter().zip(events).zip(parts) {
        let p = probability(*z);
        sums[*part].0 += f64::from(*event) - p;
        sums[*part].1 += p * (1.0 - p);
    }
    sums.retain(|(_, weight)| *weight > 0.0);
    // One step of Newton from 0: offset = Σ(event − p) / w, with variance 1 / w.
    let weight: f64 = sums.iter().map(|(_, w)| w).sum();
    let squares: f64 = sums.iter().map(|(_, w)| w * w).sum();
    let centre = sums.iter().map(|(residual, _)| residual).sum::<f64>() / weight;
    let spread: f64 = sums.iter().map(|(residual, w)| w * (residual / w - centre).powi(2)).sum();
    let scale = weight - squares / weight;
    if scale > 0.0 { ((spread - (sums.len() as f64 - 1.0)) / scale).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` rows of probability one half, of which `events` have one.
    fn part(place: usize, n: usize, events: usize) -> (Vec<f64>, Vec<bool>, Vec<usize>) {
        (vec![0.0; n], (0..n).map(|row| row < events).collect(), vec![place; n])
    }

    #[test]
    fn what_cutoffs_differ_by_is_found_beyond_chance() {
        let both = |a: usize, b: usize| {
            let ((mut z, mut e, mut p), other) = (part(0, 400, a), part(1, 400, b));
            z.extend(other.0);
            e.extend(other.1);
            p.extend(other.2);
            between_parts(&z, &e, &p, 2)
        };
        // Weights 100 each; offsets ±.4: spread 2 · 100 · .16 = 32, less 1, over 200 − 100.
        assert!((both(240, 160) - 0.31).abs() < 1e-12);
        // ±.05: spread .5, which chance explains.
        assert_eq!(both(205, 195), 0.0);
    }

    #[test]
    fn a_group_is_as_uncertain_as_its_chance_and_what_is_off_together() {
        // Four customers at one half: w = 1, and wz = 2 · .25 · 1 − 2 · .25 · 1 = 0 from centre 0.
        let together = Uncertainty {
            centre: 0.0,
            offset_variance: 0.2,
            slope_variance: 0.5,
            covariance: 0.1,
            between_cutoffs: None,
        };
        let at_half = [0.0; 4];
        assert!((variance_of_events(&at_half, None) - 1.0).abs() < 1e-12);
        assert!((variance_of_events(&at_half, Some(&together)) - 1.2).abs() < 1e-12);
        // From centre −1 each z is 1: wz = 1, too.
        let off = Uncertainty { centre: -1.0, ..together };
        assert!((variance_of_events(&at_half, Some(&off)) - 1.0 - 0.2 - 0.2 - 0.5).abs() < 1e-12);
    }

    #[test]
    fn one_group_without_a_slope_to_speak_of_is_not_told() {
        let (z, events, parts) = part(0, 100, 50);
        assert_eq!(Uncertainty::of(&z, &events, &parts, true), None, "all scores are alike");
        let z: Vec<f64> = (0..100).map(|row| f64::from(row % 2) - 0.5).collect();
        let found = Uncertainty::of(&z, &events, &parts, true).unwrap();
        assert!(found.centre.abs() < 1e-12 && found.between_cutoffs.is_none());
        // At p near one half the offset's variance is 1 / Σ p(1 − p), about 4 / 100.
        assert!((found.offset_variance - 0.04).abs() < 0.01, "{found:?}");
    }
}
