//! Newton's method for a penalised logistic regression: the start that spares linfa-logistic its hundreds of steps.
//!
//! Minimises Σ weight · log(1 + exp(−s·z)) + penalty/2 · |w|², z = x·w + b, s = ±1 (b is not penalised), as linfa-logistic
//! does without weights,
//! by iteratively reweighted least squares (Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 4.4.1)
//! with halved steps where a whole one would not descend.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};
use smartcore::linalg::{
    basic::{arrays::Array as _, matrix::DenseMatrix},
    traits::cholesky::CholeskyDecomposable,
};

use super::logistic::probability;

const STEPS: usize = 25;
const HALVINGS: usize = 20;
/// Rows weighted at a time: a copy of the whole matrix would double its memory.
const CHUNK: usize = 4096;

/// Coefficients, then the intercept. Stops when the gradient's norm is below `tolerance`, or no step descends.
///
/// Shapes: `x` rows × columns, `events` one per row, as `weights` if there are any (else all weigh 1).
pub fn minimum(
    x: &Array2<f64>,
    events: &[bool],
    weights: Option<&[f64]>,
    penalty: f64,
    tolerance: f64,
) -> Array1<f64> {
    let columns = x.ncols();
    let mut w = Array1::zeros(columns + 1);
    let all;
    let weights = match weights {
        Some(weights) => weights,
        None => {
            all = vec![1.0; events.len()];
            &all
        }
    };
    let found: f64 = events.iter().zip(weights).filter(|(e, _)| **e).map(|(_, weight)| weight).sum();
    let share = found / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    w[columns] = (share / (1.0 - share)).ln().clamp(-20.0, 20.0);
    let rows = Rows { x, events, weights };
    let mut loss = rows.loss_at(penalty, &w);
    for _ in 0..STEPS {
        let (gradient, hessian) = rows.derivatives(penalty, &w);
        if gradient.dot(&gradient).sqrt() <= tolerance {
            break;
        }
        let Some(direction) = solve(&hessian, &gradient) else { break };
        let mut step = 1.0;
        let next = (0..HALVINGS).find_map(|_| {
            let next = &w - &(&direction * step);
            let next_loss = rows.loss_at(penalty, &next);
            step /= 2.0;
            (next_loss < loss).then_some((next, next_loss))
        });
        match next {
            Some((next, next_loss)) => (w, loss) = (next, next_loss),
            None => break,
        }
    }
    w
}

fn log_odds(x: ArrayView2<f64>, w: &Array1<f64>) -> Array1<f64> {
    x.dot(&w.slice(s![..x.ncols()])) + w[x.ncols()]
}

struct Rows<'a> {
    x: &'a Array2<f64>,
    events: &'a [bool],
    weights: &'a [f64],
}

impl Rows<'_> {
    fn loss_at(&self, penalty: f64, w: &Array1<f64>) -> f64 {
        let coefficients = w.slice(s![..self.x.ncols()]);
        let rows = log_odds(self.x.view(), w);
        let loss: f64 = rows
            .iter()
            .zip(self.events)
            .zip(self.weights)
            .map(|((z, event), weight)| {
                let against = if *event { -*z } else { *z };
                // log(1 + exp(a)) without overflow
                weight * (against.max(0.0) + (-against.abs()).exp().ln_1p())
            })
            .sum();
        loss + penalty / 2.0 * coefficients.dot(&coefficients)
    }

    /// Gradient (columns + 1) and Hessian (columns + 1)², in order of the rows at any number of threads.
    fn derivatives(&self, penalty: f64, w: &Array1<f64>) -> (Array1<f64>, Array2<f64>) {
        let columns = self.x.ncols();
        let mut gradient = Array1::zeros(columns + 1);
        let mut hessian = Array2::zeros((columns + 1, columns + 1));
        let chunks = self.x.axis_chunks_iter(Axis(0), CHUNK);
        for ((chunk, events), weights) in
            chunks.zip(self.events.chunks(CHUNK)).zip(self.weights.chunks(CHUNK))
        {
            let p = log_odds(chunk, w).mapv(probability);
            let weights = ArrayView1::from(weights);
            let residual: Array1<f64> = p.iter().zip(events).map(|(p, e)| p - f64::from(*e)).collect();
            let residual = residual * weights;
            let curvature = p.mapv(|p| p * (1.0 - p)) * weights;
            gradient.slice_mut(s![..columns]).scaled_add(1.0, &chunk.t().dot(&residual));
            gradient[columns] += residual.sum();
            let root = curvature.mapv(f64::sqrt);
            let weighted = &chunk * &root.view().insert_axis(Axis(1));
            let mut block = hessian.slice_mut(s![..columns, ..columns]);
            ndarray::linalg::general_mat_mul(1.0, &weighted.t(), &weighted, 1.0, &mut block);
            hessian.slice_mut(s![columns, ..columns]).scaled_add(1.0, &weighted.t().dot(&root));
            hessian[[columns, columns]] += curvature.sum();
        }
        for column in 0..columns {
            hessian[[column, columns]] = hessian[[columns, column]];
            gradient[column] += penalty * w[column];
            hessian[[column, column]] += penalty;
        }
        // Where every probability has become 0 or 1 the intercept alone could have no curvature left.
        hessian[[columns, columns]] += 1e-9;
        (gradient, hessian)
    }
}

fn solve(hessian: &Array2<f64>, gradient: &Array1<f64>) -> Option<Array1<f64>> {
    let size = gradient.len();
    let a = DenseMatrix::new(size, size, hessian.iter().copied().collect(), false).ok()?;
    let b = DenseMatrix::new(size, 1, gradient.to_vec(), false).ok()?;
    let solved = a.cholesky_solve_mut(b).ok()?;
    Some(Array1::from_iter(solved.iterator(0).copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_have_their_closed_form() {
        // 1 of 4 events at x = 0, 3 of 4 at x = 1: log-odds ∓ log 3.
        let x = Array2::from_shape_vec((8, 1), vec![0., 0., 0., 0., 1., 1., 1., 1.]).unwrap();
        let events = [true, false, false, false, true, true, true, false];
        let w = minimum(&x, &events, None, 1e-12, 1e-10);
        assert!((w[1] + 3f64.ln()).abs() < 1e-6 && (w[0] - 2.0 * 3f64.ln()).abs() < 1e-6, "{w}");
    }

    #[test]
    fn a_row_that_weighs_three_counts_as_three() {
        let x = Array2::from_shape_vec((4, 1), vec![0., 0., 1., 1.]).unwrap();
        let w = minimum(&x, &[true, false, true, false], Some(&[1., 3., 3., 1.]), 1e-12, 1e-10);
        assert!((w[1] + 3f64.ln()).abs() < 1e-6 && (w[0] - 2.0 * 3f64.ln()).abs() < 1e-6, "{w}");
    }

    #[test]
    fn separable_rows_stay_finite_under_a_penalty() {
        let x = Array2::from_shape_vec((4, 1), vec![-1., -1., 1., 1.]).unwrap();
        let w = minimum(&x, &[false, false, true, true], None, 1.0, 1e-10);
        // By symmetry no intercept; the slope solves w = 4 (1 − σ(w)).
        assert!(w[1].abs() < 1e-6 && (w[0] - 4.0 * (1.0 - probability(w[0]))).abs() < 1e-6, "{w}");
    }
}
