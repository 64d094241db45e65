//! Whether tonight's customers are still those that a model learned from.

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};

use super::{Artifact, column::Values, encode::Encoding, metrics::Reference};
use crate::problem::Result;

/// What feature and score distributions looked like at the newest cutoff that a model learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// One per column of the encoding.
    pub columns: Vec<Reference>,
    /// Of the probabilities.
    pub scores: Reference,
}

/// How far distributions have moved; none where too few customers stand on either side.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    pub scores: Option<Psi>,
    /// Per column of the encoding.
    pub columns: Vec<(String, Option<Psi>)>,
}

/// A population stability index, and what chance alone would exceed once in twenty times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Psi {
    pub value: f64,
    by_chance: f64,
}

impl Psi {
    fn of(reference: &Reference, value: Option<f64>, rows: usize) -> Option<Self> {
        Some(Self { value: value?, by_chance: reference.psi_by_chance(rows)? })
    }

    /// Whether it has moved by so much, and by more than chance would.
    pub fn exceeds(self, bound: f64) -> bool {
        self.value >= bound && self.value > self.by_chance
    }
}

impl Population {
    pub fn learn(encoding: &Encoding, features: &RecordBatch, probabilities: &[f64]) -> Result<Self> {
        let of_column = |column: &super::encode::ColumnEncoding| {
            Ok(match column.read(features)? {
                Values::Numbers(numbers) => Reference::of_numbers(&numbers),
                Values::Texts(texts) => Reference::of_levels(&texts),
            })
        };
        Ok(Self {
            columns: encoding.columns.iter().map(of_column).collect::<Result<_>>()?,
            scores: Reference::of_numbers(probabilities),
        })
    }

    pub fn shift(&self, encoding: &Encoding, features: &RecordBatch, probabilities: &[f64]) -> Result<Shift> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (column, reference) in encoding.columns.iter().zip(&self.columns) {
            let psi = match column.read(features)? {
                Values::Numbers(numbers) => reference.psi_numbers(&numbers),
                Values::Texts(texts) => reference.psi_levels(&texts),
            };
            columns.push((column.name.clone(), Psi::of(reference, psi, features.num_rows())));
        }
        let scores = Psi::of(&self.scores, self.scores.psi_numbers(probabilities), features.num_rows());
        Ok(Shift { scores, columns })
    }
}

impl Artifact {
    /// Tonight's customers against those of the newest cutoff that it learned from.
    pub fn shift(&self, features: &RecordBatch) -> Result<Shift> {
        let probabilities = self.probabilities(features)?;
        self.population.shift(&self.model.encoding, features, &probabilities)
    }
}

impl Shift {
    /// The column that has shifted most, of those that together hold `share` of the scores. `importance`: the share of each
    /// column, the largest first.
    pub fn worst_column(&self, importance: &[(String, f64)], share: f64) -> Option<(&str, Psi)> {
        let mut held = 0.0;
        let watched: Vec<&str> = importance
            .iter()
            .take_while(|(_, own)| {
                let more = held < share && *own > 0.0;
                held += own;
                more
            })
            .map(|(name, _)| name.as_str())
            .collect();
        let carries = |name: &str| watched.contains(&name);
        let known = self.columns.iter().filter_map(|(name, psi)| Some((name.as_str(), (*psi)?)));
        known.filter(|(name, _)| carries(name)).max_by(|a, b| a.1.value.total_cmp(&b.1.value))
    }
}
