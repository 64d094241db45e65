//! The tables that learned models give to SQL.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, SchemaRef},
};

use super::{Metric, train::Outcome};
use crate::problem::{Problem, Result};

/// Columns of a learned model's table: one row per customer.
pub fn scores_schema(is_amount: bool) -> SchemaRef {
    let mut fields = vec![
        Field::new("customer_id", DataType::Utf8, false),
        Field::new("probability", DataType::Float64, true),
    ];
    if is_amount {
        fields.push(Field::new("size", DataType::Float64, true));
        fields.push(Field::new("expected", DataType::Float64, true));
    }
    fields.push(Field::new("reasons", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

/// Columns of `luopan.model_metrics`: one row per model and metric.
pub fn metrics_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("model", DataType::Utf8, false),
        Field::new("version", DataType::Utf8, true),
        Field::new("status", DataType::Utf8, false),
        Field::new("estimator", DataType::Utf8, true),
        Field::new("metric", DataType::Utf8, false),
        Field::new("value", DataType::Float64, true),
        Field::new("rows", DataType::Int64, true),
        Field::new("events", DataType::Int64, true),
        Field::new("train_cutoffs", DataType::Utf8, true),
        Field::new("test_cutoff", DataType::Date32, true),
        Field::new("meaning", DataType::Utf8, false),
    ]))
}

/// One model's rows of `luopan.model_metrics`: its metrics, or one row that says why there are none.
pub fn metrics_batch(model: &str, outcome: &Outcome) -> Result<RecordBatch> {
    let (status, version, estimator, metrics) = match outcome {
        Outcome::Fitted(fitted) => (
            "scored",
            Some(fitted.artifact.version()?),
            Some(fitted.artifact.model.estimator()),
            fitted.metrics.clone(),
        ),
        Outcome::Refused { reason, metrics } => {
            let refusal = Metric {
                metric: "refused".into(),
                value: None,
                rows: metrics.first().map_or(0, |m| m.rows),
                events: metrics.first().map_or(0, |m| m.events),
                train_cutoffs: Vec::new(),
                test_cutoff: None,
                meaning: reason.clone(),
            };
            ("refused", None, None, vec![refusal])
        }
    };
    let days = |m: &Metric| {
        let days: Vec<String> = m.train_cutoffs.iter().map(|d| d.to_string()).collect();
        (!days.is_empty()).then(|| days.join(" "))
    };
    let same = |value: Option<&str>| Arc::new(StringArray::from(vec![value; metrics.len()])) as ArrayRef;
    let columns: Vec<ArrayRef> = vec![
        same(Some(model)),
        same(version.as_deref()),
        same(Some(status)),
        same(estimator),
        Arc::new(StringArray::from_iter_values(metrics.iter().map(|m| &m.metric))),
        Arc::new(Float64Array::from_iter(metrics.iter().map(|m| m.value))),
        Arc::new(Int64Array::from_iter_values(metrics.iter().map(|m| m.rows))),
        Arc::new(Int64Array::from_iter_values(metrics.iter().map(|m| m.events))),
        Arc::new(StringArray::from_iter(metrics.iter().map(days))),
        Arc::new(Date32Array::from_iter(
            metrics.iter().map(|m| m.test_cutoff.map(arrow::datatypes::Date32Type::from_naive_date)),
        )),
        Arc::new(StringArray::from_iter_values(metrics.iter().map(|m| &m.meaning))),
    ];
    RecordBatch::try_new(metrics_schema(), columns)
        .map_err(|e| Problem::failed(format!("metrics of model `{model}`: {e}")))
}
