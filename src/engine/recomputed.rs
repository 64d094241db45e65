//! Columns of the tables that place customers by what the last set was made of.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// With the models of the last set, and everything else as tonight.
pub const MODELS_BEFORE: &str = "models_before";
/// With the models and the project of the last set, on tonight's day.
pub const SETTINGS_BEFORE: &str = "settings_before";
/// With the models and the project of the last set, on its day: it is the lake alone that knows more.
pub const DAY_BEFORE: &str = "day_before";

/// The columns of `NAME_recomputed`.
pub fn recomputed_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let points = |name: &str| Field::new(name, DataType::Decimal128(9, 4), true);
    Arc::new(Schema::new(vec![
        text("scenario"),
        text("customer_id"),
        points("x"),
        points("y"),
        points("x_cut"),
        points("y_cut"),
        text("quadrant"),
        text("quadrant_rule"),
    ]))
}
