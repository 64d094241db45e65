//! Arrow's columns as single values: a report has few rows, and each is read by a person.

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Date32Type, Float64Type},
    error::ArrowError,
};
use chrono::NaiveDate;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Unknown,
    Text(String),
    /// Money, too: for people doubles are exact enough, and sums were made before.
    Number(f64),
    Flag(bool),
    Day(NaiveDate),
}

impl Value {
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As data, with a point and no separators; nothing for what is unknown.
    pub fn raw(&self) -> String {
        match self {
            Self::Unknown => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// The values of all rows, column by column.
///
/// Fails on a type that no published table has.
pub fn columns_of(batches: &[RecordBatch], width: usize) -> Result<Vec<Vec<Value>>, ArrowError> {
    let mut columns = vec![Vec::new(); width];
    for batch in batches {
        for (column, values) in batch.columns().iter().zip(&mut columns) {
            push_values(column, values)?;
        }
    }
    Ok(columns)
}

fn push_values(column: &ArrayRef, values: &mut Vec<Value>) -> Result<(), ArrowError> {
    let rows = 0..column.len();
    let valid = |column: &dyn Array, row: usize, value: &dyn Fn(usize) -> Value| match column.is_valid(row) {
        true => value(row),
        false => Value::Unknown,
    };
    match column.data_type() {
        DataType::Null => values.extend(rows.map(|_| Value::Unknown)),
        DataType::Boolean => {
            let flags = column.as_boolean();
            values.extend(rows.map(|row| valid(flags, row, &|row| Value::Flag(flags.value(row)))));
        }
        DataType::Date32 | DataType::Timestamp(..) => {
            let days = cast(column, &DataType::Date32)?;
            let days = days.as_primitive::<Date32Type>();
            let day = |row: usize| {
                let from = NaiveDate::default();
                let day = from.checked_add_signed(chrono::TimeDelta::days(days.value(row).into()));
                day.map_or(Value::Unknown, Value::Day)
            };
            values.extend(rows.map(|row| valid(days, row, &day)));
        }
        kind if kind.is_numeric() => {
            let numbers = cast(column, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            // NaN and the infinite are not figures that anybody could read.
            let number = |row: usize| Some(numbers.value(row)).filter(|n| n.is_finite());
            let value = |row| number(row).map_or(Value::Unknown, Value::Number);
            values.extend(rows.map(|row| valid(numbers, row, &value)));
        }
        _ => {
            let texts = cast(column, &DataType::Utf8)?;
            let texts = texts.as_string::<i32>();
            values.extend(rows.map(|row| valid(texts, row, &|row| Value::Text(texts.value(row).to_owned()))));
        }
    }
    Ok(())
}
