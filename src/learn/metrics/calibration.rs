//! Are the probabilities too high, too low, too bold or too timid? And the line that puts it right.

use serde::{Deserialize, Serialize};

use super::{Interval, Z95, count, measurable, of_log_odds, probable};

const STEPS: usize = 100;
const HALVINGS: usize = 40;

/// ln(p / (1 − p)); of 0 and 1, of the nearest figure that has one.
pub fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
    (p / (1.0 - p)).ln()
}

/// Calibration in the large: (Σp − events) / sqrt(Σ p(1 − p)), about standard normal if the probabilities are right
/// and the rows independent. Positive: too many events foretold; beyond ±1.96: by more than chance does in 1 of 20
/// samples. None without rows, or where every probability is 0 or 1.
pub fn calibration_test(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    probable(probabilities, events.len())?;
    let variance: f64 = probabilities.iter().map(|p| p * (1.0 - p)).sum();
    let excess = probabilities.iter().sum::<f64>() - count(events);
    (variance > 0.0).then(|| excess / variance.sqrt())
}

/// log-odds of the event = intercept + slope · log-odds of the model (Cox, Biometrika 45, 1958). 0 and 1 where the
/// model is calibrated; a slope below 1: its probabilities are too far from the base rate, as of an overfitted model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recalibration {
    pub intercept: f64,
    pub slope: f64,
    /// Of (intercept, slope): the inverse of Fisher's information.
    pub covariance: [[f64; 2]; 2],
}

impl Recalibration {
    /// The log-odds that this makes of a model's.
    pub fn apply(&self, log_odds: f64) -> f64 {
        self.intercept + self.slope * log_odds
    }

    pub fn slope_interval(&self) -> Interval {
        let half = Z95 * self.covariance[1][1].sqrt();
        Interval { low: self.slope - half, high: self.slope + half }
    }
}

/// The line of greatest likelihood, by Newton's method: also Platt's scaling (1999), without his change of the labels.
///
/// `log_odds`: the model's, one per row (see [`log_odds`](fn@log_odds)), on rows that it was not fitted to.
/// `weights`: how many rows a row stands for, none negative; the covariance takes them as counts.
///
/// None where no finite line is best: with one class, or where some cut of the log-odds parts events from non-events
/// but for ties at the cut (Albert & Anderson, Biometrika 71, 1984; this includes log-odds that are all equal). With
/// any other rows there is exactly one, and it is given unless figures of it overflow.
pub fn recalibration(log_odds: &[f64], events: &[bool], weights: Option<&[f64]>) -> Option<Recalibration> {
    measurable(log_odds, events.len())?;
    if let Some(weights) = weights {
        measurable(weights, events.len())?;
    }
    let weight = |row: usize| weights.map_or(1.0, |w| w[row]);
    let mut rows: Vec<Row> = (0..events.len())
        .map(|row| Row { x: log_odds[row], event: events[row], weight: weight(row) })
        .collect();
    if rows.iter().any(|row| row.weight < 0.0) {
        return None;
    }
    rows.retain(|row| row.weight > 0.0);
    if separable(&rows) {
        return None;
    }
    // On a scale of its own, so that intercept and slope are of one size and nearly independent.
    let total: f64 = rows.iter().map(|r| r.weight).sum();
    let centre = rows.iter().map(|r| r.weight * r.x).sum::<f64>() / total;
    let spread = (rows.iter().map(|r| r.weight * (r.x - centre).powi(2)).sum::<f64>() / total).sqrt();
    rows.iter_mut().for_each(|row| row.x = (row.x - centre) / spread);

    let ([a, b], [caa, cab, cbb]) = minimum(&rows)?;
    let (slope, shift) = (b / spread, centre / spread);
    let cov_slope = cbb / spread.powi(2);
    let cov_both = (cab - shift * cbb) / spread;
    let found = Recalibration {
        intercept: a - slope * centre,
        slope,
        covariance: [[caa - 2.0 * shift * cab + shift * shift * cbb, cov_both], [cov_both, cov_slope]],
    };
    let figures = [found.intercept, found.slope, found.covariance[0][0], cov_both, cov_slope];
    figures.iter().all(|v| v.is_finite()).then_some(found)
}

