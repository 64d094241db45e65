//! Newton's method for a penalised logistic regression.
//!
//! Minimises Σ weight · log(1 + exp(−s·z)) + penalty/2 · |w|², z = x·w + b, s = ±1 (b is not penalised),
//! by iteratively reweighted least squares (Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 4.4.1)
//! with halved steps where a whole one would not descend. Where rows are many, the curvature is that of some of them, and
//! what it lacks is learned from the steps (L-BFGS: J. Nocedal, "Updating quasi-Newton matrices with limited storage",
//! Mathematics of Computation 35 (1980)); loss and gradient, hence the minimum, are always those of all rows.

mod curvature;

use std::borrow::Cow;

use ndarray::{Array2, ShapeBuilder};

use super::pieces::by_pieces;
use curvature::{Factor, dot};

const STEPS: usize = 60;
const HALVINGS: usize = 20;
/// Rows looked at at a time: their columns stay in a core's cache.
const CHUNK: usize = 512;
/// Steps with a curvature of their own, if it is not that of all rows. It changes most in the first ones.
const OWN_CURVATURE: usize = 5;
/// Steps that are remembered.
const MEMORY: usize = 10;

/// Where the descent ended.
pub struct Minimum {
    /// Coefficients, then the intercept.
    pub w: Vec<f64>,
    /// Norm of the gradient there.
    pub gradient: f64,
}

/// Stops when the gradient's norm is below `tolerance`, or no step descends.
///
/// Shapes: `x` rows × columns, `events` one per row, as `weights` if there are any (else all weigh 1).
pub fn minimum(
    x: &Array2<f64>,
    events: &[bool],
    weights: Option<&[f64]>,
    penalty: f64,
    tolerance: f64,
) -> Minimum {
    let (rows, columns) = x.dim();
    let weights = weights.map_or_else(|| Cow::Owned(vec![1.0; rows]), Cow::Borrowed);
    let data = match x.t().is_standard_layout() {
        true => Cow::Borrowed(x.as_slice_memory_order().unwrap_or(&[])),
        false => {
            let mut by_column = Array2::zeros((rows, columns).f());
            by_column.assign(x);
            Cow::Owned(by_column.into_raw_vec_and_offset().0)
        }
    };
    let problem = Regression { x: &data, columns, events, weights: &weights, penalty };
    problem.descend(tolerance)
}

struct Regression<'a> {
    /// Column after column.
    x: &'a [f64],
    columns: usize,
    events: &'a [bool],
    weights: &'a [f64],
    penalty: f64,
}

/// Loss and gradient at some coefficients.
struct Slope {
    loss: f64,
    gradient: Vec<f64>,
}

impl Regression<'_> {
    fn descend(&self, tolerance: f64) -> Minimum {
        let mut w = vec![0.0; self.columns + 1];
        w[self.columns] = self.base();
        let mut at = self.slope(&w);
        let whole = self.step_of_sample() == 1;
        let mut metric = None;
        let mut memory: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        for step in 0..STEPS {
            if norm(&at.gradient) <= tolerance {
                break;
            }
            if whole || step < OWN_CURVATURE {
                memory.clear();
                metric = self.curvature(&w);
            }
            let Some(metric) = &metric else { break };
            let direction = direction(&at.gradient, metric, &memory);
            let mut length = 1.0;
            let next = (0..HALVINGS).find_map(|_| {
                let next: Vec<f64> = w.iter().zip(&direction).map(|(w, d)| w - length * d).collect();
                let slope = self.slope(&next);
                length /= 2.0;
                (slope.loss < at.loss).then_some((next, slope))
            });
            let Some((next, slope)) = next else { break };
            let moved = difference(&next, &w);
            let turned = difference(&slope.gradient, &at.gradient);
            if dot(&moved, &turned) > 0.0 {
                memory.push((moved, turned));
                memory.drain(..memory.len().saturating_sub(MEMORY));
            }
            (w, at) = (next, slope);
        }
        Minimum { w, gradient: norm(&at.gradient) }
    }

    /// The log-odds of an event, whichever row.
    fn base(&self) -> f64 {
        let found: f64 = self.events.iter().zip(self.weights).filter(|(e, _)| **e).map(|(_, w)| w).sum();
        let share = found / self.weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        (share / (1.0 - share)).ln().clamp(-20.0, 20.0)
    }

    /// The same at any number of threads: what chunks give is added in their order.
    fn slope(&self, w: &[f64]) -> Slope {
        let chunks = by_pieces(self.events.len(), CHUNK, |rows| self.slope_of(w, rows.start, rows.len()));
        let coefficients = &w[..self.columns];
        let loss = self.penalty / 2.0 * dot(coefficients, coefficients);
        let gradient = coefficients.iter().map(|w| self.penalty * w).chain([0.0]).collect();
        chunks.into_iter().fold(Slope { loss, gradient }, |mut sum, chunk| {
            sum.loss += chunk.loss;
            sum.gradient.iter_mut().zip(&chunk.gradient).for_each(|(sum, g)| *sum += g);
            sum
        })
    }

    /// Of some rows, without the penalty.
    fn slope_of(&self, w: &[f64], first: usize, rows: usize) -> Slope {
        let mut residuals = self.log_odds(w, first, rows);
        let mut loss = 0.0;
        for (row, z) in (first..).zip(&mut residuals) {
            let against = if self.events[row] { -*z } else { *z };
            // log(1 + exp(a)) without overflow
            let fading = (-against.abs()).exp();
            loss += self.weights[row] * (against.max(0.0) + fading.ln_1p());
            let p = if *z < 0.0 { fading } else { 1.0 } / (1.0 + fading);
            *z = self.weights[row] * (p - f64::from(self.events[row]));
        }
        let column = |column: usize| dot(self.column(column, first, rows), &residuals);
        let gradient = (0..self.columns).map(column).chain([residuals.iter().sum()]).collect();
        Slope { loss, gradient }
    }

    fn log_odds(&self, w: &[f64], first: usize, rows: usize) -> Vec<f64> {
        let mut sums = vec![w[self.columns]; rows];
        for (column, weight) in w[..self.columns].iter().enumerate() {
            let column = self.column(column, first, rows);
            sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += weight * x);
        }
        sums
    }

    fn column(&self, column: usize, first: usize, rows: usize) -> &[f64] {
        let start = column * self.events.len() + first;
        &self.x[start..start + rows]
    }
}

