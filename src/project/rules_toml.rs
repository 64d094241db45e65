//! `kind = "rules"`: the first rule that holds for a customer decides.

use std::ops::Range;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::{
    model::{About, ModelSpec},
    ordered::ordered,
    written::Written,
};
use crate::problem::Result;

/// Rules in order of precedence.
#[derive(Clone, Debug)]
pub struct RulesSpec {
    /// Table with one row per customer.
    pub from: String,
    pub rules: Vec<Rule>,
    /// For those for whom no rule holds; without it they have nulls.
    pub otherwise: Option<IndexMap<String, Then>>,
    /// What the rules give, in the order of first mention.
    pub columns: IndexMap<String, ThenType>,
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub name: String,
    pub name_span: Range<usize>,
    pub description: Option<String>,
    pub description_zh: Option<String>,
    /// SQL over `from`, with its place in the file.
    pub when: (String, Range<usize>),
    pub then: IndexMap<String, Then>,
}

/// What a rule gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    Text(String),
    Int(i64),
    Double(f64),
    Bool(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThenType {
    Text,
    Int,
    Double,
    Bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    from: String,
    rule: Spanned<Vec<Spanned<RuleToml>>>,
    #[serde(default, deserialize_with = "ordered")]
    otherwise: IndexMap<String, Spanned<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleToml {
    name: Spanned<String>,
    description: Option<String>,
    description_zh: Option<String>,
    when: Spanned<String>,
    #[serde(deserialize_with = "ordered")]
    then: IndexMap<String, Spanned<Value>>,
}

/// The rule of those for whom none holds.
pub const OTHERWISE: &str = "otherwise";

pub fn read_rules(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: RulesToml = file.toml()?;
    let whole = raw.rule.span();
    let mut columns = IndexMap::new();
    let mut rules: Vec<Rule> = Vec::new();
    for rule in raw.rule.into_inner() {
        let RuleToml { name, description, description_zh, when, then } = rule.into_inner();
        let span = name.span();
        let name = name.into_inner();
        if name.trim().is_empty() || name == OTHERWISE || name.contains(',') {
            return Err(file
                .problem(span, format!("a rule cannot be named `{name}`"))
                .help("names are listed with commas between them, and `otherwise` is for those for whom no rule holds"));
        }
        if rules.iter().any(|r| r.name == name) {
            return Err(file.problem(span, format!("two rules are named `{name}`")));
        }
        if then.is_empty() {
            return Err(file
                .problem(span, format!("the rule `{name}` gives nothing"))
                .help("write then = { column = value }"));
        }
        let name_span = span;
        let then = given(file, then, &mut columns)?;
        let span = when.span();
        rules.push(Rule {
            name,
            name_span,
            description,
            description_zh,
            when: (when.into_inner(), span),
            then,
        });
    }
    if rules.is_empty() {
        return Err(file.problem(whole, "there is no rule").help("write [[rule]] with name, when and then"));
    }
    let otherwise = match raw.otherwise.is_empty() {
        true => None,
        false => Some(given(file, raw.otherwise, &mut columns)?),
    };
    let spec = RulesSpec { from: raw.from, rules, otherwise, columns };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Rules(spec)))
}

/// Values with one type per column over all rules; whole numbers are numbers.
fn given(
    file: &Written,
    raw: IndexMap<String, Spanned<Value>>,
    columns: &mut IndexMap<String, ThenType>,
) -> Result<IndexMap<String, Then>> {
    let mut values = IndexMap::new();
    for (column, value) in raw {
        let span = value.span();
        if matches!(column.as_str(), "customer_id" | "rule" | "rules_held") {
            return Err(file.problem(span, format!("`{column}` is a column of every table of rules")));
        }
        let (value, kind) = match value.into_inner() {
            Value::String(text) => (Then::Text(text), ThenType::Text),
            Value::Integer(i) => (Then::Int(i), ThenType::Int),
            Value::Float(f) if f.is_finite() => (Then::Double(f), ThenType::Double),
            Value::Boolean(b) => (Then::Bool(b), ThenType::Bool),
            _ => {
                let message = format!("`{column}` is neither a text nor a number nor true or false");
                return Err(file.problem(span, message));
            }
        };
        let known = columns.entry(column.clone()).or_insert(kind);
        *known = match (*known, kind) {
            (a, b) if a == b => a,
            (ThenType::Int | ThenType::Double, ThenType::Int | ThenType::Double) => ThenType::Double,
            _ => {
                let message = format!("`{column}` is of another type than in a rule above");
                return Err(file.problem(span, message).help("one column has one type"));
            }
        };
        values.insert(column, value);
    }
    Ok(values)
}
