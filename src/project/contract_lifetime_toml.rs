//! `kind = "contract_lifetime"`: what a customer under contract is worth for as long as it stays.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{
    learned_toml::figure,
    model::{About, ModelSpec},
    written::Written,
};
use crate::problem::Result;

#[derive(Clone, Debug)]
pub struct ContractLifetimeSpec {
    /// Table with one row per customer.
    pub from: String,
    /// SQL over it: the margin of a year, while the customer stays. With its place in the file.
    pub margin: (String, Range<usize>),
    /// SQL over it: how likely the customer leaves within `churn_days` (0-1).
    pub churn_probability: (String, Range<usize>),
    pub churn_days: u32,
    /// What a year takes from a unit of money: 0.10 makes 110 in a year worth 100 today.
    pub yearly_discount: f64,
    /// Margin of later years is not counted.
    pub horizon_years: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractLifetimeToml {
    #[serde(rename = "kind")]
    _kind: String,
    description: Option<String>,
    description_zh: Option<String>,
    from: String,
    margin: Spanned<String>,
    churn_probability: Spanned<String>,
    churn_days: Spanned<u32>,
    yearly_discount: Spanned<f64>,
    horizon_years: Spanned<f64>,
}

pub fn read_contract_lifetime(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: ContractLifetimeToml = file.toml()?;
    let placed = |written: Spanned<String>| {
        let span = written.span();
        (written.into_inner(), span)
    };
    let spec = ContractLifetimeSpec {
        from: raw.from,
        margin: placed(raw.margin),
        churn_probability: placed(raw.churn_probability),
        churn_days: figure(
            file,
            "churn_days",
            Some(raw.churn_days),
            90,
            (1, 3660),
            "the horizon of the label that the churn model learns",
        )?,
        yearly_discount: figure(
            file,
            "yearly_discount",
            Some(raw.yearly_discount),
            0.1,
            (0.0, 1.0),
            "it is a share: 10 % a year is 0.10",
        )?,
        horizon_years: figure(
            file,
            "horizon_years",
            Some(raw.horizon_years),
            5.0,
            (0.1, 50.0),
            "five years is usual: nobody knows who will be a customer in twenty",
        )?,
    };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::ContractLifetime(spec)))
}