/// The gradient turned and stretched by what is known of the curvature: `metric`, and the steps remembered since.
fn direction(gradient: &[f64], metric: &Factor, memory: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut turned = gradient.to_vec();
    let mut shares = Vec::new();
    for (moved, change) in memory.iter().rev() {
        let share = dot(moved, &turned) / dot(moved, change);
        turned.iter_mut().zip(change).for_each(|(t, c)| *t -= share * c);
        shares.push(share);
    }
    let mut turned = metric.solve(turned);
    for ((moved, change), share) in memory.iter().zip(shares.into_iter().rev()) {
        let lacking = share - dot(change, &turned) / dot(moved, change);
        turned.iter_mut().zip(moved).for_each(|(t, m)| *t += lacking * m);
    }
    turned
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::logistic::probability;

    #[test]
    fn two_groups_have_their_closed_form() {
        // 1 of 4 events at x = 0, 3 of 4 at x = 1: log-odds ∓ log 3.
        let x = Array2::from_shape_vec((8, 1), vec![0., 0., 0., 0., 1., 1., 1., 1.]).unwrap();
        let events = [true, false, false, false, true, true, true, false];
        let w = minimum(&x, &events, None, 1e-12, 1e-10).w;
        assert!((w[1] + 3f64.ln()).abs() < 1e-6 && (w[0] - 2.0 * 3f64.ln()).abs() < 1e-6, "{w:?}");
    }

    #[test]
    fn a_row_that_weighs_three_counts_as_three() {
        let x = Array2::from_shape_vec((4, 1), vec![0., 0., 1., 1.]).unwrap();
        let w = minimum(&x, &[true, false, true, false], Some(&[1., 3., 3., 1.]), 1e-12, 1e-10).w;
        assert!((w[1] + 3f64.ln()).abs() < 1e-6 && (w[0] - 2.0 * 3f64.ln()).abs() < 1e-6, "{w:?}");
    }

    #[test]
    fn separable_rows_stay_finite_under_a_penalty() {
        let x = Array2::from_shape_vec((4, 1), vec![-1., -1., 1., 1.]).unwrap();
        let w = minimum(&x, &[false, false, true, true], None, 1.0, 1e-10).w;
        // By symmetry no intercept; the slope solves w = 4 (1 − σ(w)).
        assert!(w[1].abs() < 1e-6 && (w[0] - 4.0 * (1.0 - probability(w[0]))).abs() < 1e-6, "{w:?}");
    }

    #[test]
    fn many_rows_have_the_minimum_of_all_of_them() {
        // Four groups of two columns, far more rows than the curvature looks at: shares of events by hand.
        let groups = [(0.0, 0.0, 10), (0.0, 1.0, 20), (1.0, 0.0, 40), (1.0, 1.0, 80)];
        let rows = 200_000;
        let (mut data, mut events) = (vec![0.0; 2 * rows], Vec::new());
        for row in 0..rows {
            let (a, b, of_100) = groups[row % 4];
            (data[row], data[rows + row]) = (a, b);
            events.push((row / 4) % 100 < of_100);
        }
        let x = Array2::from_shape_vec((rows, 2).f(), data).unwrap();
        let found = minimum(&x, &events, None, 1e-9, 1e-6);
        assert!(found.gradient <= 1e-6, "{}", found.gradient);
        // Without an interaction the four shares are not all met, but the sums of events by column are.
        let p = |a: f64, b: f64| probability(found.w[0] * a + found.w[1] * b + found.w[2]);
        assert!(
            (p(1.0, 0.0) + p(1.0, 1.0) - 1.2).abs() < 1e-9 && (p(0.0, 1.0) + p(1.0, 1.0) - 1.0).abs() < 1e-9
        );
    }
}
