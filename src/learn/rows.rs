//! Training rows: the labelled customers of several cutoffs, put together and, if too many, sampled.

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array},
    compute::{cast, concat_batches, take_record_batch},
    datatypes::DataType,
};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::spec::{LearnedKind, LearnedSpec};
use crate::problem::{Problem, Result};

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

    /// The labelled rows only.
    pub fn labelled(&self) -> Result<CutoffRows> {
        let rows: Vec<u32> =
            (0u32..).zip(&self.label).filter(|(_, l)| l.is_some()).map(|(row, _)| row).collect();
        self.take(rows)
    }

    fn take(&self, rows: Vec<u32>) -> Result<CutoffRows> {
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

/// Rows to fit on, by cutoff, then customer.
#[derive(Clone, Debug)]
pub struct TrainingRows {
    /// Without the key and the excluded columns.
    pub features: RecordBatch,
    pub label: Vec<f64>,
    pub events: Vec<bool>,
    /// What sampling added to the log-odds of an event: ln(share of events kept / share of non-events kept).
    pub sampling_offset: f64,
    pub note: Option<String>,
}

impl TrainingRows {
    /// Puts the labelled rows of `cutoffs` (sorted by day) together, at most `max_rows`.
    pub fn gather(cutoffs: &[&CutoffRows], spec: &LearnedSpec) -> Result<Self> {
        let labelled = cutoffs.iter().map(|rows| rows.labelled()).collect::<Result<Vec<_>>>()?;
        let (kept, sampling_offset, note) = sample(labelled, spec)?;
        let label: Vec<f64> = kept.iter().flat_map(|rows| rows.label.iter().flatten().copied()).collect();
        Ok(Self {
            features: together(&kept, spec)?,
            events: label.iter().map(|v| *v > 0.0).collect(),
            label,
            sampling_offset,
            note,
        })
    }

    pub fn event_count(&self) -> usize {
        self.events.iter().filter(|e| **e).count()
    }
}

/// One table of the features of all cutoffs, which must have the same columns.
fn together(cutoffs: &[CutoffRows], spec: &LearnedSpec) -> Result<RecordBatch> {
    let Some(first) = cutoffs.first() else {
        return Err(Problem::failed("no cutoff to train on"));
    };
    let schema = first.features.schema();
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
    let wanted = |name: &str| name != KEY && !spec.exclude.iter().any(|excluded| excluded == name);
    let columns: Vec<usize> =
        (0..schema.fields().len()).filter(|i| wanted(schema.field(*i).name())).collect();
    cutoffs
        .iter()
        .map(|rows| rows.features.project(&columns))
        .collect::<std::result::Result<Vec<_>, _>>()
        .and_then(|batches| concat_batches(&batches[0].schema(), &batches))
        .map_err(|error| Problem::failed(format!("features differ between cutoffs: {error}")))
}

/// Keeps the rarer class whole, up to half of `max_rows`, and fills up with the other: the rows with the smallest hash
/// of (customer, cutoff, seed), so that a row's fate does not hang on its neighbours.
fn sample(cutoffs: Vec<CutoffRows>, spec: &LearnedSpec) -> Result<(Vec<CutoffRows>, f64, Option<String>)> {
    let is_event = |label: &Option<f64>| label.is_some_and(|v| v > 0.0);
    let total: usize = cutoffs.iter().map(|rows| rows.label.len()).sum();
    if total <= spec.max_rows {
        return Ok((cutoffs, 0.0, None));
    }
    let mut by_class: [Vec<([u8; 32], usize, u32)>; 2] = Default::default();
    for (place, rows) in cutoffs.iter().enumerate() {
        let ids = customer_ids(&rows.features)?;
        let ids = ids.as_string::<i32>();
        for (row, label) in (0u32..).zip(&rows.label) {
            let hash = row_hash(ids.value(row as usize), rows.cutoff, spec.seed);
            by_class[usize::from(is_event(label))].push((hash, place, row));
        }
    }
    let sizes = by_class.each_ref().map(Vec::len);
    let rarer = usize::from(sizes[1] <= sizes[0]);
    let mut quota = [0; 2];
    quota[rarer] = sizes[rarer].min(spec.max_rows / 2);
    quota[1 - rarer] = spec.max_rows - quota[rarer];
    let mut kept: Vec<Vec<u32>> = vec![Vec::new(); cutoffs.len()];
    for (class, quota) in by_class.iter_mut().zip(quota) {
        class.sort_unstable();
        class.iter().take(quota).for_each(|(_, place, row)| kept[*place].push(*row));
    }
    let sampled = cutoffs
        .iter()
        .zip(kept)
        .map(|(rows, mut kept)| {
            kept.sort_unstable();
            rows.take(kept)
        })
        .collect::<Result<Vec<_>>>()?;
    let share = |class: usize| quota[class] as f64 / sizes[class] as f64;
    // An empty class is refused by the caller; its share would be 0/0.
    let offset = if sizes[rarer] == 0 { 0.0 } else { (share(1) / share(0)).ln() };
    let note = format!(
        "of {total} rows, {} are used (max_rows): {} of {} events and {} of {} others; the intercept is corrected for it",
        spec.max_rows, quota[1], sizes[1], quota[0], sizes[0]
    );
    Ok((sampled, offset, Some(note)))
}

/// The same for a row on every machine and in every run.
pub fn row_hash(customer_id: &str, cutoff: NaiveDate, seed: u64) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(seed.to_le_bytes());
    digest.update(cutoff.to_string());
    digest.update([0]);
    digest.update(customer_id);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::synthetic;

    fn gathered(max_rows: usize, seed: u64) -> TrainingRows {
        let spec = LearnedSpec { max_rows, seed, ..synthetic::spec(LearnedKind::Probability) };
        let cutoffs =
            ["2025-07-01", "2025-10-01"].map(|d| synthetic::cutoff(d, 2_000, LearnedKind::Probability));
        TrainingRows::gather(&cutoffs.iter().collect::<Vec<_>>(), &spec).unwrap()
    }

    #[test]
    fn only_labelled_rows_and_feature_columns_are_gathered() {
        let rows = gathered(200_000, 7);
        assert_eq!(rows.label.len(), 2 * 1_960, "one of 50 has no label");
        assert_eq!(rows.features.num_rows(), rows.label.len());
        assert!(rows.features.column_by_name(KEY).is_none());
        assert!(rows.features.column_by_name("customer_name").is_none(), "excluded");
        assert_eq!((rows.sampling_offset, rows.note), (0.0, None));
    }

    #[test]
    fn sampling_keeps_every_event_and_the_bound() {
        let (all, sampled) = (gathered(200_000, 7), gathered(2_500, 7));
        assert_eq!(sampled.label.len(), 2_500);
        assert_eq!(sampled.event_count(), all.event_count());
        let kept = (2_500 - all.event_count()) as f64 / (all.label.len() - all.event_count()) as f64;
        assert!((sampled.sampling_offset - (1.0 / kept).ln()).abs() < 1e-12);
        assert_eq!(sampled.features, gathered(2_500, 7).features);
        assert_ne!(sampled.features, gathered(2_500, 8).features);
        // More events than half of the bound: both classes are sampled, and the bound holds.
        let tight = gathered(1_000, 7);
        assert_eq!((tight.label.len(), tight.event_count()), (1_000, 500));
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
