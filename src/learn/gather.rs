//! Training rows: the labelled customers of several cutoffs, put together and, if too many, sampled.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array},
    compute::concat,
    error::ArrowError,
};
use chrono::NaiveDate;

use super::{
    rows::{CutoffRows, KEY, weights},
    sampling::sample,
    spec::LearnedSpec,
};
use crate::problem::{Problem, Result};

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
        let excluded = |name: &str| name == KEY || spec.exclude.iter().any(|excluded| excluded == name);
        let wanted = |name: &str| weight == Some(name) || !excluded(name);
        let mut features = together(&kept.iter().collect::<Vec<_>>(), wanted)?;
        let mut counted = None;
        if let Some(column) = weight {
            let all = weights(&features, column)?;
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            counted = Some(all.into_iter().map(|w| w / mean).collect());
            features.remove_column(features.schema().index_of(column).unwrap_or_default());
        }
        Ok(Self {
            features,
            events: label.iter().map(|v| *v > 0.0).collect(),
            label,
            weights: counted,
            sampling_offset,
            note,
        })
    }

    pub fn event_count(&self) -> usize {
        self.events.iter().filter(|e| **e).count()
    }
}

/// One table of the `wanted` features of all cutoffs, which must have the same columns. Rows of one day that stand next to
/// each other are read once.
pub(super) fn together(cutoffs: &[&CutoffRows], wanted: impl Fn(&str) -> bool) -> Result<RecordBatch> {
    let mut read: Vec<(NaiveDate, RecordBatch)> = Vec::new();
    for of_day in cutoffs.chunk_by(|one, next| Arc::ptr_eq(&one.table, &next.table)) {
        let first = of_day[0];
        let mut table = first.table.read()?;
        let columns: Vec<usize> = (0..table.num_columns())
            .filter(|column| wanted(table.schema_ref().field(*column).name()))
            .collect();
        table = table.project(&columns).map_err(|error| unlike(&error))?;
        if let Some((day, earlier)) = read.first() {
            same_columns((*day, earlier), (first.cutoff, &table))?;
        }
        if table.num_columns() > 0 && of_day.iter().any(|rows| rows.chosen.is_some()) {
            let all: Vec<u32> = (0..table.num_rows() as u32).collect();
            let rows: Vec<&[u32]> =
                of_day.iter().map(|rows| rows.chosen.as_deref().unwrap_or(&all)).collect();
            table = first.rows_of(&table, UInt32Array::from(rows.concat()))?;
        }
        read.push((first.cutoff, table));
    }
    let Some((_, first)) = read.first() else {
        return Err(Problem::failed("no cutoff to train on"));
    };
    let schema = first.schema();
    // Column by column, so that there are never two copies of the whole.
    let mut parts: Vec<_> = read.into_iter().map(|(_, table)| table.into_parts().1.into_iter()).collect();
    let columns = schema.fields().iter().map(|_| {
        let column: Vec<ArrayRef> = parts.iter_mut().filter_map(Iterator::next).collect();
        concat(&column.iter().map(AsRef::as_ref).collect::<Vec<_>>())
    });
    let columns = columns.collect::<std::result::Result<_, _>>().map_err(|error| unlike(&error))?;
    // Even where no column is left, the rows are counted.
    let rows =
        RecordBatchOptions::new().with_row_count(Some(cutoffs.iter().map(|rows| rows.label.len()).sum()));
    RecordBatch::try_new_with_options(schema, columns, &rows).map_err(|error| unlike(&error))
}

fn unlike(error: &ArrowError) -> Problem {
    Problem::failed(format!("features differ between cutoffs: {error}"))
}

fn same_columns(first: (NaiveDate, &RecordBatch), other: (NaiveDate, &RecordBatch)) -> Result<()> {
    let of = |table: &RecordBatch| -> Vec<String> {
        table.schema().fields().iter().map(|f| format!("`{}` {}", f.name(), f.data_type())).collect()
    };
    let (then, now) = (of(first.1), of(other.1));
    match now.iter().find(|c| !then.contains(c)).or(then.iter().find(|c| !now.contains(c))) {
        None => Ok(()),
        Some(changed) => Err(Problem::failed(format!(
            "the features at {} and {} differ in column {changed}",
            first.0, other.0
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{spec::LearnedKind, synthetic};

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
    fn a_table_without_a_feature_is_as_long_as_its_labels() {
        let with_name = synthetic::cutoff("2025-07-01", 1_000, LearnedKind::Probability);
        let key_alone = with_name.features().unwrap().project(&[0]).unwrap();
        let rows = CutoffRows::of(with_name.cutoff, key_alone, with_name.label).unwrap();
        for max_rows in [200_000, 500] {
            let spec = LearnedSpec { max_rows, ..synthetic::spec(LearnedKind::Probability) };
            let gathered = TrainingRows::gather(&[&rows], &spec).unwrap();
            assert_eq!(
                (gathered.features.num_columns(), gathered.features.num_rows()),
                (0, gathered.label.len())
            );
        }
    }

    #[test]
    fn odd_labels_and_changed_columns_are_problems() {
        let spec = synthetic::spec(LearnedKind::Probability);
        let good = synthetic::cutoff("2025-07-01", 10, LearnedKind::Probability);
        let odd = CutoffRows { label: vec![Some(2.0); 10], ..good.clone() };
        assert!(odd.check(&spec).unwrap_err().message.contains("`churned` is 2"));
        let short = CutoffRows { label: vec![None], ..good.clone() };
        assert!(short.check(&spec).unwrap_err().message.contains("1 labels"));
        let later = synthetic::cutoff("2025-10-01", 10, LearnedKind::Probability);
        let narrow = later.features().unwrap().project(&[0, 2, 3]).unwrap();
        let narrow = CutoffRows::of(later.cutoff, narrow, later.label).unwrap();
        let problem = TrainingRows::gather(&[&good, &narrow], &spec).unwrap_err();
        assert!(problem.message.contains("differ in column"), "{problem}");
    }
}
