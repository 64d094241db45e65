//! The figures of a lifetime model, each with what it means in plain words.

use chrono::NaiveDate;

use super::{bg_nbd::BgNbd, fit::Fit, gamma_gamma::GammaGamma, model::LifetimeModel};
use crate::learn::{Metric, metrics};

/// The customers that a figure speaks of.
#[derive(Clone, Debug)]
pub struct Customers {
    pub rows: usize,
    /// Those among them who have bought more than once.
    pub repeaters: usize,
    /// What the model was fitted on: the purchases known that day.
    pub fitted_at: NaiveDate,
    /// The day after which the purchases came that it was measured by.
    pub measured_at: Option<NaiveDate>,
}

impl Customers {
    fn metric(&self, name: &str, value: Option<f64>, meaning: String) -> Metric {
        Metric {
            metric: name.into(),
            value,
            interval: None,
            rows: self.rows as i64,
            events: self.repeaters as i64,
            train_cutoffs: vec![self.fitted_at],
            test_cutoff: self.measured_at,
            meaning,
        }
    }

    /// What came in `days` against what was expected, and against `as_before`: each going on at its own past rate; all by
    /// customer.
    pub fn measure(&self, expected: &[f64], as_before: &[f64], actual: &[f64], days: u32) -> Vec<Metric> {
        let n = actual.len().max(1) as f64;
        let off = |expected: &[f64]| expected.iter().zip(actual).map(|(e, a)| (e - a).abs()).sum::<f64>() / n;
        let mean = actual.iter().sum::<f64>() / n;
        let (ours, before, constant) = (off(expected), off(as_before), off(&vec![mean; actual.len()]));
        let value = |name: &str| match name {
            "total_ratio" => metrics::total_ratio(expected, actual),
            "spearman" => metrics::spearman(expected, actual),
            _ => (!actual.is_empty()).then_some(ours),
        };
        let meaning = |name: &str, v: f64| match name {
            "total_ratio" => format!(
                "the expected purchases of all customers add up to {v:.2} times those that came in the next {days} days"
            ),
            "spearman" => format!(
                "ordering customers by expected purchases agrees with the order of those that came by {v:.2} (1: the same \
                 order, 0: none)"
            ),
            _ => format!(
                "the expected purchases in {days} days are off by {v:.2} on average (each customer going on at its own past \
                 rate: {before:.2}; {mean:.2} of everybody: {constant:.2})"
            ),
        };
        let metric = |name: &str| {
            let value = value(name);
            let undefined =
                || "undefined: all customers bought, or were expected to buy, equally often".into();
            self.metric(name, value, value.map_or_else(undefined, |v| meaning(name, v)))
        };
        EVALUATION.map(metric).into()
    }

    /// The same figures without values.
    pub fn unmeasured(&self, reason: &str) -> Vec<Metric> {
        EVALUATION.map(|name| self.metric(name, None, format!("not measured: {reason}"))).into()
    }

    /// The parameters with their standard errors, and the assumption that can be checked.
    pub fn estimates(&self, model: &LifetimeModel) -> Vec<Metric> {
        let BgNbd { r, alpha, a, b } = model.purchases.model;
        let buys = format!("while they stay, customers buy {:.1} times a year on average", 365.0 * r / alpha);
        let leaves = format!("{:.1} of 100 repeat purchases are the last", 100.0 * a / (a + b));
        let parameter = |name: &str, value: f64, error: &Option<f64>, meaning: &str| {
            let error =
                error.map_or("no standard error".into(), |error| format!("standard error {error:.3}"));
            self.metric(name, Some(value), format!("{meaning} ({name} {value:.3}, {error})"))
        };
        let fit = &model.purchases;
        let mut rows: Vec<Metric> = ["r", "alpha_days", "a", "b"]
            .into_iter()
            .zip([(r, &buys), (alpha, &buys), (a, &leaves), (b, &leaves)])
            .zip(&fit.standard_errors)
            .map(|((name, (value, meaning)), error)| parameter(name, value, error, meaning))
            .collect();
        match &model.value {
            Err(reason) => rows.extend(
                GammaGamma::NAMES.map(|name| self.metric(name, None, format!("not estimated: {reason}"))),
            ),
            Ok(Fit { model: values, standard_errors, .. }) => {
                let meaning = values
                    .mean_of_all()
                    .map_or("purchases have no mean value: a few customers spend too much".into(), |mean| {
                        format!("a purchase is worth {mean:.2} on average over customers")
                    });
                let figures = [values.p, values.q, values.gamma].into_iter().zip(standard_errors);
                rows.extend(
                    GammaGamma::NAMES
                        .into_iter()
                        .zip(figures)
                        .map(|(name, (value, error))| parameter(name, value, error, &meaning)),
                );
            }
        }
        let correlation = model.value_correlation.map_or("undefined: nothing varies".into(), |v| {
            format!(
                "how often customers buy and what they spend correlate by {v:.2}; the model of values assumes 0"
            )
        });
        rows.push(self.metric("value_correlation", model.value_correlation, correlation));
        rows
    }
}

const EVALUATION: [&str; 3] = ["total_ratio", "spearman", "mae"];
