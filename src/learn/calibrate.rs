//! From a score to a probability that can be taken at its word, learned on rows that the fit did not see.
//!
//! Platt: log-odds = intercept + slope · score (J. Platt, "Probabilistic outputs for support vector machines", 1999, without
//! his prior for the targets). Isotonic: the monotone step function of least squares, by pooling adjacent violators
//! (B. Zadrozny & C. Elkan, "Transforming classifier scores into accurate multiclass probability estimates", KDD 2002).

use serde::{Deserialize, Serialize};

use super::{
    logistic::probability,
    metrics::{self, recalibration},
    select::{Unseen, simplest_within_one_error},
    spec::CalibrationChoice,
};

/// Fewer events than these on either side of 0 and 1, and a step function repeats chance.
const LEAST_EVENTS_OF_STEPS: usize = 200;
/// Fewer, and even two parameters do.
const LEAST_EVENTS: usize = 20;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    #[default]
    None,
    Platt {
        intercept: f64,
        slope: f64,
    },
    /// Rising scores and their log-odds; straight lines between, level outside.
    Isotonic {
        scores: Vec<f64>,
        log_odds: Vec<f64>,
    },
}

impl Calibration {
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Platt { .. } => "platt",
            Self::Isotonic { .. } => "isotonic",
        }
    }

    /// Calibrated log-odds of a score.
    pub fn log_odds(&self, score: f64) -> f64 {
        match self {
            Self::None => score,
            Self::Platt { intercept, slope } => intercept + slope * score,
            Self::Isotonic { scores, log_odds } => on_line(scores, log_odds, score),
        }
    }

    pub fn is_sound(&self) -> bool {
        match self {
            Self::None => true,
            Self::Platt { intercept, slope } => intercept.is_finite() && slope.is_finite() && *slope > 0.0,
            Self::Isotonic { scores, log_odds } => {
                let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
                !scores.is_empty()
                    && scores.len() == log_odds.len()
                    && finite(scores)
                    && finite(log_odds)
                    && scores.is_sorted()
                    && log_odds.is_sorted()
            }
        }
    }

    /// Learns `kind`; none where the rows are too few for it, or say the opposite of the score.
    fn fit(kind: CalibrationChoice, scores: &[f64], events: &[bool]) -> Option<Self> {
        match kind {
            CalibrationChoice::Platt => {
                let line = recalibration(scores, events, None)?;
                (line.slope > 0.0).then_some(Self::Platt { intercept: line.intercept, slope: line.slope })
            }
            CalibrationChoice::Isotonic => isotonic(scores, events),
            CalibrationChoice::None | CalibrationChoice::Auto => Some(Self::None),
        }
    }
}

/// The calibration that `choice` asks for, learned on all of `unseen`. For `auto`, the simplest whose log-loss on parts
/// that it did not learn from is within one standard error of the best: a part is a test cutoff, or a fifth of the rows.
pub fn choose(choice: CalibrationChoice, unseen: &Unseen) -> Calibration {
    let count = unseen.events.iter().filter(|e| **e).count();
    let rarer = count.min(unseen.events.len() - count);
    let fitted = |kind| Calibration::fit(kind, &unseen.log_odds, &unseen.events);
    if choice != CalibrationChoice::Auto {
        return fitted(choice).unwrap_or_default();
    }
    let kinds: Vec<CalibrationChoice> = [
        (CalibrationChoice::None, 0),
        (CalibrationChoice::Platt, LEAST_EVENTS),
        (CalibrationChoice::Isotonic, LEAST_EVENTS_OF_STEPS),
    ]
    .into_iter()
    .filter(|(_, least)| rarer >= *least)
    .map(|(kind, _)| kind)
    .collect();
    let losses: Vec<Vec<f64>> = kinds.iter().map(|kind| losses_across(*kind, unseen)).collect();
    let chosen = simplest_within_one_error(&losses, &unseen.customers);
    kinds.get(chosen).and_then(|kind| fitted(*kind)).unwrap_or_default()
}

/// Log-loss of each row under a calibration learned on the other parts.
fn losses_across(kind: CalibrationChoice, unseen: &Unseen) -> Vec<f64> {
    let part_of = unseen.parts_to_cross();
    let mut losses = vec![0.0; unseen.events.len()];
    let last = part_of.iter().max().copied().unwrap_or_default();
    for part in 0..=last {
        let others: Vec<usize> = (0..losses.len()).filter(|row| part_of[*row] != part).collect();
        let scores: Vec<f64> = others.iter().map(|row| unseen.log_odds[*row]).collect();
        let events: Vec<bool> = others.iter().map(|row| unseen.events[*row]).collect();
        let learned = Calibration::fit(kind, &scores, &events).unwrap_or_default();
        for row in (0..losses.len()).filter(|row| part_of[*row] == part) {
            let p = probability(learned.log_odds(unseen.log_odds[row]));
            losses[row] = metrics::surprise(p, unseen.events[row]);
        }
    }
    losses
}

