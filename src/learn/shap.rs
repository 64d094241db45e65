//! What each column adds to a row's log-odds under boosted trees.
//!
//! Path-dependent TreeSHAP (S. Lundberg et al., "From local explanations to global understanding with explainable AI
//! for trees", Nature Machine Intelligence 2 (2020), 56-67): the Shapley values of the game in which columns that are
//! not known yet send a row both ways, in the proportion of the training rows. A row matters to a tree only through which
//! splits it passes, so the values are computed once for all ways to pass them and then looked up, the idea of
//! J. Yang, "Fast TreeSHAP" (2021), arXiv:2109.09847.

mod game;
mod table;
#[cfg(test)]
mod tests;

use ndarray::Array2;

use super::{boosted::Boosted, encode::TreeMatrix};
use table::{Covered, Table};

/// Rows looked up together: their sums stay in a core's cache.
const BLOCK: usize = 2_048;

/// `log-odds of a row = base + Σ its contributions`, up to rounding.
pub struct Explainer {
    /// The mean log-odds of the training rows.
    pub base: f64,
    /// Columns of the feature table.
    columns: usize,
    tables: Vec<Table>,
}

impl Explainer {
    /// `places`: of each column of the matrix, that of its table column ([`TreeMatrix::places`]).
    ///
    /// `model` is sound.
    pub fn new(model: &Boosted, places: &[usize]) -> Self {
        let columns = places.iter().max().map_or(0, |last| last + 1);
        let mut explainer = Self { base: model.base, columns, tables: Vec::new() };
        for tree in &model.trees {
            let tree = Covered::of(tree);
            explainer.base += tree.mean();
            explainer.tables.extend(tree.tables(places));
        }
        explainer
    }

    /// Rows × columns of the feature table; the same on any number of threads.
    pub fn contributions(&self, x: &TreeMatrix, threads: usize) -> Array2<f64> {
        let mut values = Array2::zeros((x.rows(), self.columns));
        let rows = x.rows().div_ceil(threads.max(1)).max(BLOCK);
        if let Some(all) = values.as_slice_mut().filter(|all| !all.is_empty()) {
            std::thread::scope(|scope| {
                for (part, values) in all.chunks_mut(rows * self.columns).enumerate() {
                    scope.spawn(move || self.fill(x, part * rows, values));
                }
            });
        }
        values
    }

    /// `values`: of the rows from `first` on.
    fn fill(&self, x: &TreeMatrix, first: usize, values: &mut [f64]) {
        let mut keys = vec![0; BLOCK];
        let mut sums = vec![0.0; BLOCK * self.columns];
        for (block, values) in values.chunks_mut(BLOCK * self.columns).enumerate() {
            let rows = values.len() / self.columns;
            let first = first + block * BLOCK;
            sums.fill(0.0);
            for table in &self.tables {
                table.keys(x, first, &mut keys[..rows]);
                for (column, values) in table.columns() {
                    let sums = &mut sums[column * BLOCK..column * BLOCK + rows];
                    sums.iter_mut().zip(&keys).for_each(|(sum, key)| *sum += values[usize::from(*key)]);
                }
            }
            for (row, values) in values.chunks_mut(self.columns).enumerate() {
                values.iter_mut().enumerate().for_each(|(column, v)| *v = sums[column * BLOCK + row]);
            }
        }
    }
}
