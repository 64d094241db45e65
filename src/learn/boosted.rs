//! Boosted trees for the probability of an event: `forust-ml` grows them, the rest is ours.

#[cfg(test)]
mod tests;

use forust_ml::{GradientBooster, Matrix, sampler::SampleMethod};
use serde::{Deserialize, Serialize};

use super::{
    encode::TreeMatrix,
    spec::BoostedSettings,
    tree::{self, Node, Tree},
};
use crate::problem::{Problem, Result};

/// Deeper trees are refused: the tables that explain them grow with 2^depth, and they measured no better.
pub const MAX_DEPTH: usize = 6;
const MAX_TREES: usize = 5_000;
/// A threshold is one of so many quantiles of its column: 64 measured the same, 256 a little slower.
const BINS: u16 = 128;

/// log-odds = base + Σ trees
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    pub base: f64,
    pub trees: Vec<Tree>,
}

impl BoostedSettings {
    /// Fails when a setting is out of its range.
    pub fn check(&self) -> Result<()> {
        let within = |name: &str, value: f64, low: f64, high: f64| match low <= value && value <= high {
            true => Ok(()),
            false => Err(Problem::setup(format!("`{name}` is {value}: boosted trees take {low} to {high}"))),
        };
        within("trees", self.trees as f64, 1.0, MAX_TREES as f64)?;
        within("depth", self.depth as f64, 1.0, MAX_DEPTH as f64)?;
        within("learning_rate", self.learning_rate, 0.001, 1.0)?;
        within("min_leaf_weight", self.min_leaf_weight, 0.0, 1e6)?;
        // At 0 it finds no split between missing and all else: the empty side has the value 0/0.
        within("l2", self.l2, 0.001, 1e6)?;
        within("column_share", self.column_share, 0.01, 1.0)?;
        within("row_share", self.row_share, 0.01, 1.0)
    }
}

impl Boosted {
    /// `events`: one per row, of both classes; `weights`: one per row, else each row weighs 1.
    ///
    /// The same input, settings and seed give the same bytes on any number of threads. Fails when there is no column, one
    /// class only, or a setting out of its range.
    pub fn fit(
        x: &TreeMatrix,
        events: &[bool],
        weights: Option<&[f64]>,
        settings: &BoostedSettings,
        seed: u64,
        threads: usize,
    ) -> Result<Self> {
        settings.check()?;
        let ones = vec![1.0; events.len()];
        let weights = weights.unwrap_or(&ones);
        check(x, events, weights)?;
        let y: Vec<f64> = events.iter().map(|event| f64::from(*event)).collect();
        let mut booster = booster(settings, x.columns(), seed, threads);
        booster
            .fit(&Matrix::new(x.data(), x.rows(), x.columns()), &y, weights, None)
            .map_err(|error| Problem::failed(format!("the boosted trees could not be grown: {error}")))?;
        let mut trees: Vec<Tree> = booster.trees.iter().map(ours).collect();
        tree::set_covers(&mut trees, x.view(), weights);
        let model = Self { base: booster.base_score, trees };
        match model.is_sound(x.columns()) {
            true => Ok(model),
            false => Err(Problem::failed("the boosted trees ended in figures that are not finite")
                .help("raise `l2` or `min_leaf_weight`")),
        }
    }

    /// One per row.
    pub fn log_odds(&self, x: &TreeMatrix) -> Vec<f64> {
        tree::sums(&self.trees, x.view()).into_iter().map(|sum| self.base + sum).collect()
    }

    /// Whether the trees fit rows of so many columns: else the artifact is damaged.
    pub fn is_sound(&self, columns: usize) -> bool {
        self.base.is_finite()
            && self.trees.iter().all(|tree| tree.is_sound(columns) && tree.depth() <= MAX_DEPTH)
    }
}

fn check(x: &TreeMatrix, events: &[bool], weights: &[f64]) -> Result<()> {
    if x.rows() != events.len() || x.rows() != weights.len() {
        let (rows, events, weights) = (x.rows(), events.len(), weights.len());
        return Err(Problem::failed(format!("{rows} rows, {events} outcomes and {weights} weights")));
    }
    if let Some(odd) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
        return Err(Problem::failed(format!("a row weighs {odd}: weights are finite and not below 0")));
    }
    if x.columns() == 0 {
        return Err(Problem::failed("boosted trees need a column to split"));
    }
    // With one class the log-odds to start from are infinite.
    let weighs = |class: bool| weights.iter().zip(events).any(|(w, event)| *event == class && *w > 0.0);
    match weighs(true) && weighs(false) {
        true => Ok(()),
        false => Err(Problem::failed("boosted trees need rows with the event and rows without it")),
    }
}

fn booster(settings: &BoostedSettings, columns: usize, seed: u64, threads: usize) -> GradientBooster {
    let mut booster = GradientBooster::default();
    booster.iterations = settings.trees;
    booster.max_depth = settings.depth;
    booster.learning_rate = settings.learning_rate as f32;
    booster.min_leaf_weight = settings.min_leaf_weight as f32;
    booster.l2 = settings.l2 as f32;
    booster.nbins = BINS;
    booster.seed = seed;
    // Measured a quarter faster, for a second copy of the binned matrix (two bytes a value).
    booster.tiled_histograms = true;
    booster.parallel = threads > 1;
    booster.num_threads = Some(threads);
    if settings.row_share < 1.0 {
        booster.sample_method = SampleMethod::Random;
        booster.subsample = settings.row_share as f32;
    }
    // It rounds the number of columns down, of one column to none: aim between two numbers.
    let sampled = (settings.column_share * columns as f64).ceil();
    booster.colsample_bytree = ((sampled + 0.5) / columns as f64).min(1.0);
    booster
}

fn ours(tree: &forust_ml::tree::Tree) -> Tree {
    let nodes = tree.nodes.iter().map(|node| match node.is_leaf {
        // `set_covers` counts: theirs are sums of p·(1 − p).
        true => Node::Leaf { value: f64::from(node.weight_value), cover: 0.0 },
        false => Node::Split {
            column: node.split_feature,
            threshold: node.split_value,
            below: node.left_child,
            above: node.right_child,
            missing: node.missing_node,
        },
    });
    Tree(nodes.collect())
}
