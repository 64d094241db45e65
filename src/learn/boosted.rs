//! Boosted trees for the probability of an event (J. Friedman, "Greedy function approximation: a gradient boosting machine",
//! Annals of Statistics 29 (2001)), with Newton steps and a penalty on the values of leaves, over binned columns.

mod bins;
mod grow;
mod sums;
#[cfg(test)]
mod tests;
mod walk;

use rand::{RngCore, SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

pub use bins::Binned;
use grow::Ground;
use sums::{Layout, Unit, Word};

use super::{
    encode::TreeMatrix,
    logistic::probability,
    spec::BoostedSettings,
    tree::{self, Tree},
};
use crate::problem::{Problem, Result};

/// Deeper trees are refused: the tables that explain them grow with 2^depth, and they measured no better.
pub const MAX_DEPTH: usize = 6;
const MAX_TREES: usize = 5_000;

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
        let binned = Binned::of(x.rows(), x.columns(), |column| Ok(vec![x.column(column).to_vec()]))?;
        Self::grow(&binned, events, weights, settings, seed, threads)
    }

    /// The same from rows that are binned already: several fits can share them.
    pub fn grow(
        x: &Binned,
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
        let total: f64 = weights.iter().sum();
        let share = events.iter().zip(weights).filter(|(e, _)| **e).map(|(_, w)| w).sum::<f64>() / total;
        let mut model =
            Self { base: (share / (1.0 - share)).ln(), trees: Vec::with_capacity(settings.trees) };
        let mut log_odds = vec![model.base; events.len()];
        let mut words: Vec<Word> = vec![0; events.len()];
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut rooms = Vec::new();
        for _ in 0..settings.trees {
            let mut rows = sampled_rows(&mut rng, events.len(), settings.row_share);
            let columns = sampled_columns(&mut rng, x.columns().len(), settings.column_share);
            let unit = set_words(&mut words, &rows, &log_odds, events, weights);
            let layout = Layout::new(x, &columns, threads, rooms);
            let ground = Ground { x, settings, layout, words: &words, unit };
            let mut grown = ground.grow(&mut rows);
            rooms = ground.layout.into_rooms();
            grown.add(x, weights, &mut log_odds);
            model.trees.push(grown.tree);
        }
        match model.is_sound(x.columns().len()) {
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

fn check(x: &Binned, events: &[bool], weights: &[f64]) -> Result<()> {
    if x.rows() != events.len() || x.rows() != weights.len() {
        let (rows, events, weights) = (x.rows(), events.len(), weights.len());
        return Err(Problem::failed(format!("{rows} rows, {events} outcomes and {weights} weights")));
    }
    if let Some(odd) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
        return Err(Problem::failed(format!("a row weighs {odd}: weights are finite and not below 0")));
    }
    if x.columns().is_empty() {
        return Err(Problem::failed("boosted trees need a column to split"));
    }
    // With one class the log-odds to start from are infinite.
    let weighs = |class: bool| weights.iter().zip(events).any(|(w, event)| *event == class && *w > 0.0);
    match weighs(true) && weighs(false) {
        true => Ok(()),
        false => Err(Problem::failed("boosted trees need rows with the event and rows without it")),
    }
}

/// Each row with the probability `share`.
fn sampled_rows(rng: &mut ChaCha8Rng, rows: usize, share: f64) -> Vec<u32> {
    let all = 0..rows as u32;
    if share >= 1.0 {
        return all.collect();
    }
    let bound = (share * 2f64.powi(32)) as u32;
    all.filter(|_| rng.next_u32() < bound).collect()
}

/// So many of the columns, at least one, rising.
fn sampled_columns(rng: &mut ChaCha8Rng, columns: usize, share: f64) -> Vec<usize> {
    let amount = ((share * columns as f64).ceil() as usize).clamp(1, columns);
    let mut sampled = index::sample(rng, columns, amount).into_vec();
    sampled.sort_unstable();
    sampled
}

/// Gradient p − event and curvature p·(1 − p) of the log-loss, of `rows`.
fn set_words(words: &mut [Word], rows: &[u32], log_odds: &[f64], events: &[bool], weights: &[f64]) -> Unit {
    let (mut gradients, mut curvatures) = (0.0, 0.0);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows.iter().map(|row| *row as usize) {
        let p = probability(log_odds[row]);
        let gradient = weights[row] * (p - f64::from(events[row]));
        let curvature = weights[row] * p * (1.0 - p);
        gradients += gradient.abs();
        curvatures += curvature;
        found.push((gradient, curvature));
    }
    let unit = Unit::of(gradients, curvatures);
    for (row, (gradient, curvature)) in rows.iter().zip(found) {
        words[*row as usize] = unit.word(gradient, curvature);
    }
    unit
}
