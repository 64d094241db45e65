//! What each column adds to a customer's log-odds.

use ndarray::{Array2, ShapeBuilder};

use super::{calibrate::Calibration, encode::Encoding, logistic::Logistic};

/// `log-odds of a row = its base + Σ its values`, up to rounding, whatever the estimator.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// Columns of the feature table.
    pub columns: Vec<String>,
    /// Rows × columns, in log-odds: above 0 raises the probability.
    pub values: Array2<f64>,
    /// Per row, in log-odds: what is there before any column is looked at.
    pub base: Vec<f64>,
}

impl Contributions {
    /// Of a logistic regression, measured from the mean training row. `x`: rows encoded by `encoding`.
    pub fn of(encoding: &Encoding, logistic: &Logistic, x: &Array2<f64>) -> Self {
        // Each column in one piece of memory, as in `x`.
        let mut values = Array2::zeros((x.nrows(), encoding.columns.len()).f());
        let mut base = logistic.intercept;
        let mut weights = logistic.coefficients.iter().zip(x.columns());
        for (mut sum, column) in values.columns_mut().into_iter().zip(&encoding.columns) {
            for (output, (weight, encoded)) in column.outputs.iter().zip(&mut weights) {
                base += weight * output.centre;
                sum.zip_mut_with(&encoded, |sum, x| *sum += weight * (x - output.centre));
            }
        }
        let columns = encoding.columns.iter().map(|column| column.name.clone()).collect();
        Self { columns, values, base: vec![base; x.nrows()] }
    }

    /// `values`: rows × columns of the encoding; `base`: the same for every row.
    pub fn new(encoding: &Encoding, base: f64, values: Array2<f64>) -> Self {
        let columns = encoding.columns.iter().map(|column| column.name.clone()).collect();
        Self { columns, base: vec![base; values.nrows()], values }
    }

    /// Those of calibrated log-odds. A calibration that is no line leaves each column's contribution as it is, and what it
    /// adds to a customer's score is part of the base.
    pub fn calibrated(self, calibration: &Calibration, log_odds: &[f64]) -> Self {
        match calibration {
            Calibration::None => self,
            Calibration::Platt { intercept, slope } => self.rescaled(*slope, *intercept),
            Calibration::Isotonic { .. } => {
                let sums = self.values.rows().into_iter().map(|row| row.sum());
                let base = sums.zip(log_odds).map(|(sum, z)| z - sum).collect();
                Self { base, ..self }
            }
        }
    }

    /// Those of `offset + slope · log-odds`: a calibration of that form (Platt's) keeps them adding up to what is published.
    fn rescaled(mut self, slope: f64, offset: f64) -> Self {
        self.values *= slope;
        self.base.iter_mut().for_each(|base| *base = offset + slope * *base);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    use proptest::prelude::*;

    use super::*;
    use crate::learn::synthetic;

    fn rows(values: &[(Option<f64>, Option<u8>)]) -> RecordBatch {
        let numbers: Float64Array = values.iter().map(|(number, _)| *number).collect();
        let texts: StringArray = values.iter().map(|(_, text)| text.map(|t| format!("level {t}"))).collect();
        synthetic::table(vec![
            ("days", Arc::new(numbers) as ArrayRef),
            ("region", Arc::new(texts) as ArrayRef),
        ])
    }

    proptest! {
        #[test]
        fn contributions_and_base_are_the_log_odds(
            values in prop::collection::vec((prop::option::of(-1e6..1e6f64), prop::option::of(0u8..15)), 2..50),
            weights in prop::collection::vec(-5.0..5.0f64, 40),
            intercept in -5.0..5.0f64,
        ) {
            let features = rows(&values);
            let (encoding, _) = Encoding::learn(&features).unwrap();
            let logistic = Logistic { intercept, coefficients: weights[..encoding.width()].to_vec() };
            let x = encoding.encode(&features).unwrap();
            let contributions = Contributions::of(&encoding, &logistic, &x);
            let rescaled = contributions.clone().rescaled(0.5, -1.0);
            for (row, log_odds) in logistic.log_odds(&x).into_iter().enumerate() {
                let sum = |c: &Contributions| c.base[row] + c.values.row(row).sum();
                prop_assert!((sum(&contributions) - log_odds).abs() < 1e-9);
                prop_assert!((sum(&rescaled) - (0.5 * log_odds - 1.0)).abs() < 1e-9);
            }
            // Measured from the mean row: over the training rows each column's contributions cancel.
            for column in contributions.values.columns() {
                prop_assert!(column.sum().abs() < 1e-7);
            }
        }
    }
}
