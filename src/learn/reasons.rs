//! Why a customer has its probability: what each column adds to the log-odds.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use ndarray::Array2;

use super::{
    encode::{ColumnEncoding, Encoding},
    logistic::Logistic,
};
use crate::problem::Result;

/// Reasons that are named in the text.
const NAMED: usize = 3;
/// What would be shown as +0.00 is no reason.
const LEAST: f64 = 0.005;

/// `log-odds of a row = base + Σ its contributions`, up to rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// Columns of the feature table.
    pub columns: Vec<String>,
    /// Rows × columns, in log-odds: above 0 raises the probability, measured from the mean training row.
    pub values: Array2<f64>,
    /// The log-odds of the mean training row.
    pub base: f64,
}

impl Contributions {
    /// `x`: rows encoded by `encoding`.
    pub fn of(encoding: &Encoding, logistic: &Logistic, x: &Array2<f64>) -> Self {
        let mut values = Array2::zeros((x.nrows(), encoding.columns.len()));
        let mut base = logistic.intercept;
        let mut weights = logistic.coefficients.iter().zip(x.columns());
        for (mut sum, column) in values.columns_mut().into_iter().zip(&encoding.columns) {
            for (output, (weight, encoded)) in column.outputs.iter().zip(&mut weights) {
                base += weight * output.centre;
                sum.zip_mut_with(&encoded, |sum, x| *sum += weight * (x - output.centre));
            }
        }
        let columns = encoding.columns.iter().map(|column| column.name.clone()).collect();
        Self { columns, values, base }
    }

    /// The columns that raise a row's probability most, the strongest first.
    fn strongest(&self, row: usize) -> Vec<(usize, f64)> {
        let mut raising: Vec<(usize, f64)> =
            self.values.row(row).iter().copied().enumerate().filter(|(_, v)| *v >= LEAST).collect();
        raising.sort_by(|a, b| b.1.total_cmp(&a.1));
        raising.truncate(NAMED);
        raising
    }

    /// One text per row, such as `logins in 30 days: 2 (+0.82); region: North (+0.31)`; none where nothing raises it.
    ///
    /// `descriptions`: what to call a column; without an entry its name.
    pub fn texts(
        &self,
        encoding: &Encoding,
        features: &RecordBatch,
        descriptions: &BTreeMap<String, String>,
    ) -> Result<Vec<Option<String>>> {
        let read = |column: &ColumnEncoding| column.read(features);
        let values = encoding.columns.iter().map(read).collect::<Result<Vec<_>>>()?;
        let shown = |row: usize, (place, value): (usize, f64)| {
            let column = &encoding.columns[place];
            let called = descriptions.get(&column.name).unwrap_or(&column.name);
            format!("{called}: {} ({value:+.2})", values[place].shown(row, column.kind))
        };
        let text = |row| {
            let reasons: Vec<String> =
                self.strongest(row).into_iter().map(|reason| shown(row, reason)).collect();
            (!reasons.is_empty()).then(|| reasons.join("; "))
        };
        Ok((0..self.values.nrows()).map(text).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, StringArray};
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
            for (row, log_odds) in logistic.log_odds(&x).into_iter().enumerate() {
                let sum = contributions.base + contributions.values.row(row).sum();
                prop_assert!((sum - log_odds).abs() < 1e-9, "{} is not {}", sum, log_odds);
            }
            // Measured from the mean row: over the training rows each column's contributions cancel.
            for column in contributions.values.columns() {
                prop_assert!(column.sum().abs() < 1e-7);
            }
        }
    }

    #[test]
    fn the_text_names_what_raises_the_probability() {
        let features =
            rows(&[(Some(10.0), Some(1)), (Some(0.0), None), (None, Some(1)), (Some(5.0), Some(2))]);
        let (encoding, _) = Encoding::learn(&features).unwrap();
        let x = encoding.encode(&features).unwrap();
        let mut logistic = Logistic { intercept: 0.0, coefficients: vec![0.0; encoding.width()] };
        logistic.coefficients[0] = 1.0;
        let contributions = Contributions::of(&encoding, &logistic, &x);
        let called = BTreeMap::from([("days".to_string(), "days since the last login".to_string())]);
        let texts = contributions.texts(&encoding, &features, &called).unwrap();
        assert_eq!(texts[0].as_deref(), Some("days since the last login: 10 (+1.22)"));
        assert_eq!(texts[1..], [None, None, None], "nothing raises theirs");
    }
}
