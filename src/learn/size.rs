//! How large an amount is when it is above zero: a random forest on its logarithm.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use smartcore::{
    ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters},
    linalg::basic::{arrays::Array, matrix::DenseMatrix},
};

use super::{
    encode::{Encoding, Part},
    tree::{self, Tree},
};
use crate::problem::{Problem, Result};

/// Rows that a forest is grown on at most: the newest.
pub const MAX_ROWS: usize = 20_000;
const TREES: usize = 60;
const MAX_DEPTH: u16 = 10;
const MIN_SAMPLES_SPLIT: usize = 20;
const MIN_SAMPLES_LEAF: usize = 5;

/// size = smearing · exp(mean of the trees) − 1
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Size {
    pub trees: Vec<Tree>,
    /// Mean of exp(actual − predicted) of the logarithms, over training rows as seen by the trees not grown on them
    /// (N. Duan, "Smearing estimate: a nonparametric retransformation method", JASA 78 (1983), 605-610). Without it the
    /// result is a median rather than a mean, hence too low.
    pub smearing: f64,
}

impl Size {
    /// `x`: rows × columns of `encoding`; `sizes`: above 0, one per row. The same rows and seed give the same forest.
    pub fn fit(encoding: &Encoding, x: &Array2<f64>, sizes: &[f64], seed: u64) -> Result<Self> {
        let columns = splittable(encoding);
        let matrix = dense(x, &columns)?;
        let logs: Vec<f64> = sizes.iter().map(|size| size.ln_1p()).collect();
        let forest = grow(&matrix, &logs, seed)?;
        let unseen: Vec<f64> = forest.predict_oob(&matrix).map_err(failed)?;
        // NaN: a row that every tree was grown on.
        let ratios: Vec<f64> =
            unseen.iter().zip(&logs).filter(|(p, _)| p.is_finite()).map(|(p, log)| (log - p).exp()).collect();
        if ratios.is_empty() {
            return Err(Problem::failed(format!("{} rows are too few for a forest", sizes.len())));
        }
        let smearing = ratios.iter().sum::<f64>() / ratios.len() as f64;
        Ok(Self { trees: smartcore_forest::trees(&forest, &columns)?, smearing })
    }

    /// One size per row of `x`, which has the columns of the encoding.
    pub fn predict(&self, x: &Array2<f64>) -> Vec<f64> {
        let size = |sum: f64| (self.smearing * (sum / self.trees.len() as f64).exp() - 1.0).max(0.0);
        tree::sums(&self.trees, x.view()).into_iter().map(size).collect()
    }

    /// Whether the trees fit rows of so many columns: else the artifact is damaged.
    pub fn is_sound(&self, columns: usize) -> bool {
        self.smearing.is_finite()
            && self.smearing > 0.0
            && !self.trees.is_empty()
            && self.trees.iter().all(|tree| tree.is_sound(columns))
    }
}

type Forest = RandomForestRegressor<f64, f64, DenseMatrix<f64>, Vec<f64>>;

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::failed(format!("the size's forest failed: {error}"))
}

/// Columns of the matrix that a tree may split: splines only repeat what a split of the column itself can do.
fn splittable(encoding: &Encoding) -> Vec<usize> {
    let spline = |part| matches!(part, Part::Below { .. } | Part::Above { .. });
    encoding
        .outputs()
        .enumerate()
        .filter(|(_, output)| !spline(output.part))
        .map(|(column, _)| column)
        .collect()
}

fn dense(x: &Array2<f64>, columns: &[usize]) -> Result<DenseMatrix<f64>> {
    let data: Vec<f64> = columns.iter().flat_map(|column| x.column(*column).to_vec()).collect();
    DenseMatrix::new(x.nrows(), columns.len(), data, true).map_err(failed)
}

fn grow(matrix: &DenseMatrix<f64>, logs: &Vec<f64>, seed: u64) -> Result<Forest> {
    let settings = RandomForestRegressorParameters::default()
        .with_n_trees(TREES)
        .with_max_depth(MAX_DEPTH)
        .with_min_samples_split(MIN_SAMPLES_SPLIT)
        .with_min_samples_leaf(MIN_SAMPLES_LEAF)
        // Half of the columns at each split: with a third, one column that matters is too often not at hand.
        .with_m(matrix.shape().1.div_ceil(2))
        .with_keep_samples(true)
        .with_seed(seed);
    Forest::fit(matrix, logs, settings).map_err(failed)
}

