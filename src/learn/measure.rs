//! The figures of an evaluation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    logistic::probability,
    meaning::{meaning, undefined, unmeasured},
    metrics::{self, Interval},
    model::Model,
    rows::CutoffRows,
    sentence::Sentence,
    spec::{LearnedKind, LearnedSpec},
    uncertainty::Uncertainty,
};
use crate::problem::Result;

/// One figure, measured on the customers of `test_cutoff` by a model that had seen only `train_cutoffs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    pub metric: String,
    /// None where it is undefined or could not be measured.
    pub value: Option<f64>,
    /// 95 of 100 such intervals hold what would be measured on endlessly many customers; none where that is not known.
    pub interval: Option<Interval>,
    /// Labelled customers of the test cutoff, and the events among them.
    pub rows: i64,
    pub events: i64,
    pub train_cutoffs: Vec<NaiveDate>,
    pub test_cutoff: Option<NaiveDate>,
    /// A sentence with the figure, or why there is none.
    pub meaning: String,
    /// The same in Chinese. A model's file lacks it, so that its version does not hang on how things are said: it is said
    /// again when the file is read.
    #[serde(skip)]
    pub meaning_zh: String,
}

/// Says in Chinese what metrics of a model's file say in English.
pub fn say_in_chinese(metrics: &mut [Metric], spec: &LearnedSpec) {
    let rate = metrics.iter().find(|m| m.metric == "base_rate").and_then(|m| m.value).unwrap_or(f64::NAN);
    for metric in metrics {
        let said = match metric.value {
            Some(v) => meaning(&metric.metric, v, metric.interval, rate, spec),
            None => undefined(),
        };
        metric.meaning_zh = said.chinese;
    }
}

/// Which customers a model is measured on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    pub train_cutoffs: Vec<NaiveDate>,
    pub test_cutoff: Option<NaiveDate>,
    pub rows: usize,
    pub events: usize,
}

/// What a model said of customers that it had not seen, and what came. One entry per row, in the order of `rows`.
#[derive(Clone, Debug, Default)]
pub struct Holdout {
    pub rows: Vec<CutoffRows>,
    pub probability: Vec<f64>,
    /// Before calibration.
    pub uncalibrated: Vec<f64>,
    /// Only for an amount.
    pub expected: Option<Vec<f64>>,
    /// 0 or 1, or the amount.
    pub label: Vec<f64>,
    pub events: Vec<bool>,
    /// Of the probabilities together, as it was known before.
    pub uncertainty: Option<Uncertainty>,
}

impl Holdout {
    /// Adds labelled rows and what `model`, which has not seen them, says.
    pub fn add(&mut self, rows: &[CutoffRows], model: &Model) -> Result<()> {
        for rows in rows {
            let predictions = model.predict(&rows.features()?)?;
            if let Some(expected) = predictions.expected() {
                self.expected.get_or_insert_default().extend(expected);
            }
            self.uncalibrated.extend(predictions.scores.iter().map(|z| probability(*z)));
            self.probability.extend(predictions.probability);
            self.label.extend(rows.label.iter().flatten());
            self.events.extend(rows.label.iter().flatten().map(|v| *v > 0.0));
            self.rows.push(rows.clone());
        }
        Ok(())
    }
}

const OF_PROBABILITY: [&str; 12] = [
    "base_rate",
    "roc_auc",
    "pr_auc",
    "log_loss",
    "brier",
    "brier_uncalibrated",
    "calibration_error",
    "calibration_error_uncalibrated",
    "expected_events_ratio",
    "calibration_slope",
    "lift_top_tenth",
    "recall_top_tenth",
];
const OF_CAMPAIGN: [&str; 2] = ["maximum_profit", "maximum_profit_share"];
const OF_AMOUNT: [&str; 5] =
    ["spearman", "r_squared", "mean_absolute_error", "total_ratio", "amount_lift_top_tenth"];

/// The metrics that a spec asks for, in the order in which they are shown.
fn names(spec: &LearnedSpec) -> Vec<&'static str> {
    let campaign: &[&str] = if spec.governance.campaign.is_some() { &OF_CAMPAIGN } else { &[] };
    let amount: &[&str] = if spec.kind == LearnedKind::Amount { &OF_AMOUNT } else { &[] };
    OF_PROBABILITY.iter().chain(campaign).chain(amount).copied().collect()
}

