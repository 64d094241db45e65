//! The curvature of the loss (its matrix of second derivatives) on some of the rows, as a metric for steps.

use ndarray::{Array2, ArrayView2, ShapeBuilder, linalg::general_mat_mul, s};

use super::Regression;
use crate::learn::{logistic::probability, pieces::by_pieces};

/// Rows that the curvature is taken from: more make steps a little better, and cost more than these.
const SAMPLE: usize = 16_384;
/// Columns multiplied at a time.
const BLOCK: usize = 128;

impl Regression<'_> {
    /// Of so many rows one is in the sample.
    pub fn step_of_sample(&self) -> usize {
        self.events.len().div_ceil(SAMPLE).max(1)
    }

    /// The curvature at `w`; none where it is not that of a minimum.
    ///
    /// In single precision: it decides how a step is made, not where steps end.
    pub fn curvature(&self, w: &[f64]) -> Option<Factor> {
        let step = self.step_of_sample();
        let sample: Vec<usize> = (0..self.events.len()).step_by(step).collect();
        let size = self.columns + 1;
        let mut log_odds = vec![w[self.columns]; sample.len()];
        for (column, weight) in w[..self.columns].iter().enumerate() {
            let column = self.column(column, 0, self.events.len());
            log_odds.iter_mut().zip(&sample).for_each(|(z, row)| *z += weight * column[*row]);
        }
        let counts = self.events.len() as f64 / sample.len() as f64;
        let roots: Vec<f64> = log_odds
            .iter()
            .zip(&sample)
            .map(|(z, row)| {
                probability(-z.abs()) * (1.0 - probability(-z.abs())) * self.weights[*row] * counts
            })
            .map(f64::sqrt)
            .collect();
        let mut weighted: Vec<f32> = Vec::with_capacity(sample.len() * size);
        for column in 0..self.columns {
            let column = self.column(column, 0, self.events.len());
            weighted.extend(sample.iter().zip(&roots).map(|(row, root)| (column[*row] * root) as f32));
        }
        weighted.extend(roots.iter().map(|root| *root as f32));
        let weighted = Array2::from_shape_vec((sample.len(), size).f(), weighted).ok()?;
        let mut matrix = products(weighted.view());
        for column in 0..self.columns {
            matrix[column * size + column] += self.penalty;
        }
        // Where every probability has become 0 or 1 the intercept alone could have no curvature left.
        matrix[size * size - 1] += 1e-9;
        // What rounding has made negative is lifted, at first by little.
        [0.0, 1e-6, 1e-3].iter().find_map(|lift| {
            let mut lifted = matrix.clone();
            (0..size).for_each(|c| lifted[c * size + c] *= 1.0 + lift);
            Factor::of(lifted, size)
        })
    }
}

/// aᵀ·a, row after row; the blocks above the diagonal are those below it.
fn products(a: ArrayView2<f32>) -> Vec<f64> {
    let size = a.ncols();
    let blocks = size.div_ceil(BLOCK);
    let pairs: Vec<(usize, usize)> = (0..blocks).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let of = |block: usize| a.slice(s![.., block * BLOCK..size.min((block + 1) * BLOCK)]);
    let found = by_pieces(pairs.len(), 1, |pair| {
        let (one, other) = pairs[pair.start];
        let mut product = Array2::zeros((of(one).ncols(), of(other).ncols()));
        general_mat_mul(1.0, &of(one).t(), &of(other), 0.0, &mut product);
        product
    });
    let mut matrix = vec![0.0; size * size];
    for ((one, other), product) in pairs.into_iter().zip(found) {
        for ((row, column), value) in product.indexed_iter() {
            let (row, column) = (one * BLOCK + row, other * BLOCK + column);
            matrix[row * size + column] = f64::from(*value);
            matrix[column * size + row] = f64::from(*value);
        }
    }
    matrix
}

/// A positive definite matrix as L·Lᵀ (Cholesky).
pub struct Factor {
    size: usize,
    /// Row after row; nothing of meaning above the diagonal.
    l: Vec<f64>,
}

impl Factor {
    /// `matrix`: row after row. None where it is not positive definite.
    pub fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for row in 0..size {
            let (above, own) = matrix.split_at_mut(row * size);
            for column in 0..row {
                let other = &above[column * size..];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            }
            let rest = own[row] - dot(&own[..row], &own[..row]);
            if !(rest.is_finite() && rest > 0.0) {
                return None;
            }
            own[row] = rest.sqrt();
        }
        Some(Self { size, l: matrix })
    }

    /// The y for which L·Lᵀ·y = b.
    pub fn solve(&self, mut b: Vec<f64>) -> Vec<f64> {
        let row = |row: usize| &self.l[row * self.size..][..=row];
        for place in 0..self.size {
            b[place] = (b[place] - dot(&row(place)[..place], &b[..place])) / row(place)[place];
        }
        for place in (0..self.size).rev() {
            b[place] /= row(place)[place];
            let own = b[place];
            b[..place].iter_mut().zip(row(place)).for_each(|(b, l)| *b -= own * l);
        }
        b
    }
}

/// In eight sums, which a processor can add at once.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_solves_what_it_was_made_of() {
        // [[4, 2], [2, 3]] · [1, 2] = [8, 8]
        let solved = Factor::of(vec![4.0, 2.0, 2.0, 3.0], 2).unwrap().solve(vec![8.0, 8.0]);
        assert!((solved[0] - 1.0).abs() < 1e-12 && (solved[1] - 2.0).abs() < 1e-12, "{solved:?}");
        assert!(Factor::of(vec![1.0, 2.0, 2.0, 1.0], 2).is_none(), "not positive definite");
    }

    #[test]
    fn products_are_those_of_all_pairs_of_columns() {
        let a =
            Array2::from_shape_fn((50, 150).f(), |(row, column)| ((row * 7 + column * 13) % 11) as f32 - 5.0);
        let found = products(a.view());
        for (i, j) in [(0, 0), (3, 149), (149, 3), (70, 64), (128, 127)] {
            let wanted: f32 = (0..50).map(|row| a[[row, i]] * a[[row, j]]).sum();
            assert_eq!(found[i * 150 + j], f64::from(wanted), "{i} {j}");
        }
    }
}