/// The parts of smartcore's forest that predict, as its serde writes them (its fields are private). Ours is smaller, can
/// be checked on reading, and outlives a change of crate.
mod smartcore_forest {
    use serde::Deserialize;

    use super::{Forest, failed};
    use crate::{
        learn::tree::{Node, Tree},
        problem::Result,
    };

    #[derive(Deserialize)]
    struct Written {
        forest_regressor: WrittenForest,
    }

    #[derive(Deserialize)]
    struct WrittenForest {
        trees: Vec<WrittenTree>,
    }

    #[derive(Deserialize)]
    struct WrittenTree {
        nodes: Vec<WrittenNode>,
    }

    #[derive(Deserialize)]
    struct WrittenNode {
        output: f64,
        split_feature: usize,
        split_value: Option<f64>,
        true_child: Option<usize>,
        false_child: Option<usize>,
    }

    /// `columns`: the encoding's column of each of the forest's.
    pub fn trees(forest: &Forest, columns: &[usize]) -> Result<Vec<Tree>> {
        let written = serde_json::to_value(forest).map_err(failed)?;
        let written: Written = serde_json::from_value(written).map_err(failed)?;
        let node = |node: WrittenNode| match (node.split_value, node.true_child, node.false_child) {
            (Some(at), Some(yes), Some(no)) => Node::Split {
                column: columns[node.split_feature],
                // Theirs sends a row there if it is at most `at`, ours if it is below the threshold.
                threshold: at.next_up(),
                below: yes,
                above: no,
                // The encoding leaves nothing missing.
                missing: no,
            },
            _ => Node::Leaf { value: node.output, cover: 0.0 },
        };
        let trees = written.forest_regressor.trees.into_iter();
        Ok(trees.map(|tree| Tree(tree.nodes.into_iter().map(node).collect())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{
        gather::TrainingRows,
        spec::{LearnedKind, LearnedSpec},
        synthetic,
    };

    /// Sizes are 0.1 to 0.5 of the revenue, 0.3 on average.
    fn fitted() -> (Encoding, Array2<f64>, Vec<f64>) {
        let spec = LearnedSpec { exclude: vec![], ..synthetic::spec(LearnedKind::Amount) };
        let cutoff = synthetic::cutoff("2026-01-01", 6_000, LearnedKind::Amount);
        let rows = TrainingRows::gather(&[&cutoff], &spec).unwrap();
        let (encoding, _) = Encoding::learn(&rows.features).unwrap();
        let events: Vec<usize> = (0..rows.events.len()).filter(|row| rows.events[*row]).collect();
        let x = encoding.encode(&rows.features).unwrap().select(ndarray::Axis(0), &events);
        let sizes = events.iter().map(|row| rows.label[*row]).collect();
        (encoding, x, sizes)
    }

    #[test]
    fn the_same_seed_gives_the_same_forest_whose_sizes_add_up() {
        let (encoding, x, sizes) = fitted();
        let size = Size::fit(&encoding, &x, &sizes, 7).unwrap();
        assert!(size.is_sound(encoding.width()));
        assert_eq!(size, Size::fit(&encoding, &x, &sizes, 7).unwrap());
        assert_ne!(size, Size::fit(&encoding, &x, &sizes, 8).unwrap());
        assert!(size.smearing > 1.0, "{}", size.smearing);
        let ratio = size.predict(&x).iter().sum::<f64>() / sizes.iter().sum::<f64>();
        assert!((0.8..1.2).contains(&ratio), "{ratio}");
    }

    #[test]
    fn our_trees_predict_what_smartcore_predicts() {
        let (encoding, x, sizes) = fitted();
        let columns = splittable(&encoding);
        let matrix = dense(&x, &columns).unwrap();
        let logs: Vec<f64> = sizes.iter().map(|size| size.ln_1p()).collect();
        let theirs = grow(&matrix, &logs, 7).unwrap();
        let ours = Size { trees: smartcore_forest::trees(&theirs, &columns).unwrap(), smearing: 1.0 };
        let again: Size = serde_json::from_str(&serde_json::to_string(&ours).unwrap()).unwrap();
        assert_eq!(ours, again);
        for (ours, theirs) in again.predict(&x).iter().zip(theirs.predict(&matrix).unwrap()) {
            assert!((ours.ln_1p() - theirs).abs() < 1e-9, "{ours} is not {}", theirs.exp_m1());
        }
    }
}
