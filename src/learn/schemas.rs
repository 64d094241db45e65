//! The columns of the tables that models give to SQL.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

fn schema(columns: &[(&str, DataType, bool)]) -> SchemaRef {
    let fields: Vec<Field> =
        columns.iter().map(|(name, kind, null)| Field::new(*name, kind.clone(), *null)).collect();
    Arc::new(Schema::new(fields))
}

/// Columns of a learned model's table: one row per customer.
pub fn scores_schema(is_amount: bool) -> SchemaRef {
    use DataType::{Float64, Utf8};
    let mut columns =
        vec![("customer_id", Utf8, false), ("probability", Float64, true), ("log_odds", Float64, true)];
    if is_amount {
        columns.extend([("size", Float64, true), ("expected", Float64, true)]);
    }
    columns.extend(
        ["reasons", "reasons_zh", "reasons_against", "reasons_against_zh"].map(|name| (name, Utf8, true)),
    );
    schema(&columns)
}

/// The engine's tables that tell of models, with their columns.
pub fn of_models() -> [(&'static str, SchemaRef); 4] {
    [
        ("models", models_schema()),
        ("model_metrics", metrics_schema()),
        ("model_tenths", tenths_schema()),
        ("model_gates", gates_schema()),
    ]
}

/// Columns of `luopan.model_metrics`: one row per model, status and metric.
pub fn metrics_schema() -> SchemaRef {
    use DataType::{Date32, Float64, Int64, Utf8};
    schema(&[
        ("model", Utf8, false),
        ("version", Utf8, true),
        ("status", Utf8, false),
        ("estimator", Utf8, true),
        ("metric", Utf8, false),
        ("value", Float64, true),
        ("low", Float64, true),
        ("high", Float64, true),
        ("rows", Int64, true),
        ("events", Int64, true),
        ("train_cutoffs", Utf8, true),
        ("test_cutoff", Date32, true),
        ("meaning", Utf8, false),
        ("meaning_zh", Utf8, false),
    ])
}

/// Columns of `luopan.models`: one row per learned model.
pub fn models_schema() -> SchemaRef {
    use DataType::{Date32, Float64, Int64, Utf8};
    schema(&[
        ("model", Utf8, false),
        ("status", Utf8, false),
        ("version", Utf8, true),
        ("estimator", Utf8, true),
        ("calibration", Utf8, true),
        ("fitted_on", Date32, true),
        ("champion_since", Date32, true),
        ("rows", Int64, true),
        ("events", Int64, true),
        ("challenger", Utf8, true),
        ("reason", Utf8, false),
        ("reason_zh", Utf8, false),
        ("centre", Float64, true),
        ("offset_variance", Float64, true),
        ("slope_variance", Float64, true),
        ("offset_slope_covariance", Float64, true),
    ])
}

/// Columns of `luopan.model_tenths`: what was said and seen in tenths of the holdout.
pub fn tenths_schema() -> SchemaRef {
    use DataType::{Float64, Int64, Utf8};
    schema(&[
        ("model", Utf8, false),
        ("version", Utf8, false),
        ("tenth", Int64, false),
        ("rows", Int64, false),
        ("events", Int64, false),
        ("mean_probability", Float64, false),
        ("observed_rate", Float64, false),
        ("observed_low", Float64, false),
        ("observed_high", Float64, false),
        ("lift", Float64, true),
        ("gain", Float64, true),
    ])
}

/// Columns of `luopan.model_gates`: what tonight's fits had to show.
pub fn gates_schema() -> SchemaRef {
    use DataType::{Boolean, Float64, Utf8};
    schema(&[
        ("model", Utf8, false),
        ("gate", Utf8, false),
        ("passed", Boolean, false),
        ("value", Float64, true),
        ("bound", Float64, true),
        ("finding", Utf8, false),
        ("finding_zh", Utf8, false),
    ])
}
