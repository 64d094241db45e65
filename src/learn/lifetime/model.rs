//! A fitted lifetime model: from purchases to what each customer is expected to buy, and its value today.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, RecordBatch},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use serde::{Deserialize, Serialize};

use super::{
    bg_nbd::{BgNbd, Purchases},
    fit::Fit,
    gamma_gamma::{GammaGamma, correlation},
    histories::Histories,
    value::{Periods, lifetime_value},
};
use crate::{
    learn::{rows::KEY, sentence::Sentence},
    problem::{Problem, Result},
    project::model::LifetimeSpec,
};

/// From here on a correlation of repeats and value is worth a warning.
const NOTABLE_CORRELATION: f64 = 0.3;

/// How often customers buy, and what a purchase is worth; times are in days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifetimeModel {
    pub purchases: Fit<BgNbd>,
    /// Err says why no value is expected of anybody.
    pub value: std::result::Result<Fit<GammaGamma>, Sentence>,
    /// Of repeats with their mean value.
    pub value_correlation: Option<f64>,
}

/// Columns of a lifetime model's table: one row per customer.
pub fn lifetime_schema() -> SchemaRef {
    let double = |name: &str| Field::new(name, DataType::Float64, true);
    Arc::new(Schema::new(vec![
        Field::new(KEY, DataType::Utf8, false),
        double("alive_probability"),
        double("expected_purchases"),
        double("expected_value"),
        double("lifetime_value"),
    ]))
}

impl LifetimeModel {
    /// Err says why there is no honest model.
    pub fn fit(histories: &Histories, min_events: usize) -> std::result::Result<Self, Sentence> {
        let spending = histories.spending();
        Ok(Self {
            purchases: BgNbd::fit(&histories.purchases, min_events).and_then(converged)?,
            value: GammaGamma::fit(&spending, min_events).and_then(converged),
            value_correlation: correlation(&spending),
        })
    }

    /// What is worth knowing about the fit; what begins with "warning: " is shown to everybody.
    pub fn notes(&self) -> Vec<String> {
        let BgNbd { r, alpha, a, b } = self.purchases.model;
        let names = ["r", "alpha_days", "a", "b"];
        let mut notes: Vec<String> = untold(&self.purchases, names, [r, alpha, a, b]).into_iter().collect();
        match &self.value {
            Err(reason) => notes.push(format!("warning: no value is expected: {reason}")),
            Ok(fit) => {
                let GammaGamma { p, q, gamma } = fit.model;
                notes.extend(untold(fit, GammaGamma::NAMES, [p, q, gamma]));
                if fit.model.mean_of_all().is_none() {
                    notes.push(format!(
                        "warning: q is {q:.2}, not above 1: customers differ so much in what they spend that those without \
                         repeats have no expected value"
                    ));
                }
            }
        }
        if let Some(r) = self.value_correlation.filter(|r| r.abs() >= NOTABLE_CORRELATION) {
            notes.push(format!(
                "warning: how often customers buy and what they spend correlate by {r:.2}; the model assumes that they do not"
            ));
        }
        notes
    }

    pub fn is_sound(&self) -> bool {
        self.purchases.model.is_sound() && self.value.as_ref().map_or(true, |fit| fit.model.is_sound())
    }

    /// Purchases expected of each customer in the next `days`.
    pub fn expected_purchases(&self, customers: &[Purchases], days: u32) -> Vec<f64> {
        let model = &self.purchases.model;
        let mut known = HashMap::new();
        let mut if_alive = |c: &Purchases| {
            *known
                .entry((c.repeats, c.age.to_bits()))
                .or_insert_with(|| model.expected_if_alive(f64::from(days), c.repeats, c.age))
        };
        customers.iter().map(|c| model.alive_probability(c) * if_alive(c)).collect()
    }

    /// One row per customer, in the order of `histories`. What is not known, or not finite, is null.
    pub fn score(&self, histories: &Histories, spec: &LifetimeSpec) -> Result<RecordBatch> {
        let model = &self.purchases.model;
        let periods = Periods::new(spec.horizon_days, spec.yearly_discount);
        // Customers of one age and as many repeats share what takes long.
        let mut known = HashMap::new();
        let mut columns: [Vec<Option<f64>>; 4] = Default::default();
        for (customer, mean) in histories.purchases.iter().zip(&histories.mean_value) {
            let (purchases, discounted) = *known
                .entry((customer.repeats, customer.age.to_bits()))
                .or_insert_with(|| periods.purchases_if_alive(model, customer.repeats, customer.age));
            let alive = model.alive_probability(customer);
            let expected_value = self.expected_value(customer.repeats, *mean);
            let value = expected_value.map(|v| lifetime_value(spec.margin, alive * discounted, v));
            let row = [Some(alive), Some(alive * purchases), expected_value, value];
            for (column, figure) in columns.iter_mut().zip(row) {
                column.push(figure.filter(|v| v.is_finite()));
            }
        }
        let doubles = columns.into_iter().map(|column| Arc::new(Float64Array::from(column)) as ArrayRef);
        let columns: Vec<ArrayRef> = std::iter::once(histories.ids.clone()).chain(doubles).collect();
        RecordBatch::try_new(lifetime_schema(), columns)
            .map_err(|error| Problem::failed(format!("lifetimes cannot be put into a table: {error}")))
    }

    /// None without a model of values, and where a customer with repeats has no mean value of 0 or more.
    fn expected_value(&self, repeats: u32, mean: f64) -> Option<f64> {
        let model = self.value.as_ref().ok()?.model;
        (repeats == 0 || mean >= 0.0).then(|| model.expected_value(repeats, mean)).flatten()
    }
}

/// The parameters that the data hardly tell: without a standard error, or with one as large as themselves.
fn untold<M, const N: usize>(fit: &Fit<M>, names: [&str; N], values: [f64; N]) -> Option<String> {
    let untold: Vec<String> = names
        .into_iter()
        .zip(values)
        .zip(&fit.standard_errors)
        .filter(|((_, value), error)| error.is_none_or(|error| error >= *value))
        .map(|((name, value), error)| match error {
            Some(error) => format!("{name} {value:.3} ± {error:.3}"),
            None => format!("{name} {value:.3}"),
        })
        .collect();
    (!untold.is_empty()).then(|| format!("warning: the data hardly tell {}", untold.join(", ")))
}

fn converged<M>(fit: Fit<M>) -> std::result::Result<Fit<M>, Sentence> {
    if fit.converged {
        return Ok(fit);
    }
    Err(Sentence::new(
        "the search for the parameters did not converge from any of its starts",
        "参数搜索从各起点均未收敛",
    ))
}
