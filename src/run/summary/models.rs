//! How the learned models stand.

use serde::Serialize;

use crate::{
    learn::{LearnedKind, Metric, Standing},
    run::Build,
};

#[derive(Debug, Default, Serialize)]
pub struct ModelLine {
    pub model: String,
    /// None if nothing scores.
    pub version: Option<String>,
    pub estimator: Option<String>,
    /// Why this version scores, or why none does.
    pub reason: String,
    pub state: ModelState,
    /// What it says of a customer, and how far ahead; `None` if nothing scores.
    pub kind: Option<LearnedKind>,
    pub label: Option<String>,
    pub horizon_days: Option<i64>,
    pub metrics: Vec<MetricLine>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Tonight's fit passed its gates, and scores.
    Passed,
    /// Nothing new was to be fitted, or the same came out.
    Kept,
    /// Tonight's fit failed a gate, or could not be made: the version of before goes on.
    GoesOn,
    /// No version scores.
    #[default]
    Refused,
}

#[derive(Debug, Default, Serialize)]
pub struct MetricLine {
    pub metric: String,
    pub value: Option<f64>,
    /// 95 % interval, where there is one.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// In words.
    pub meaning: String,
}

/// Of the many figures, those that tell most in a line each; all are in `model_metrics`.
const SHOWN: [&str; 6] =
    ["base_rate", "roc_auc", "lift_top_tenth", "expected_events_ratio", "spearman", "total_ratio"];

pub fn models(build: &Build<'_>) -> Vec<ModelLine> {
    build.standings().iter().map(|(name, standing)| line(name, standing)).collect()
}

fn line(name: &str, standing: &Standing) -> ModelLine {
    let champion = standing.champion.as_ref();
    let artifact = champion.map(|c| &c.artifact);
    let shown = |m: &&Metric| SHOWN.contains(&m.metric.as_str());
    let metrics = artifact.into_iter().flat_map(|a| &a.card.metrics).filter(shown);
    ModelLine {
        model: name.to_owned(),
        version: champion.map(|c| c.version.clone()),
        estimator: artifact.map(|a| a.card.estimator.clone()),
        reason: standing.reason.clone(),
        state: state(standing),
        kind: artifact.map(|a| a.spec.kind),
        label: artifact.map(|a| a.spec.label.clone()),
        horizon_days: artifact.map(|a| a.horizon_days),
        metrics: metrics
            .map(|m| MetricLine {
                metric: m.metric.clone(),
                value: m.value,
                low: m.interval.map(|i| i.low),
                high: m.interval.map(|i| i.high),
                meaning: m.meaning.clone(),
            })
            .collect(),
    }
}

fn state(standing: &Standing) -> ModelState {
    match standing {
        Standing { champion: None, .. } => ModelState::Refused,
        Standing { challenger: Some(_), .. } | Standing { refused: Some(_), .. } => ModelState::GoesOn,
        // Gates are asked of a new fit only.
        Standing { gates, .. } if !gates.is_empty() => ModelState::Passed,
        _ => ModelState::Kept,
    }
}
