//! `kind = "capacity"`: whom to take first when there is not time for all.

use std::ops::Range;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::{
    model::{About, ModelSpec},
    written::Written,
};
use crate::problem::Result;

/// SQL that somebody wrote, with its place in the file.
type Sql = (String, Range<usize>);

#[derive(Clone, Debug)]
pub struct CapacitySpec {
    /// Table with one row per customer.
    pub from: String,
    /// Who can be taken at all; without it everybody.
    pub only: Option<Sql>,
    /// Money that taking a customer is worth; who is worth nothing is not taken.
    pub value: Sql,
    /// What it takes, in the unit of `capacity`; without it 1.
    pub effort: Option<Sql>,
    /// How much there is, for all or for each group.
    pub capacity: Sql,
    /// Column of `from`: each of its values has the capacity for itself.
    pub per: Option<Sql>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    from: String,
    only: Option<Spanned<String>>,
    value: Spanned<String>,
    effort: Option<Spanned<String>>,
    capacity: Spanned<Value>,
    per: Option<Spanned<String>>,
}

pub fn read_capacity(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: CapacityToml = file.toml()?;
    let placed = |written: Spanned<String>| {
        let span = written.span();
        (written.into_inner(), span)
    };
    let spec = CapacitySpec {
        from: raw.from,
        only: raw.only.map(placed),
        value: placed(raw.value),
        effort: raw.effort.map(placed),
        capacity: capacity(file, raw.capacity)?,
        per: raw.per.map(placed),
    };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Capacity(spec)))
}

/// A number, or SQL such as `$calls_per_week`.
fn capacity(file: &Written, raw: Spanned<Value>) -> Result<Sql> {
    let span = raw.span();
    match raw.into_inner() {
        Value::String(sql) => Ok((sql, span)),
        Value::Integer(i) if i >= 0 => Ok((i.to_string(), span)),
        Value::Float(f) if f >= 0.0 && f.is_finite() => Ok((f.to_string(), span)),
        other => Err(file
            .problem(span, format!("a capacity of {other}"))
            .help("write a number from 0 up, or a parameter: \"$calls_per_week\"")),
    }
}