struct Row {
    x: f64,
    event: bool,
    weight: f64,
}

fn separable(rows: &[Row]) -> bool {
    let range = |class: bool| {
        let of = rows.iter().filter(|row| row.event == class).map(|row| row.x);
        of.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let (events, others) = (range(true), range(false));
    events.0 >= others.1 || others.0 >= events.1
}

/// Intercept and slope of least log-loss, and the inverse Hessian there (its three figures).
fn minimum(rows: &[Row]) -> Option<([f64; 2], [f64; 3])> {
    let mut w = [0.0, 0.0];
    let mut loss = loss_at(rows, w);
    for _ in 0..STEPS {
        let (gradient, inverse) = derivatives(rows, w)?;
        let step = [
            inverse[0] * gradient[0] + inverse[1] * gradient[1],
            inverse[1] * gradient[0] + inverse[2] * gradient[1],
        ];
        // The squared length of the step in standard errors.
        let length = gradient[0] * step[0] + gradient[1] * step[1];
        let mut size = 1.0;
        let next = (0..HALVINGS).filter(|_| length >= 1e-16).find_map(|_| {
            let next = [w[0] - size * step[0], w[1] - size * step[1]];
            let next_loss = loss_at(rows, next);
            size /= 2.0;
            (next_loss < loss).then_some((next, next_loss))
        });
        match next {
            Some((next, next_loss)) => (w, loss) = (next, next_loss),
            // So near that rounding may hide a descent: there the step itself is right to the square of its length.
            None => return (length < 1e-6).then_some(([w[0] - step[0], w[1] - step[1]], inverse)),
        }
    }
    None
}

fn loss_at(rows: &[Row], w: [f64; 2]) -> f64 {
    let loss = |row: &Row| {
        let z = w[0] + w[1] * row.x;
        let against = if row.event { -z } else { z };
        // ln(1 + exp(a)) without overflow
        row.weight * (against.max(0.0) + (-against.abs()).exp().ln_1p())
    };
    rows.iter().map(loss).sum()
}

/// Gradient, and the inverse of the Hessian: None where it has none.
fn derivatives(rows: &[Row], w: [f64; 2]) -> Option<([f64; 2], [f64; 3])> {
    let (mut gradient, mut h) = ([0.0; 2], [0.0; 3]);
    for row in rows {
        let p = of_log_odds(w[0] + w[1] * row.x);
        let residual = row.weight * (p - f64::from(row.event));
        let curvature = row.weight * p * (1.0 - p);
        gradient[0] += residual;
        gradient[1] += residual * row.x;
        h[0] += curvature;
        h[1] += curvature * row.x;
        h[2] += curvature * row.x * row.x;
    }
    let determinant = h[0] * h[2] - h[1] * h[1];
    (determinant > 0.0).then(|| (gradient, [h[2] / determinant, -h[1] / determinant, h[0] / determinant]))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{F, T, forty, near, near_by},
        *,
    };

    #[test]
    fn in_the_large_by_hand() {
        // Σp = 1.5 against 3 events; Σp(1 − p) = .25 + .21 + .21 = .67.
        near(calibration_test(&[0.5, 0.3, 0.7], &[T, T, T]), -1.5 / 0.67f64.sqrt());
        assert_eq!(calibration_test(&[0.0, 1.0], &[F, T]), None);
    }

    #[test]
    fn two_groups_have_their_closed_form() {
        // x = 0: 1 of 4; x = 2: 3 of 4. Intercept −ln 3, slope (ln 3 + ln 3) / 2. Each group holds 4 · 3/16 of
        // information: var(intercept) = 4/3, var(slope) = (4/3 + 4/3) / 4, covariance −(4/3) / 2.
        let x = [0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0];
        let events = [T, F, F, F, T, T, T, F];
        let found = recalibration(&x, &events, None).unwrap();
        near(Some(found.intercept), -3f64.ln());
        near(Some(found.slope), 3f64.ln());
        let wanted = [[4.0 / 3.0, -2.0 / 3.0], [-2.0 / 3.0, 2.0 / 3.0]];
        for (found, wanted) in found.covariance.as_flattened().iter().zip(wanted.as_flattened()) {
            near_by(Some(*found), *wanted, 1e-10);
        }
        near(Some(found.apply(1.0)), 0.0);
        near_by(Some(found.slope_interval().low), 3f64.ln() - Z95 * (2.0f64 / 3.0).sqrt(), 1e-10);
        // The same as rows with counts; a row that counts 0 is none.
        let counts =
            recalibration(&[0., 0., 2., 2., 9.], &[T, F, T, F, F], Some(&[1., 3., 3., 1., 0.])).unwrap();
        near(Some(counts.slope), 3f64.ln());
        near_by(Some(counts.covariance[0][0]), 4.0 / 3.0, 1e-10);
    }

    #[test]
    fn no_finite_line() {
        let x = [-1.0, 0.0, 0.0, 1.0];
        assert_eq!(recalibration(&x, &[F, F, T, T], None), None, "parted but for a tie");
        assert_eq!(recalibration(&x, &[T, T, F, F], None), None, "parted the wrong way round");
        assert_eq!(recalibration(&x, &[F; 4], None), None, "one class");
        assert_eq!(recalibration(&[2.0; 4], &[F, T, F, T], None), None, "all equal");
        assert_eq!(recalibration(&x, &[F, T, F, T], Some(&[1.0, -1.0, 1.0, 1.0])), None, "a negative weight");
        assert_eq!(recalibration(&x, &[F, T, F, T], Some(&[1.0])), None, "a weight short");
        assert_eq!(recalibration(&[1e200, -1e200, 0.0, 1e200], &[F, T, F, T], None), None, "out of range");
        // One row out of 10,001 in the way is enough for a finite, steep line.
        let mut x: Vec<f64> = (0..10_001).map(|i| f64::from(i) / 1_000.0 - 5.0).collect();
        let events: Vec<bool> = x.iter().map(|x| *x > 0.0).collect();
        assert_eq!(recalibration(&x, &events, None), None);
        x[0] = 0.01;
        let steep = recalibration(&x, &events, None).unwrap();
        assert!(steep.slope > 50.0 && steep.covariance[1][1] > 0.0, "{steep:?}");
    }

    #[test]
    fn figures_of_statsmodels() {
        // statsmodels 0.15's GLM of the binomial family, unweighted and with freq_weights 1, 2, 3, 1, 2, 3, …
        let (scores, _, events) = forty();
        let x: Vec<f64> = scores.iter().map(|s| ((s + 0.05) / (1.05 - s)).ln()).collect();
        let weights: Vec<f64> = (0..40u32).map(|i| f64::from(1 + i % 3)).collect();
        let one = (
            [-0.623_938_719_402, 0.445_271_496_875],
            [0.123_428_839_579, 0.009_323_169_403, 0.079_112_840_549],
        );
        let two = (
            [-0.928_209_788_078, 0.237_385_920_144],
            [0.069_784_321_928, 0.013_458_398_376, 0.046_584_515_719],
        );
        for (weights, (line, covariance)) in [(None, one), (Some(&weights[..]), two)] {
            let found = recalibration(&x, &events, weights).unwrap();
            near_by(Some(found.intercept), line[0], 1e-9);
            near_by(Some(found.slope), line[1], 1e-9);
            let [[a, both], [_, b]] = found.covariance;
            for (found, wanted) in [a, both, b].into_iter().zip(covariance) {
                near_by(Some(found), wanted, 1e-9);
            }
        }
    }

    #[test]
    fn log_odds_of_the_ends_are_finite() {
        near(Some(log_odds(0.75)), 3f64.ln());
        assert!(log_odds(0.0) < -30.0 && log_odds(1.0) > 30.0 && log_odds(1.0).is_finite());
    }
}
