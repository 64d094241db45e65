//! The figures of an evaluation, each with what it means in plain words.

use chrono::NaiveDate;

use super::{
    metrics,
    model::Predictions,
    spec::{LearnedKind, LearnedSpec},
};

/// One figure, measured on the customers of `test_cutoff` by a model that had seen only `train_cutoffs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    pub metric: String,
    /// None where it is undefined or could not be measured.
    pub value: Option<f64>,
    /// Labelled customers of the test cutoff, and the events among them.
    pub rows: i64,
    pub events: i64,
    pub train_cutoffs: Vec<NaiveDate>,
    pub test_cutoff: Option<NaiveDate>,
    /// A sentence with the figure, or why there is none.
    pub meaning: String,
}

/// Which customers a model is measured on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    pub train_cutoffs: Vec<NaiveDate>,
    pub test_cutoff: Option<NaiveDate>,
    pub rows: usize,
    pub events: usize,
}

/// The metrics of a kind, in the order in which they are shown.
fn names(kind: LearnedKind) -> &'static [&'static str] {
    const ALL: [&str; 9] = [
        "base_rate",
        "roc_auc",
        "pr_auc",
        "brier",
        "log_loss",
        "lift_top_tenth",
        "spearman",
        "r_squared",
        "total_ratio",
    ];
    match kind {
        LearnedKind::Probability => &ALL[..6],
        LearnedKind::Amount => &ALL,
    }
}

impl Ground {
    fn metric(&self, name: &str, value: Option<f64>, meaning: String) -> Metric {
        Metric {
            metric: name.into(),
            value,
            rows: self.rows as i64,
            events: self.events as i64,
            train_cutoffs: self.train_cutoffs.clone(),
            test_cutoff: self.test_cutoff,
            meaning,
        }
    }

    /// All metrics of the kind without a value, for a model that was refused.
    pub fn unmeasured(&self, spec: &LearnedSpec, reason: &str) -> Vec<Metric> {
        names(spec.kind)
            .iter()
            .map(|name| self.metric(name, None, format!("not measured: {reason}")))
            .collect()
    }

    /// All metrics of the kind; `label` is 0 or 1, or the amount.
    pub fn measure(&self, spec: &LearnedSpec, predictions: &Predictions, label: &[f64]) -> Vec<Metric> {
        let events: Vec<bool> = label.iter().map(|v| *v > 0.0).collect();
        let p = &predictions.probability;
        // A fall below zero is not what the model speaks of.
        let actual: Vec<f64> = label.iter().map(|v| v.max(0.0)).collect();
        let of_amounts =
            |f: fn(&[f64], &[f64]) -> Option<f64>| predictions.expected().and_then(|e| f(&e, &actual));
        let rate = metrics::base_rate(&events);
        let value = |name: &str| match name {
            "base_rate" => rate,
            "roc_auc" => metrics::roc_auc(p, &events),
            "pr_auc" => metrics::average_precision(p, &events),
            "brier" => metrics::brier(p, &events),
            "log_loss" => metrics::log_loss(p, &events),
            "lift_top_tenth" => metrics::lift_top_tenth(p, &events),
            "spearman" => of_amounts(metrics::spearman),
            "r_squared" => of_amounts(metrics::r_squared),
            "total_ratio" => of_amounts(metrics::total_ratio),
            _ => None,
        };
        let metric = |name: &&str| {
            let value = value(name);
            let meaning = value.map(|v| meaning(name, v, rate.unwrap_or(f64::NAN), spec));
            self.metric(
                name,
                value,
                meaning.unwrap_or_else(|| "undefined: all customers have the same label".into()),
            )
        };
        names(spec.kind).iter().map(metric).collect()
    }
}

/// `rate`: the base rate, for what a model that knows nothing else would reach.
fn meaning(name: &str, v: f64, rate: f64, spec: &LearnedSpec) -> String {
    let (event, label) = (spec.event(), &spec.label);
    match name {
        "base_rate" => format!("{:.1} of 100 customers have {event}", 100.0 * v),
        "roc_auc" => format!(
            "of two customers, one with {event} and one without, the model gives the one with it the higher probability in \
             {:.0} of 100 pairs (by chance: 50)",
            100.0 * v
        ),
        "pr_auc" => format!(
            "going down the list from the highest probability, {:.0} of 100 customers have {event}, averaged over all who \
             have it (in random order: {:.0})",
            100.0 * v,
            100.0 * rate
        ),
        "brier" => format!(
            "the squared error of the probability is {v:.4} on average (of always saying {rate:.3}: {:.4})",
            rate * (1.0 - rate)
        ),
        "log_loss" => format!(
            "what happened surprised the model by {v:.4} on average, in log-loss (always saying {rate:.3}: {:.4})",
            -(rate * rate.ln() + (1.0 - rate) * (1.0 - rate).ln())
        ),
        "lift_top_tenth" => format!(
            "the tenth with the highest probability holds {v:.1} times as many customers with {event} as average"
        ),
        "spearman" => format!(
            "ordering customers by expected {label} agrees with the order of what came by {v:.2} (1: the same order, 0: none)"
        ),
        "r_squared" if v < 0.0 => {
            format!(
                "the expected {label} is further from what came than the average of all would be: R² is {v:.2}"
            )
        }
        "r_squared" => {
            format!("the expected {label} explains {:.0} % of the variance of what came", 100.0 * v)
        }
        _ => format!("the expected {label} of all customers adds up to {v:.2} times what came"),
    }
}
