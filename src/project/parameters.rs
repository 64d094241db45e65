//! `sql/parameters.toml`: figures that the business decides, as `$name` in every query.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, StringArray},
    compute::{CastOptions, cast_with_options},
    datatypes::DataType,
};
use serde::Deserialize;
use toml::{Spanned, Value};

use super::{
    ordered::Ordered,
    types::{TYPES_HELP, parse_type, type_name},
    written::Written,
};
use crate::problem::{Problem, Result};

/// One figure with a name.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    /// One row: the value, in the declared type.
    pub value: ArrayRef,
    pub description: Option<String>,
    pub description_zh: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterToml {
    value: Spanned<Value>,
    #[serde(rename = "type")]
    data_type: Option<Spanned<String>>,
    description: Option<String>,
    description_zh: Option<String>,
}

/// Parameters that the engine gives.
pub const GIVEN: [&str; 3] = ["as_of", "as_of_date", "horizon_days"];

/// Reads the parameters, in the order written.
pub fn parameters_of(file: Written) -> Result<(Written, Vec<Parameter>)> {
    let raw: Ordered<Spanned<ParameterToml>> = file.toml()?;
    let mut parameters = Vec::new();
    let mut problems = Vec::new();
    for (name, parameter) in raw.0 {
        let span = parameter.span();
        match check(&file, &name, span, parameter.into_inner()) {
            Ok(parameter) => parameters.push(parameter),
            Err(problem) => problems.push(problem),
        }
    }
    Problem::all(problems)?;
    Ok((file, parameters))
}

fn check(file: &Written, name: &str, whole: std::ops::Range<usize>, raw: ParameterToml) -> Result<Parameter> {
    if GIVEN.contains(&name) {
        return Err(file
            .problem(whole, format!("`${name}` is given by the engine"))
            .help("choose another name"));
    }
    if !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
        return Err(file
            .problem(whole, format!("`{name}` cannot be a parameter's name"))
            .help("use letters, digits and _: queries say $name"));
    }
    let value = raw.value.as_ref();
    let (text, usual) = match value {
        Value::Integer(i) => (i.to_string(), DataType::Int64),
        Value::Float(f) => (f.to_string(), DataType::Float64),
        Value::Boolean(b) => (b.to_string(), DataType::Boolean),
        Value::String(s) => (s.clone(), DataType::Utf8),
        Value::Datetime(d) => (d.to_string(), DataType::Date32),
        Value::Array(_) | Value::Table(_) => {
            return Err(file.problem(
                raw.value.span(),
                "a parameter is one value: a number, a text, a date, true or false",
            ));
        }
    };
    let data_type = match &raw.data_type {
        None => usual,
        Some(written) => parse_type(written.as_ref()).ok_or_else(|| {
            file.problem(written.span(), format!("unknown type `{}` of `{name}`", written.as_ref()))
                .help(TYPES_HELP)
        })?,
    };
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let one: ArrayRef = Arc::new(StringArray::from(vec![text.clone()]));
    let value = cast_with_options(&one, &data_type, &strict).map_err(|_| {
        let message = format!("`{text}` is no {}", type_name(&data_type));
        file.problem(raw.value.span(), message)
            .help("money is written as a text, \"200.00\", with type = \"decimal(18,2)\"")
    })?;
    let (description, description_zh) = (raw.description, raw.description_zh);
    Ok(Parameter { name: name.to_owned(), value, description, description_zh })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Parameter>> {
        let file = Written { path: "parameters.toml".into(), text: text.into() };
        parameters_of(file).map(|(_, parameters)| parameters)
    }

    #[test]
    fn a_value_has_the_type_that_it_looks_like_or_the_one_declared() {
        let text = "a = { value = 3 }\nb = { value = 0.5 }\nc = { value = '200.00', type = 'decimal(18,2)' }\n\
                    d = { value = 2026-04-01 }\ne = { value = true }\nf = { value = 2, type = 'double' }\n";
        let types: Vec<String> = read(text).unwrap().iter().map(|p| type_name(p.value.data_type())).collect();
        assert_eq!(types, ["int", "double", "decimal(18,2)", "date", "bool", "double"]);
    }

    #[test]
    fn a_wrong_value_is_shown_at_its_place() {
        for (text, place) in [
            (
                "a = { value = 'much', type = 'decimal(18,2)' }",
                "parameters.toml:1:15: `much` is no decimal(18,2)",
            ),
            ("a = { value = [1] }", "parameters.toml:1:15: a parameter is one value"),
            ("a = { value = 1, typ = 'int' }", "did you mean `type`?"),
            ("as_of = { value = 1 }", "given by the engine"),
            ("a = { value = 1, type = 'integer' }", "unknown type `integer` of `a`"),
        ] {
            let problem = read(text).unwrap_err().to_string();
            assert!(problem.contains(place), "{problem}");
        }
    }
}