impl Ground {
    pub(super) fn metric(
        &self,
        name: &str,
        value: Option<f64>,
        interval: Option<Interval>,
        meaning: Sentence,
    ) -> Metric {
        Metric {
            metric: name.into(),
            value,
            interval,
            rows: self.rows as i64,
            events: self.events as i64,
            train_cutoffs: self.train_cutoffs.clone(),
            test_cutoff: self.test_cutoff,
            meaning: meaning.english,
            meaning_zh: meaning.chinese,
        }
    }

    /// All metrics of the kind without a value, for a model that was refused.
    pub fn unmeasured(&self, spec: &LearnedSpec, reason: &Sentence) -> Vec<Metric> {
        let metric = |name: &&str| self.metric(name, None, None, unmeasured(reason));
        names(spec).iter().map(metric).collect()
    }

    /// All metrics of the kind.
    pub fn measure(&self, spec: &LearnedSpec, holdout: &Holdout) -> Vec<Metric> {
        let rate = metrics::base_rate(&holdout.events).unwrap_or(f64::NAN);
        let metric = |name: &&str| {
            let value = value(name, spec, holdout);
            let interval = value.and_then(|_| interval(name, holdout));
            let meaning = match value {
                Some(v) => meaning(name, v, interval, rate, spec),
                None => undefined(),
            };
            self.metric(name, value, interval, meaning)
        };
        names(spec).iter().map(metric).collect()
    }
}

fn value(name: &str, spec: &LearnedSpec, holdout: &Holdout) -> Option<f64> {
    let Holdout { probability: p, uncalibrated, events, .. } = holdout;
    let profit = || metrics::expected_maximum_profit(p, events, spec.governance.campaign.as_ref()?);
    match name {
        "base_rate" => metrics::base_rate(events),
        "roc_auc" => metrics::roc_auc(p, events),
        "pr_auc" => metrics::average_precision(p, events),
        "log_loss" => metrics::log_loss(p, events),
        "brier" => metrics::brier(p, events),
        "brier_uncalibrated" => metrics::brier(uncalibrated, events),
        "calibration_error" => metrics::expected_calibration_error(p, events),
        "calibration_error_uncalibrated" => metrics::expected_calibration_error(uncalibrated, events),
        "expected_events_ratio" => {
            let observed = events.iter().filter(|e| **e).count();
            (observed > 0).then(|| p.iter().sum::<f64>() / observed as f64)
        }
        "calibration_slope" => metrics::recalibration(&log_odds(p), events, None).map(|line| line.slope),
        "lift_top_tenth" => metrics::lift_top_tenth(p, events),
        "recall_top_tenth" => metrics::recall_at(p, events, events.len().div_ceil(10)),
        "maximum_profit" => profit().map(|profit| profit.per_customer),
        "maximum_profit_share" => profit().map(|profit| profit.share),
        of_amount => {
            let expected = holdout.expected.as_ref()?;
            // A fall below zero is not what the model speaks of.
            let actual: Vec<f64> = holdout.label.iter().map(|v| v.max(0.0)).collect();
            match of_amount {
                "spearman" => metrics::spearman(expected, &actual),
                "r_squared" => metrics::r_squared(expected, &actual),
                "mean_absolute_error" => metrics::mean_absolute_error(expected, &actual),
                "total_ratio" => metrics::total_ratio(expected, &actual),
                "amount_lift_top_tenth" => metrics::lift_top_tenth_of_amounts(expected, &actual),
                _ => None,
            }
        }
    }
}

fn interval(name: &str, holdout: &Holdout) -> Option<Interval> {
    let Holdout { probability: p, events, .. } = holdout;
    match name {
        "roc_auc" => metrics::roc_auc_interval(p, events),
        "pr_auc" => metrics::average_precision_interval(p, events),
        "log_loss" => metrics::log_loss_interval(p, events),
        "brier" => metrics::brier_interval(p, events),
        "calibration_slope" => Some(metrics::recalibration(&log_odds(p), events, None)?.slope_interval()),
        _ => None,
    }
}

fn log_odds(probabilities: &[f64]) -> Vec<f64> {
    probabilities.iter().map(|p| metrics::log_odds(*p)).collect()
}
