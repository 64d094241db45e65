//! A fitted model: from features to probabilities and sizes.

use arrow::array::RecordBatch;
use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::{
    encode::Encoding,
    logistic::{Logistic, probability},
    rows::TrainingRows,
    size::{self, Size},
    spec::{LearnedKind, LearnedSpec},
};
use crate::problem::{Problem, Result};

/// Encoding and estimators, fitted on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub encoding: Encoding,
    pub logistic: Logistic,
    /// Only for an amount.
    pub size: Option<Size>,
}

/// One entry per row.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
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
    /// `rows` has both classes. The second value says what is worth knowing about the fit.
    pub fn fit(rows: &TrainingRows, spec: &LearnedSpec) -> Result<(Self, Vec<String>)> {
        let (encoding, mut notes) = Encoding::learn(&rows.features)?;
        if encoding.width() == 0 {
            return Err(Problem::failed(format!("no column of `{}` can be learned from", spec.features))
                .help(notes.join("; ")));
        }
        let x = encoding.encode(&rows.features)?;
        let (mut logistic, unconverged) = Logistic::fit(&x, &rows.events, spec.penalty)?;
        logistic.intercept -= rows.sampling_offset;
        let size = match spec.kind {
            LearnedKind::Probability => None,
            LearnedKind::Amount => Some(fit_size(&encoding, &x, rows, spec, &mut notes)?),
        };
        notes.extend(rows.note.clone());
        notes.extend(unconverged);
        Ok((Self { encoding, logistic, size }, notes))
    }

    /// Which estimators the model is made of.
    pub fn estimator(&self) -> &'static str {
        if self.size.is_some() { "logistic regression, random forest" } else { "logistic regression" }
    }

    /// Fails when a column is not there or is of another kind than in training.
    pub fn predict(&self, features: &RecordBatch) -> Result<Predictions> {
        Ok(self.predict_encoded(&self.encoding.encode(features)?))
    }

    pub fn predict_encoded(&self, x: &Array2<f64>) -> Predictions {
        Predictions {
            probability: self.logistic.log_odds(x).into_iter().map(probability).collect(),
            size: self.size.as_ref().map(|size| size.predict(x)),
        }
    }

    /// Whether all figures are finite and fit together: else the artifact is damaged.
    pub fn is_sound(&self) -> bool {
        self.encoding.columns.iter().all(|column| column.is_sound())
            && self.logistic.is_finite()
            && self.logistic.coefficients.len() == self.encoding.width()
            && self.size.as_ref().is_none_or(|size| size.is_sound(self.encoding.width()))
    }
}

fn fit_size(
    encoding: &Encoding,
    x: &Array2<f64>,
    rows: &TrainingRows,
    spec: &LearnedSpec,
    notes: &mut Vec<String>,
) -> Result<Size> {
    let mut above_zero: Vec<usize> = (0..rows.events.len()).filter(|row| rows.events[*row]).collect();
    if above_zero.len() > size::MAX_ROWS {
        notes.push(format!(
            "the size is learned from the newest {} of {} rows above zero",
            size::MAX_ROWS,
            above_zero.len()
        ));
        // Rows are in the order of their cutoffs.
        above_zero.drain(..above_zero.len() - size::MAX_ROWS);
    }
    let sizes: Vec<f64> = above_zero.iter().map(|row| rows.label[*row]).collect();
    Size::fit(encoding, &x.select(Axis(0), &above_zero), &sizes, spec.seed)
}
