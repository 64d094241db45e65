//! Training rows: the labelled customers of several cutoffs, put together and, if too many, sampled.

use super::{
    column::{Kind, Values},
    sampling::sample,
    spec::{LearnedKind, LearnedSpec},
};
use crate::problem::{Problem, Result, did_you_mean};
use arrow::{
    array::{Array, ArrayRef, RecordBatch, UInt32Array},
    compute::{cast, concat_batches, take_record_batch},
    datatypes::DataType,
};
use chrono::NaiveDate;

/// The key of every feature table.
pub const KEY: &str = "customer_id";

/// The customers of a past day, and what happened to them afterwards.
#[derive(Clone, Debug)]
pub struct CutoffRows {
    pub cutoff: NaiveDate,
    /// One row per `customer_id` (text), sorted by it.
    pub features: RecordBatch,
    /// Aligned with `features`: 0 or 1 for a probability, the amount for an amount, none when the customer is not in the
    /// label's population.
    pub label: Vec<Option<f64>>,
}

impl CutoffRows {
    /// Labels of the right number and with values that `kind` allows.
    pub fn check(&self, spec: &LearnedSpec) -> Result<()> {
        let (cutoff, label) = (self.cutoff, &spec.label);
        if self.label.len() != self.features.num_rows() {
            return Err(Problem::failed(format!(
                "{} labels `{label}` for {} customers at {cutoff}",
                self.label.len(),
                self.features.num_rows()
            )));
        }
        let wrong = |v: &&f64| match spec.kind {
            LearnedKind::Probability => **v != 0.0 && **v != 1.0,
            LearnedKind::Amount => !v.is_finite(),
        };
        match self.label.iter().flatten().find(wrong) {
            None => Ok(()),
            Some(value) => Err(Problem::failed(format!("label `{label}` is {value} at {cutoff}")).help(
                match spec.kind {
                    LearnedKind::Probability => "the label of a probability is true, false or null",
                    LearnedKind::Amount => "the label of an amount is a finite number or null",
                },
            )),
        }
    }

    /// The rows with a label and, if `weight` names a column, with a weight above zero.
    pub fn labelled(&self, weight: Option<&str>) -> Result<CutoffRows> {
        let weights = weight.map(|column| weights(&self.features, column)).transpose()?;
        let counts = |row: usize| weights.as_ref().is_none_or(|w| w[row] > 0.0);
        if weights.is_none() && self.label.iter().all(Option::is_some) {
            return Ok(self.clone());
        }
        let rows: Vec<u32> = (0u32..)
            .zip(&self.label)
            .filter(|(row, label)| label.is_some() && counts(*row as usize))
            .map(|(row, _)| row)
            .collect();
        self.take(rows)
    }

    pub(super) fn take(&self, rows: Vec<u32>) -> Result<CutoffRows> {
        let label = rows.iter().map(|row| self.label[*row as usize]).collect();
        let features = take_record_batch(&self.features, &UInt32Array::from(rows)).map_err(|error| {
            Problem::failed(format!("cannot read the features at {}: {error}", self.cutoff))
        })?;
        Ok(CutoffRows { cutoff: self.cutoff, features, label })
    }
}

/// The customers' ids as text.
pub fn customer_ids(features: &RecordBatch) -> Result<ArrayRef> {
    let ids = features
        .column_by_name(KEY)
        .ok_or_else(|| Problem::failed(format!("the features lack the key column `{KEY}`")))?;
    let ids = cast(ids, &DataType::Utf8)
        .map_err(|error| Problem::failed(format!("key column `{KEY}`: {error}")))?;
    match ids.null_count() {
        0 => Ok(ids),
        nulls => Err(Problem::failed(format!("key column `{KEY}` is null in {nulls} rows of the features"))),
    }
}

/// How much each row counts; NaN where that is not known.
fn weights(features: &RecordBatch, column: &str) -> Result<Vec<f64>> {
    let array = features.column_by_name(column).ok_or_else(|| {
        let schema = features.schema();
        let near = did_you_mean(column, schema.fields().iter().map(|f| f.name().as_str()));
        Problem::setup(format!("the features lack the weight column `{column}`"))
            .help(near.unwrap_or_else(|| "`weight` names a number of the feature table".into()))
    })?;
    match Values::read(column, array, Kind::Number)? {
        Values::Numbers(weights) => Ok(weights),
        Values::Texts(_) => Err(Problem::setup(format!("weight column `{column}` is text"))),
    }
}

/// Rows to fit on, by cutoff, then customer.
#[derive(Clone, Debug)]
pub struct TrainingRows {
    /// Without the key and the excluded columns.
    pub features: RecordBatch,
    pub label: Vec<f64>,
    pub events: Vec<bool>,
    /// On average 1.
    pub weights: Option<Vec<f64>>,
    /// What sampling added to the log-odds of an event: ln(share of events kept / share of non-events kept).
    pub sampling_offset: f64,
    pub note: Option<String>,
}

