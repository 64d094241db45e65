//! The figures of a lifetime model, each with what it means in plain words.

use chrono::NaiveDate;

use super::{bg_nbd::BgNbd, fit::Fit, gamma_gamma::GammaGamma, model::LifetimeModel};
use crate::learn::{Metric, meaning::unmeasured, metrics, sentence::Sentence};

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
    fn metric(&self, name: &str, value: Option<f64>, meaning: Sentence) -> Metric {
        Metric {
            metric: name.into(),
            value,
            interval: None,
            rows: self.rows as i64,
            events: self.repeaters as i64,
            train_cutoffs: vec![self.fitted_at],
            test_cutoff: self.measured_at,
            meaning: meaning.english,
            meaning_zh: meaning.chinese,
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
            "total_ratio" => Sentence::new(
                format!(
                    "the expected purchases of all customers add up to {v:.2} times those that came in the next {days} days"
                ),
                format!("全部客户的预期购买次数之和为其后 {days} 天实际次数的 {v:.2} 倍"),
            ),
            "spearman" => Sentence::new(
                format!(
                    "ordering customers by expected purchases agrees with the order of those that came by {v:.2} (1: the \
                     same order, 0: none)"
                ),
                format!("按预期购买次数排序与按实际次数排序的一致程度为 {v:.2}（1 为完全一致，0 为无关）"),
            ),
            _ => Sentence::new(
                format!(
                    "the expected purchases in {days} days are off by {v:.2} on average (each customer going on at its own \
                     past rate: {before:.2}; {mean:.2} of everybody: {constant:.2})"
                ),
                format!(
                    "{days} 天内的预期购买次数平均相差 {v:.2} 次（各客户保持自身过去的频率：{before:.2}；一律取 {mean:.2} \
                     次：{constant:.2}）"
                ),
            ),
        };
        let metric = |name: &str| {
            let value = value(name);
            let undefined = || {
                Sentence::new(
                    "undefined: all customers bought, or were expected to buy, equally often",
                    "没有定义：所有客户的实际（或预期）购买次数都相同",
                )
            };
            self.metric(name, value, value.map_or_else(undefined, |v| meaning(name, v)))
        };
        EVALUATION.map(metric).into()
    }

    /// The same figures without values.
    pub fn unmeasured(&self, reason: &Sentence) -> Vec<Metric> {
        EVALUATION.map(|name| self.metric(name, None, unmeasured(reason))).into()
    }

    /// A parameter with its standard error.
    fn parameter(&self, name: &str, value: f64, error: Option<f64>, meaning: &Sentence) -> Metric {
        let (error, error_zh) = match error {
            Some(error) => (format!("standard error {error:.3}"), format!("标准误 {error:.3}")),
            None => ("no standard error".into(), "无标准误".into()),
        };
        let meaning = Sentence::new(
            format!("{meaning} ({name} {value:.3}, {error})"),
            format!("{}（{name} {value:.3}，{error_zh}）", meaning.chinese),
        );
        self.metric(name, Some(value), meaning)
    }

    /// The parameters with their standard errors, and the assumption that can be checked.
    pub fn estimates(&self, model: &LifetimeModel) -> Vec<Metric> {
        let BgNbd { r, alpha, a, b } = model.purchases.model;
        let (yearly, last) = (365.0 * r / alpha, 100.0 * a / (a + b));
        let buys = Sentence::new(
            format!("while they stay, customers buy {yearly:.1} times a year on average"),
            format!("留存期间，客户平均每年购买 {yearly:.1} 次"),
        );
        let leaves = Sentence::new(
            format!("{last:.1} of 100 repeat purchases are the last"),
            format!("每 100 次重复购买中有 {last:.1} 次是最后一次"),
        );
        let mut rows: Vec<Metric> = ["r", "alpha_days", "a", "b"]
            .into_iter()
            .zip([(r, &buys), (alpha, &buys), (a, &leaves), (b, &leaves)])
            .zip(&model.purchases.standard_errors)
            .map(|((name, (value, meaning)), error)| self.parameter(name, value, *error, meaning))
            .collect();
        match &model.value {
            Err(reason) => rows.extend(GammaGamma::NAMES.map(|name| {
                let meaning =
                    Sentence::new(format!("not estimated: {reason}"), format!("未估计：{}", reason.chinese));
                self.metric(name, None, meaning)
            })),
            Ok(Fit { model: values, standard_errors, .. }) => {
                let meaning = mean_value(values);
                let figures = [values.p, values.q, values.gamma].into_iter().zip(standard_errors);
                rows.extend(
                    GammaGamma::NAMES
                        .into_iter()
                        .zip(figures)
                        .map(|(name, (value, error))| self.parameter(name, value, *error, &meaning)),
                );
            }
        }
        let correlation = match model.value_correlation {
            Some(v) => Sentence::new(
                format!(
                    "how often customers buy and what they spend correlate by {v:.2}; the model of values assumes 0"
                ),
                format!("购买频率与金额的相关系数为 {v:.2}；金额模型假定为 0"),
            ),
            None => Sentence::new("undefined: nothing varies", "没有定义：数值没有差异"),
        };
        rows.push(self.metric("value_correlation", model.value_correlation, correlation));
        rows
    }
}

fn mean_value(values: &GammaGamma) -> Sentence {
    match values.mean_of_all() {
        Some(mean) => Sentence::new(
            format!("a purchase is worth {mean:.2} on average over customers"),
            format!("按客户平均，一次购买的金额为 {mean:.2}"),
        ),
        None => Sentence::new(
            "purchases have no mean value: a few customers spend too much",
            "购买金额没有均值：少数客户的花费过大",
        ),
    }
}

const EVALUATION: [&str; 3] = ["total_ratio", "spearman", "mae"];
