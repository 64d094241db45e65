//! Logistic regression with an L2 penalty, fitted by Newton's method, and by linfa's L-BFGS where that does not end.

use std::cmp::Ordering;

use linfa::{DatasetBase, traits::Fit};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use super::newton;
use crate::problem::{Problem, Result};

/// linfa sums the loss over the rows, so its absolute tolerance must grow with them.
const GRADIENT_TOLERANCE_PER_ROW: f64 = 1e-4;
const MAX_ITERATIONS: u64 = 500;

/// log-odds = intercept + coefficients · x
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logistic {
    pub intercept: f64,
    pub coefficients: Vec<f64>,
}

impl Logistic {
    /// Minimises Σ log-loss + penalty/2 · ‖coefficients‖² (scikit-learn's with C = 1/penalty); the intercept is free.
    ///
    /// `x` is rows × columns and finite, `events` has both classes. Says in the second value if it did not converge.
    /// linfa knows no weights: with them Newton's minimum stands as it is.
    pub fn fit(
        x: &Array2<f64>,
        events: &[bool],
        weights: Option<&[f64]>,
        penalty: f64,
    ) -> Result<(Self, Option<String>)> {
        if !(penalty.is_finite() && penalty > 0.0) {
            return Err(Problem::setup(format!("`penalty` is {penalty}; it must be above 0")));
        }
        let tolerance = GRADIENT_TOLERANCE_PER_ROW * events.len() as f64;
        let found = newton::minimum(x, events, weights, penalty, tolerance / 100.0);
        let (mut model, mut gradient) = (Self::from_parameters(&found.w), found.gradient);
        if gradient > tolerance && weights.is_none() {
            // linfa does not say whether it converged.
            model = Self::by_linfa(x, events, penalty, tolerance, &Array1::from(found.w))?;
            gradient = model.gradient_norm(x, events, weights, penalty);
        }
        if !model.is_finite() {
            return Err(Problem::failed("the logistic regression ended in figures that are not finite")
                .help("raise `penalty`"));
        }
        let note = (gradient > 10.0 * tolerance).then(|| {
            format!(
                "warning: the fit stopped before it converged: gradient {gradient:.3}, wanted below {tolerance:.3}"
            )
        });
        Ok((model, note))
    }

    /// Coefficients, then the intercept.
    fn from_parameters(w: &[f64]) -> Self {
        let columns = w.len() - 1;
        Self { intercept: w[columns], coefficients: w[..columns].to_vec() }
    }

    /// Where Newton's steps came to no end: linfa goes on from there. From zeros its L-BFGS takes hundreds of steps through a
    /// matrix that it copies at each, minutes at 100,000 rows.
    fn by_linfa(
        x: &Array2<f64>,
        events: &[bool],
        penalty: f64,
        tolerance: f64,
        start: &Array1<f64>,
    ) -> Result<Self> {
        // In linfa's own direction: towards the more frequent class, of two equal ones the first that it sees.
        let frequent = 2 * events.iter().filter(|event| **event).count();
        let towards_event = match frequent.cmp(&events.len()) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => events.first() == Some(&true),
        };
        let rows = DatasetBase::new(x.view(), Array1::from_iter(events.iter().copied()));
        let fitted = LogisticRegression::default()
            .alpha(penalty)
            .gradient_tolerance(tolerance)
            .max_iterations(MAX_ITERATIONS)
            .initial_params(if towards_event { start.clone() } else { -start })
            .fit(&rows)
            .map_err(|error| {
                Problem::failed(format!("the logistic regression could not be fitted: {error}"))
            })?;
        // linfa calls the more frequent class positive, which is not ours to assume: turn the signs if it is `false`.
        let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
        Ok(Self {
            intercept: sign * fitted.intercept(),
            coefficients: fitted.params().iter().map(|w| sign * w).collect(),
        })
    }

    pub fn is_finite(&self) -> bool {
        self.intercept.is_finite() && self.coefficients.iter().all(|w| w.is_finite())
    }

    /// One per row of `x`.
    pub fn log_odds(&self, x: &Array2<f64>) -> Vec<f64> {
        // Column by column: a row's sum comes in one order, however many rows there are beside it.
        let mut sums = Array1::zeros(x.nrows());
        for (weight, column) in self.coefficients.iter().zip(x.columns()) {
            sums.scaled_add(*weight, &column);
        }
        (sums + self.intercept).to_vec()
    }

    fn gradient_norm(&self, x: &Array2<f64>, events: &[bool], weights: Option<&[f64]>, penalty: f64) -> f64 {
        let mut residuals: Array1<f64> = self
            .log_odds(x)
            .iter()
            .zip(events)
            .map(|(z, event)| probability(*z) - f64::from(*event))
            .collect();
        if let Some(weights) = weights {
            residuals *= &ArrayView1::from(weights);
        }
        let penalised = x.t().dot(&residuals) + penalty * &ArrayView1::from(&self.coefficients);
        (penalised.dot(&penalised) + residuals.sum().powi(2)).sqrt()
    }
}

/// 1 / (1 + exp(−log-odds))
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 8 rows, one column, `events` of them at x = 1.
    fn fitted(events: &[bool]) -> Logistic {
        let x = Array2::from_shape_vec((8, 1), vec![0., 0., 0., 0., 1., 1., 1., 1.]).unwrap();
        Logistic::fit(&x, events, None, 1e-9).unwrap().0
    }

    #[test]
    fn the_event_is_positive_whether_rare_or_frequent() {
        // 1 of 4 events at x = 0, 2 of 4 at x = 1: the closed form of two groups.
        let rare = fitted(&[true, false, false, false, true, true, false, false]);
        assert!((probability(rare.intercept) - 0.25).abs() < 1e-3, "{rare:?}");
        assert!((probability(rare.intercept + rare.coefficients[0]) - 0.5).abs() < 1e-3, "{rare:?}");
        let frequent = fitted(&[false, true, true, true, true, true, false, false]);
        assert!((probability(frequent.intercept) - 0.75).abs() < 1e-3, "{frequent:?}");
        assert!(
            (probability(frequent.intercept + frequent.coefficients[0]) - 0.5).abs() < 1e-3,
            "{frequent:?}"
        );
    }

    #[test]
    fn the_penalty_keeps_separable_rows_finite() {
        let x = Array2::from_shape_vec((4, 1), vec![-1., -1., 1., 1.]).unwrap();
        let (model, note) = Logistic::fit(&x, &[false, false, true, true], None, 1.0).unwrap();
        assert!(note.is_none(), "{note:?}");
        // By symmetry no intercept; the slope solves w = 4 (1 − σ(w)).
        assert!(model.intercept.abs() < 1e-3);
        let w = model.coefficients[0];
        assert!((w - 4.0 * (1.0 - probability(w))).abs() < 1e-3, "{w}");
    }
}