impl TrainingRows {
    /// Puts the labelled rows of `cutoffs` (sorted by day) together, at most `max_rows`.
    pub fn gather(cutoffs: &[&CutoffRows], spec: &LearnedSpec) -> Result<Self> {
        let weight = spec.weight.as_deref();
        let labelled = cutoffs.iter().map(|rows| rows.labelled(weight)).collect::<Result<Vec<_>>>()?;
        let (kept, sampling_offset, note) = sample(labelled, spec)?;
        let label: Vec<f64> = kept.iter().flat_map(|rows| rows.label.iter().flatten().copied()).collect();
        let weights = weight.map(|column| {
            let all = kept.iter().map(|rows| weights(&rows.features, column)).collect::<Result<Vec<_>>>()?;
            let all = all.concat();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            Ok(all.into_iter().map(|w| w / mean).collect())
        });
        Ok(Self {
            features: feature_columns(&together(&kept.iter().collect::<Vec<_>>())?, spec)?,
            events: label.iter().map(|v| *v > 0.0).collect(),
            label,
            weights: weights.transpose()?,
            sampling_offset,
            note,
        })
    }

    pub fn event_count(&self) -> usize {
        self.events.iter().filter(|e| **e).count()
    }
}

/// One table of the features of all cutoffs, which must have the same columns.
pub(super) fn together(cutoffs: &[&CutoffRows]) -> Result<RecordBatch> {
    let Some(first) = cutoffs.first() else {
        return Err(Problem::failed("no cutoff to train on"));
    };
    let of = |rows: &CutoffRows| -> Vec<String> {
        rows.features.schema().fields().iter().map(|f| format!("`{}` {}", f.name(), f.data_type())).collect()
    };
    for rows in cutoffs {
        let (then, now) = (of(first), of(rows));
        if let Some(changed) =
            now.iter().find(|c| !then.contains(c)).or(then.iter().find(|c| !now.contains(c)))
        {
            return Err(Problem::failed(format!(
                "the features at {} and {} differ in column {changed}",
                first.cutoff, rows.cutoff
            )));
        }
    }
    concat_batches(&first.features.schema(), cutoffs.iter().map(|rows| &rows.features))
        .map_err(|error| Problem::failed(format!("features differ between cutoffs: {error}")))
}

/// The columns that can be features, and no other.
fn feature_columns(table: &RecordBatch, spec: &LearnedSpec) -> Result<RecordBatch> {
    let schema = table.schema();
    let wanted = |name: &str| {
        let excluded = spec.exclude.iter().any(|excluded| excluded == name);
        name != KEY && spec.weight.as_deref() != Some(name) && !excluded
    };
    let columns: Vec<usize> =
        (0..schema.fields().len()).filter(|i| wanted(schema.field(*i).name())).collect();
    table.project(&columns).map_err(|error| Problem::failed(format!("features `{}`: {error}", spec.features)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::synthetic;

    #[test]
    fn only_labelled_rows_and_feature_columns_are_gathered() {
        let cutoffs =
            ["2025-07-01", "2025-10-01"].map(|d| synthetic::cutoff(d, 2_000, LearnedKind::Probability));
        let spec = synthetic::spec(LearnedKind::Probability);
        let rows = TrainingRows::gather(&cutoffs.iter().collect::<Vec<_>>(), &spec).unwrap();
        assert_eq!(rows.label.len(), 2 * 1_960, "one of 50 has no label");
        assert_eq!(rows.features.num_rows(), rows.label.len());
        assert!(rows.features.column_by_name(KEY).is_none());
        assert!(rows.features.column_by_name("customer_name").is_none(), "excluded");
        assert_eq!((rows.sampling_offset, rows.note), (0.0, None));
    }

    #[test]
    fn odd_labels_and_changed_columns_are_problems() {
        let spec = synthetic::spec(LearnedKind::Probability);
        let good = synthetic::cutoff("2025-07-01", 10, LearnedKind::Probability);
        let odd = CutoffRows { label: vec![Some(2.0); 10], ..good.clone() };
        assert!(odd.check(&spec).unwrap_err().message.contains("`churned` is 2"));
        let short = CutoffRows { label: vec![None], ..good.clone() };
        assert!(short.check(&spec).unwrap_err().message.contains("1 labels"));
        let mut narrow = synthetic::cutoff("2025-10-01", 10, LearnedKind::Probability);
        narrow.features = narrow.features.project(&[0, 2, 3]).unwrap();
        let problem = TrainingRows::gather(&[&good, &narrow], &spec).unwrap_err();
        assert!(problem.message.contains("differ in column"), "{problem}");
    }
}
