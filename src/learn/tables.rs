//! What is known of models as rows of the engine's tables.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{Date32Type, SchemaRef},
};
use chrono::NaiveDate;

use super::{
    Metric,
    schemas::{gates_schema, metrics_schema, models_schema, tenths_schema},
    standing::{Standing, Version},
    uncertainty::Uncertainty,
};
use crate::problem::{Problem, Result};

fn texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

fn doubles(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(Float64Array::from_iter(values))
}

fn counts(values: impl IntoIterator<Item = Option<usize>>) -> ArrayRef {
    Arc::new(Int64Array::from_iter(values.into_iter().map(|v| v.map(|v| v as i64))))
}

fn days(values: impl IntoIterator<Item = Option<NaiveDate>>) -> ArrayRef {
    Arc::new(Date32Array::from_iter(values.into_iter().map(|d| d.map(Date32Type::from_naive_date))))
}

fn batch(model: &str, schema: SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch> {
    RecordBatch::try_new(schema, columns)
        .map_err(|e| Problem::failed(format!("what is known of model `{model}`: {e}")))
}

/// One model's rows of `luopan.model_metrics`: those of the version that scores, of the challenger, and why there are
/// none.
pub fn metrics_batch(model: &str, standing: &Standing) -> Result<RecordBatch> {
    let mut found: Vec<Measured> = Vec::new();
    let versions = [("scored", &standing.champion), ("challenger", &standing.challenger)];
    for (status, version) in versions {
        let Some(Version { version, artifact, .. }) = version else { continue };
        let estimator = Some(artifact.card.estimator.as_str());
        found.extend(artifact.card.metrics.iter().map(|metric| Measured {
            version: Some(version),
            status,
            estimator,
            metric: metric.clone(),
        }));
    }
    if standing.champion.is_none() {
        found.push(Measured { version: None, status: "refused", estimator: None, metric: refusal(standing) });
    }
    measured_batch(model, &found)
}

/// A metric of a version, or of what was published.
pub struct Measured<'a> {
    pub version: Option<&'a str>,
    pub status: &'a str,
    pub estimator: Option<&'a str>,
    pub metric: Metric,
}

fn refusal(standing: &Standing) -> Metric {
    let measured = standing.refused.iter().flat_map(|r| &r.metrics);
    let measured = measured.chain(standing.challenger.iter().flat_map(|c| &c.artifact.card.metrics)).next();
    Metric {
        metric: "refused".into(),
        value: None,
        interval: None,
        rows: measured.map_or(0, |m| m.rows),
        events: measured.map_or(0, |m| m.events),
        train_cutoffs: Vec::new(),
        test_cutoff: None,
        meaning: standing.reason.clone(),
        meaning_zh: standing.reason_zh.clone(),
    }
}

/// Rows of `luopan.model_metrics`.
pub fn measured_batch(model: &str, measured: &[Measured]) -> Result<RecordBatch> {
    let metrics = || measured.iter().map(|m| &m.metric);
    let in_words = |m: &Metric| {
        let days: Vec<String> = m.train_cutoffs.iter().map(|d| d.to_string()).collect();
        (!days.is_empty()).then(|| days.join(" "))
    };
    let columns: Vec<ArrayRef> = vec![
        texts(measured.iter().map(|_| Some(model))),
        texts(measured.iter().map(|m| m.version)),
        texts(measured.iter().map(|m| Some(m.status))),
        texts(measured.iter().map(|m| m.estimator)),
        texts(metrics().map(|m| Some(m.metric.as_str()))),
        doubles(metrics().map(|m| m.value)),
        doubles(metrics().map(|m| m.interval.map(|i| i.low))),
        doubles(metrics().map(|m| m.interval.map(|i| i.high))),
        Arc::new(Int64Array::from_iter_values(metrics().map(|m| m.rows))),
        Arc::new(Int64Array::from_iter_values(metrics().map(|m| m.events))),
        Arc::new(StringArray::from_iter(metrics().map(in_words))),
        days(metrics().map(|m| m.test_cutoff)),
        texts(metrics().map(|m| Some(m.meaning.as_str()))),
        texts(metrics().map(|m| Some(m.meaning_zh.as_str()))),
    ];
    batch(model, metrics_schema(), columns)
}

