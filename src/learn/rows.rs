//! The customers of a past day and what became of them; their features are read when they are wanted.

use std::{fmt::Debug, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch, StringArray, UInt32Array},
    compute::{cast, take, take_record_batch},
    datatypes::DataType,
};
use chrono::NaiveDate;

use super::{
    column::{Kind, Values},
    spec::{LearnedKind, LearnedSpec},
};
use crate::problem::{Problem, Result, did_you_mean};

/// The key of every feature table.
pub const KEY: &str = "customer_id";

/// Where the features of a day wait until somebody wants them.
pub trait Features: Debug + Send + Sync {
    /// One row per [`KEY`], sorted by it.
    fn read(&self) -> Result<RecordBatch>;
}

impl Features for RecordBatch {
    fn read(&self) -> Result<RecordBatch> {
        Ok(self.clone())
    }
}

/// The customers of a past day, and what happened to them afterwards. Their features are read when they are wanted: of many
/// days they would not fit into memory at once.
#[derive(Clone, Debug)]
pub struct CutoffRows {
    pub cutoff: NaiveDate,
    pub(super) table: Arc<dyn Features>,
    /// Which rows of the table, or all.
    pub(super) chosen: Option<Vec<u32>>,
    /// Never null.
    pub(super) customers: StringArray,
    /// Aligned with `customers`: 0 or 1 for a probability, the amount for an amount, none when the customer is not in the
    /// label's population.
    pub label: Vec<Option<f64>>,
}

impl CutoffRows {
    /// `customers`: the ids of `table`, as text ([`customer_ids`]); `label`: one for each.
    pub fn new(
        cutoff: NaiveDate,
        table: Arc<dyn Features>,
        customers: StringArray,
        label: Vec<Option<f64>>,
    ) -> Self {
        Self { cutoff, table, chosen: None, customers, label }
    }

    /// Of a table in memory.
    pub fn of(cutoff: NaiveDate, features: RecordBatch, label: Vec<Option<f64>>) -> Result<Self> {
        let customers = customer_ids(&features)?;
        Ok(Self::new(cutoff, Arc::new(features), customers, label))
    }

    /// One row per customer, in the order of the labels.
    pub fn features(&self) -> Result<RecordBatch> {
        let table = self.table.read()?;
        match &self.chosen {
            None => Ok(table),
            Some(rows) => self.rows_of(&table, UInt32Array::from(rows.clone())),
        }
    }

    pub(super) fn rows_of(&self, table: &RecordBatch, rows: UInt32Array) -> Result<RecordBatch> {
        take_record_batch(table, &rows)
            .map_err(|error| Problem::failed(format!("cannot read the features at {}: {error}", self.cutoff)))
    }

    /// Labels of the right number and with values that `kind` allows.
    pub fn check(&self, spec: &LearnedSpec) -> Result<()> {
        let (cutoff, label) = (self.cutoff, &spec.label);
        if self.label.len() != self.customers.len() {
            return Err(Problem::failed(format!(
                "{} labels `{label}` for {} customers at {cutoff}",
                self.label.len(),
                self.customers.len()
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
        let weights = weight.map(|column| weights(&self.features()?, column)).transpose()?;
        let counts = |row: usize| weights.as_ref().is_none_or(|w| w[row] > 0.0);
        if weights.is_none() && self.label.iter().all(Option::is_some) {
            return Ok(self.clone());
        }
        let rows: Vec<u32> = (0u32..)
            .zip(&self.label)
            .filter(|(row, label)| label.is_some() && counts(*row as usize))
            .map(|(row, _)| row)
            .collect();
        self.take(&rows)
    }

    /// Some of the customers, in the order given.
    pub(super) fn take(&self, rows: &[u32]) -> Result<CutoffRows> {
        let customers = take(&self.customers, &UInt32Array::from(rows.to_vec()), None).map_err(|error| {
            Problem::failed(format!("cannot read the customers at {}: {error}", self.cutoff))
        })?;
        let of_table = |row: &u32| self.chosen.as_ref().map_or(*row, |chosen| chosen[*row as usize]);
        Ok(CutoffRows {
            cutoff: self.cutoff,
            table: Arc::clone(&self.table),
            chosen: Some(rows.iter().map(of_table).collect()),
            customers: customers.as_string::<i32>().clone(),
            label: rows.iter().map(|row| self.label[*row as usize]).collect(),
        })
    }
}

/// The customers' ids as text.
pub fn customer_ids(features: &RecordBatch) -> Result<StringArray> {
    let ids = features
        .column_by_name(KEY)
        .ok_or_else(|| Problem::failed(format!("the features lack the key column `{KEY}`")))?;
    let ids = cast(ids, &DataType::Utf8)
        .map_err(|error| Problem::failed(format!("key column `{KEY}`: {error}")))?;
    match ids.null_count() {
        0 => Ok(ids.as_string::<i32>().clone()),
        nulls => Err(Problem::failed(format!("key column `{KEY}` is null in {nulls} rows of the features"))),
    }
}

/// How much each row counts; NaN where that is not known.
pub(super) fn weights(features: &RecordBatch, column: &str) -> Result<Vec<f64>> {
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
