//! A fitted model: from features to calibrated probabilities and sizes.

use arrow::{
    array::{RecordBatch, UInt32Array},
    compute::take_record_batch,
};
use serde::{Deserialize, Serialize};

use super::{
    calibrate::Calibration,
    contributions::Contributions,
    encode::Encoding,
    estimator::Scorer,
    gather::TrainingRows,
    logistic::probability,
    pieces::of_pieces,
    size::{self, Size},
    spec::LearnedSpec,
};
use crate::problem::{Problem, Result};

/// Encoding and estimators, fitted on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub encoding: Encoding,
    pub scorer: Scorer,
    pub calibration: Calibration,
    /// Only for an amount.
    pub size: Option<Size>,
}

/// One entry per row.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// Before calibration.
    pub scores: Vec<f64>,
    /// Calibrated.
    pub log_odds: Vec<f64>,
    pub probability: Vec<f64>,
    /// Only for an amount: how large it is if it is above zero.
    pub size: Option<Vec<f64>>,
}

impl Predictions {
    /// probability × size
    pub fn expected(&self) -> Option<Vec<f64>> {
        let size = self.size.as_ref()?;
        Some(self.probability.iter().zip(size).map(|(p, size)| p * size).collect())
    }
}

impl Model {
    /// Fails when a column is not there or is of another kind than in training.
    pub fn predict(&self, features: &RecordBatch) -> Result<Predictions> {
        self.calibrated(self.scorer.log_odds(&self.encoding, features)?, features)
    }

    fn calibrated(&self, scores: Vec<f64>, features: &RecordBatch) -> Result<Predictions> {
        let log_odds: Vec<f64> = scores.iter().map(|score| self.calibration.log_odds(*score)).collect();
        let size = match &self.size {
            Some(size) => Some(of_pieces(features, |piece| Ok(size.predict(&self.encoding.encode(piece)?)))?),
            None => None,
        };
        Ok(Predictions {
            probability: log_odds.iter().map(|z| probability(*z)).collect(),
            scores,
            log_odds,
            size,
        })
    }

    /// Predictions, and what each column adds to their calibrated log-odds.
    pub fn explain(&self, features: &RecordBatch) -> Result<(Predictions, Contributions)> {
        let (scores, contributions) = self.scorer.explained(&self.encoding, features)?;
        let predictions = self.calibrated(scores, features)?;
        let contributions = contributions.calibrated(&self.calibration, &predictions.log_odds);
        Ok((predictions, contributions))
    }

    /// Whether all figures are finite and fit together: else the artifact is damaged.
    pub fn is_sound(&self) -> bool {
        self.encoding.columns.iter().all(|column| column.is_sound())
            && self.scorer.is_sound(&self.encoding)
            && self.calibration.is_sound()
            && self.size.as_ref().is_none_or(|size| size.is_sound(self.encoding.width()))
    }
}

/// The size of an amount, learned from the rows above zero. The second value says if not all of them were used.
pub fn fit_size(
    encoding: &Encoding,
    rows: &TrainingRows,
    spec: &LearnedSpec,
) -> Result<(Size, Option<String>)> {
    let mut above_zero: Vec<usize> = (0..rows.events.len()).filter(|row| rows.events[*row]).collect();
    let mut note = None;
    if above_zero.len() > size::MAX_ROWS {
        note = Some(format!(
            "the size is learned from the newest {} of {} rows above zero",
            size::MAX_ROWS,
            above_zero.len()
        ));
        // Rows are in the order of their cutoffs.
        above_zero.drain(..above_zero.len() - size::MAX_ROWS);
    }
    let sizes: Vec<f64> = above_zero.iter().map(|row| rows.label[*row]).collect();
    let places = UInt32Array::from_iter_values(above_zero.iter().map(|row| *row as u32));
    let features = take_record_batch(&rows.features, &places)
        .map_err(|error| Problem::failed(format!("cannot read the rows above zero: {error}")))?;
    let x = encoding.encode(&features)?;
    Ok((Size::fit(encoding, &x, &sizes, spec.seed)?, note))
}