/// What `luopan.models` says of a model.
#[derive(Default)]
pub struct InUse<'a> {
    pub status: &'a str,
    pub version: Option<&'a str>,
    pub estimator: Option<&'a str>,
    pub calibration: Option<&'a str>,
    pub fitted_on: Option<NaiveDate>,
    pub champion_since: Option<NaiveDate>,
    pub rows: Option<usize>,
    pub events: Option<usize>,
    pub challenger: Option<&'a str>,
    pub reason: &'a str,
    pub reason_zh: &'a str,
    pub uncertainty: Option<Uncertainty>,
}

impl Standing {
    pub fn in_use(&self) -> InUse<'_> {
        let champion = self.champion.as_ref();
        let card = champion.map(|c| &c.artifact.card);
        InUse {
            status: self.status(),
            version: champion.map(|c| c.version.as_str()),
            estimator: card.map(|c| c.estimator.as_str()),
            calibration: card.map(|c| c.calibration.as_str()),
            fitted_on: champion.map(|c| c.fitted_on),
            champion_since: self.champion_since,
            rows: champion.map(|c| c.artifact.rows),
            events: champion.map(|c| c.artifact.events),
            challenger: self.challenger.as_ref().map(|c| c.version.as_str()),
            reason: &self.reason,
            reason_zh: &self.reason_zh,
            uncertainty: card.and_then(|card| card.uncertainty),
        }
    }
}

/// One model's row of `luopan.models`.
pub fn models_batch(model: &str, in_use: &InUse) -> Result<RecordBatch> {
    let uncertainty = in_use.uncertainty;
    let columns: Vec<ArrayRef> = vec![
        texts([Some(model)]),
        texts([Some(in_use.status)]),
        texts([in_use.version]),
        texts([in_use.estimator]),
        texts([in_use.calibration]),
        days([in_use.fitted_on]),
        days([in_use.champion_since]),
        counts([in_use.rows]),
        counts([in_use.events]),
        texts([in_use.challenger]),
        texts([Some(in_use.reason)]),
        texts([Some(in_use.reason_zh)]),
        doubles([uncertainty.map(|u| u.centre)]),
        doubles([uncertainty.map(|u| u.offset_variance)]),
        doubles([uncertainty.map(|u| u.slope_variance)]),
        doubles([uncertainty.map(|u| u.covariance)]),
    ];
    batch(model, models_schema(), columns)
}

/// One model's rows of `luopan.model_tenths`: none without a version that scores.
pub fn tenths_batch(model: &str, standing: &Standing) -> Result<RecordBatch> {
    let champion = standing.champion.as_ref();
    let bins = champion.map_or(&[][..], |c| &c.artifact.card.tenths);
    let columns: Vec<ArrayRef> = vec![
        texts(bins.iter().map(|_| Some(model))),
        texts(bins.iter().map(|_| champion.map(|c| c.version.as_str()))),
        counts((1..=bins.len()).map(Some)),
        counts(bins.iter().map(|b| Some(b.rows))),
        counts(bins.iter().map(|b| Some(b.events))),
        doubles(bins.iter().map(|b| Some(b.mean_probability))),
        doubles(bins.iter().map(|b| Some(b.observed_rate))),
        doubles(bins.iter().map(|b| Some(b.observed.low))),
        doubles(bins.iter().map(|b| Some(b.observed.high))),
        doubles(bins.iter().map(|b| b.lift)),
        doubles(bins.iter().map(|b| b.gain)),
    ];
    batch(model, tenths_schema(), columns)
}

/// One model's rows of `luopan.model_gates`: none where nothing was fitted tonight.
pub fn gates_batch(model: &str, standing: &Standing) -> Result<RecordBatch> {
    let gates = &standing.gates;
    let columns: Vec<ArrayRef> = vec![
        texts(gates.iter().map(|_| Some(model))),
        texts(gates.iter().map(|g| Some(g.gate.as_str()))),
        Arc::new(BooleanArray::from_iter(gates.iter().map(|g| Some(g.passed)))),
        doubles(gates.iter().map(|g| g.value)),
        doubles(gates.iter().map(|g| g.bound)),
        texts(gates.iter().map(|g| Some(g.text.as_str()))),
        texts(gates.iter().map(|g| Some(g.text_zh.as_str()))),
    ];
    batch(model, gates_schema(), columns)
}