/// Blocks of rising scores whose share of events rises. A block's share counts one more customer who is like the average,
/// so that none of them claims 0 or 1.
fn isotonic(scores: &[f64], events: &[bool]) -> Option<Calibration> {
    let rate = metrics::base_rate(events)?;
    if rate == 0.0 || rate == 1.0 {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    // Sum of scores, events, rows.
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    let mut from = 0;
    while from < order.len() {
        // Equal scores are one block whatever their order.
        let to = from + order[from..].iter().take_while(|row| scores[**row] == scores[order[from]]).count();
        let tied = &order[from..to];
        let found = tied.iter().filter(|row| events[**row]).count() as f64;
        blocks.push((scores[order[from]] * tied.len() as f64, found, tied.len() as f64));
        while let [.., (_, e1, n1), (_, e2, n2)] = blocks[..]
            && e1 * n2 >= e2 * n1
        {
            let (s2, e2, n2) = blocks.pop()?;
            let last = blocks.last_mut()?;
            *last = (last.0 + s2, last.1 + e2, last.2 + n2);
        }
        from = to;
    }
    let mut highest = f64::NEG_INFINITY;
    let (scores, log_odds) = blocks
        .into_iter()
        .map(|(sum, found, rows)| {
            let share = (found + rate) / (rows + 1.0);
            highest = highest.max((share / (1.0 - share)).ln());
            (sum / rows, highest)
        })
        .unzip();
    Some(Calibration::Isotonic { scores, log_odds })
}

/// Straight lines between the points (xs rising, not empty), level outside.
fn on_line(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let above = xs.partition_point(|known| *known <= x);
    if above == 0 {
        return ys[0];
    }
    if above == xs.len() {
        return ys[above - 1];
    }
    let share = (x - xs[above - 1]) / (xs[above] - xs[above - 1]);
    ys[above - 1] + share * (ys[above] - ys[above - 1])
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-6, "{found}, wanted {wanted}");
    }

    #[test]
    fn platt_finds_the_two_log_odds() {
        // Half of the rows score −1 with 1 event of 4, half +1 with 3 of 4: log-odds ∓ ln 3 = 0 + ln 3 · score.
        let scores = [-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0];
        let events = [true, false, false, false, true, true, true, false];
        let Some(Calibration::Platt { intercept, slope }) =
            Calibration::fit(CalibrationChoice::Platt, &scores, &events)
        else {
            panic!("no line")
        };
        near(intercept, 0.0);
        near(slope, 3f64.ln());
        let upside_down: Vec<f64> = scores.iter().map(|s| -s).collect();
        assert_eq!(Calibration::fit(CalibrationChoice::Platt, &upside_down, &events), None);
    }

    #[test]
    fn isotonic_pools_what_falls() {
        // Scores 1 to 6; events at 2, 5 and 6; 3 and 4 have none: 2, 3, 4 are pooled to 1 of 3; then 5 and 6, both whole.
        let events = [false, true, false, false, true, true];
        let Some(Calibration::Isotonic { scores, log_odds }) =
            isotonic(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &events)
        else {
            panic!("no steps")
        };
        assert_eq!(scores, [1.0, 3.0, 5.5]);
        // (0 + .5) / 2 → ln(1/3); (1 + .5) / 4 → ln(.375/.625); (2 + .5) / 3 → ln 5.
        for (found, wanted) in log_odds.iter().zip([(1.0f64 / 3.0).ln(), 0.6f64.ln(), 5f64.ln()]) {
            near(*found, wanted);
        }
        let steps = Calibration::Isotonic { scores, log_odds };
        assert!(steps.is_sound());
        near(steps.log_odds(2.0), ((1.0f64 / 3.0).ln() + 0.6f64.ln()) / 2.0);
        near(steps.log_odds(-9.0), (1.0f64 / 3.0).ln());
        near(steps.log_odds(9.0), 5f64.ln());
        assert_eq!(isotonic(&[1.0, 2.0], &[false, false]), None);
    }

    #[test]
    fn a_score_that_is_right_is_left_alone_and_one_that_overstates_is_stretched() {
        let unseen = |stretch: f64| {
            let mut rng = ChaCha8Rng::seed_from_u64(7);
            let mut unseen = Unseen::default();
            for customer in 0..4_000u64 {
                let log_odds = rng.random_range(-3.0..3.0);
                unseen.log_odds.push(stretch * log_odds);
                unseen.events.push(rng.random_bool(probability(log_odds)));
                unseen.customers.push(customer);
                unseen.parts.push((customer % 2) as usize);
            }
            unseen
        };
        assert_eq!(choose(CalibrationChoice::Auto, &unseen(1.0)), Calibration::None);
        let Calibration::Platt { slope, .. } = choose(CalibrationChoice::Auto, &unseen(3.0)) else {
            panic!("not stretched")
        };
        assert!((slope - 1.0 / 3.0).abs() < 0.03, "{slope}");
    }
}
