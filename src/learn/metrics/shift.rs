//! Has a column, or the score, moved away from what the model was trained on? The population stability index.
//!
//! PSI = Σ (actual − expected) · ln(actual / expected) over the bins' shares: 0 for the same distribution, symmetric.
//! The rule of thumb of credit scoring: below 0.10 no shift to speak of; 0.10 to 0.20 some, look at it; above 0.20
//! (others say 0.25) so much that the model may no longer hold. It is a convention without a theory, and knows
//! nothing of the number of rows: ten bins of a hundred rows on either side reach 0.19 on average by chance alone. So
//! see [`Reference::psi_by_chance`] too.

use std::collections::BTreeMap;

use arrow::array::{Array, StringArray};
use serde::{Deserialize, Serialize};

use super::tenths;

/// Fewer rows than this on either side say nothing.
const LEAST_ROWS: usize = 100;
/// An empty bin counts as one row in ten thousand, as is usual: else it would make the index infinite.
const FLOOR: f64 = 1e-4;
/// Where the rows are known, an empty bin counts as at least so many of them. With 0.0001 a level of 2 % that chance
/// leaves out of a hundred rows would bring 0.10 by itself, and a column with rare levels would seem to have moved
/// beyond chance in 26 of 100 simulated cases; with half a row, in 3.
const FLOOR_ROWS: f64 = 0.5;
/// Levels with a share of their own: at most so many, each with at least this share. The rest is "other".
const MOST_LEVELS: usize = 20;
const LEAST_SHARE: f64 = 0.01;

/// How one column was distributed when the model was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Bins of about a tenth of the rows; `edges` rise, and a value equal to an edge belongs above it. `shares`: one
    /// per bin (edges + 1), then missing.
    Numbers { rows: usize, edges: Vec<f64>, shares: Vec<f64> },
    /// `shares`: one per level, then other, then missing.
    Levels { rows: usize, levels: Vec<String>, shares: Vec<f64> },
}

impl Reference {
    /// NaN and infinite are missing. Equal values share a bin, so one that many rows have (such as 0) has a bin of
    /// its own and there may be fewer than ten; where all are equal, "below" and "above" are bins too.
    pub fn of_numbers(values: &[f64]) -> Self {
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let (order, bins) = tenths(&known);
        let lowest_of = |bin: &std::ops::Range<usize>| known[order[bin.end - 1]];
        // The bins come by falling value; the lowest has no edge.
        let mut edges: Vec<f64> = bins.iter().rev().skip(1).map(lowest_of).collect();
        if let [all] = bins.as_slice()
            && known[order[0]] == lowest_of(all)
        {
            edges = vec![known[order[0]], known[order[0]].next_up()];
        }
        let shares = shares(&number_counts(values, &edges));
        Self::Numbers { rows: values.len(), edges, shares }
    }

    /// Null is missing.
    pub fn of_levels(values: &StringArray) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        values.iter().flatten().for_each(|level| *counts.entry(level).or_default() += 1);
        let least = LEAST_SHARE * values.len() as f64;
        let mut frequent: Vec<(&str, usize)> =
            counts.into_iter().filter(|(_, count)| *count as f64 >= least).collect();
        // Stable: of equally frequent levels the first by name.
        frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let levels: Vec<String> =
            frequent.into_iter().take(MOST_LEVELS).map(|(level, _)| level.to_owned()).collect();
        let shares = shares(&level_counts(values, &levels));
        Self::Levels { rows: values.len(), levels, shares }
    }

    /// PSI of the same column at another time; an empty bin counts as half a row of the side with fewer rows. None
    /// with less than 100 rows then or now, of a column of levels, and of a reference that does not fit together.
    pub fn psi_numbers(&self, values: &[f64]) -> Option<f64> {
        let Self::Numbers { edges, shares: expected, .. } = self else { return None };
        let floor = self.floor(values.len())?;
        index(expected, &shares(&number_counts(values, edges)), floor)
    }

    /// As [`Self::psi_numbers`], of a column of levels; a level that the reference does not know is "other".
    pub fn psi_levels(&self, values: &StringArray) -> Option<f64> {
        let Self::Levels { levels, shares: expected, .. } = self else { return None };
        let floor = self.floor(values.len())?;
        index(expected, &shares(&level_counts(values, levels)), floor)
    }

    /// The PSI that chance exceeds in 1 of 20 cases without any shift, for so many rows now: (1/rows then + 1/rows
    /// now) times the 95 % point of χ² with (bins − 1) degrees of freedom (Yurdakul, "Statistical properties of
    /// population stability index", Western Michigan University 2018). A PSI below it is no evidence of a shift. None
    /// as for the index.
    pub fn psi_by_chance(&self, rows_now: usize) -> Option<f64> {
        let rows = self.enough(rows_now)?;
        let bins = self.shares().iter().filter(|share| **share > 0.0).count();
        let freedom = bins.checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
        // Wilson & Hilferty 1931: χ² / freedom to the third root is about normal; right to 1 % (3 % of one degree).
        let spread = 2.0 / (9.0 * freedom);
        let chi_square = freedom * (1.0 - spread + 1.644_853_626_951_472 * spread.sqrt()).powi(3);
        Some(chi_square * (1.0 / rows + 1.0 / rows_now as f64))
    }

    fn enough(&self, rows_now: usize) -> Option<f64> {
        let (Self::Numbers { rows, .. } | Self::Levels { rows, .. }) = self;
        (rows_now >= LEAST_ROWS && *rows >= LEAST_ROWS).then_some(*rows as f64)
    }

    fn floor(&self, rows_now: usize) -> Option<f64> {
        Some((FLOOR_ROWS / self.enough(rows_now)?.min(rows_now as f64)).max(FLOOR))
    }

    fn shares(&self) -> &[f64] {
        let (Self::Numbers { shares, .. } | Self::Levels { shares, .. }) = self;
        shares
    }
}

/// The index of two lists of shares of the same bins; a share below 0.0001 counts as that. None unless both have the
/// same number of bins, at least one, and every share lies in 0..=1.
pub fn psi(expected: &[f64], actual: &[f64]) -> Option<f64> {
    index(expected, actual, FLOOR)
}

fn index(expected: &[f64], actual: &[f64], floor: f64) -> Option<f64> {
    let sound = |shares: &[f64]| shares.iter().all(|share| (0.0..=1.0).contains(share));
    if expected.is_empty() || expected.len() != actual.len() || !sound(expected) || !sound(actual) {
        return None;
    }
    let term = |(e, a): (&f64, &f64)| {
        let (e, a) = (e.max(floor), a.max(floor));
        (a - e) * (a / e).ln()
    };
    Some(expected.iter().zip(actual).map(term).sum())
}

fn number_counts(values: &[f64], edges: &[f64]) -> Vec<usize> {
    let mut counts = vec![0; edges.len() + 2];
    for value in values {
        let bin =
            if value.is_finite() { edges.partition_point(|edge| edge <= value) } else { edges.len() + 1 };
        counts[bin] += 1;
    }
    counts
}

fn level_counts(values: &StringArray, levels: &[String]) -> Vec<usize> {
    let places: BTreeMap<&str, usize> =
        levels.iter().enumerate().map(|(place, level)| (level.as_str(), place)).collect();
    let mut counts = vec![0; levels.len() + 2];
    for value in values {
        let other = levels.len();
        let bin = value.map_or(other + 1, |level| places.get(level).copied().unwrap_or(other));
        counts[bin] += 1;
    }
    counts
}

fn shares(counts: &[usize]) -> Vec<f64> {
    let total = counts.iter().sum::<usize>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / total).collect()
}

#[cfg(test)]
mod tests;
