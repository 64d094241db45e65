//! What is known of a lifetime model as rows of the engine's tables.

use arrow::array::RecordBatch;

use super::LifetimeOutcome;
use crate::{
    learn::tables::{InUse, Measured, measured_batch, models_batch},
    problem::Result,
};

/// Its row of `luopan.models`.
pub fn lifetime_batch(model: &str, outcome: &LifetimeOutcome) -> Result<RecordBatch> {
    match outcome {
        LifetimeOutcome::Refused { reason, .. } => {
            let (reason, reason_zh) = (&reason.english, &reason.chinese);
            models_batch(model, &InUse { status: "refused", reason, reason_zh, ..InUse::default() })
        }
        LifetimeOutcome::Fitted(fitted) => {
            let artifact = &fitted.artifact;
            let version = artifact.version()?;
            models_batch(
                model,
                &InUse {
                    status: "scored",
                    version: Some(&version),
                    estimator: Some(ESTIMATOR),
                    fitted_on: Some(artifact.fitted_at),
                    champion_since: Some(artifact.fitted_at),
                    rows: Some(artifact.customers),
                    events: Some(artifact.repeaters),
                    reason: "fitted every night on all purchases that are known",
                    reason_zh: "每晚用全部已知的购买记录重新拟合",
                    ..InUse::default()
                },
            )
        }
    }
}

/// Its rows of `luopan.model_metrics`; without values where it refused.
pub fn lifetime_metrics_batch(model: &str, outcome: &LifetimeOutcome) -> Result<RecordBatch> {
    let (status, version, metrics) = match outcome {
        LifetimeOutcome::Refused { metrics, .. } => ("refused", None, metrics),
        LifetimeOutcome::Fitted(fitted) => ("scored", Some(fitted.artifact.version()?), &fitted.metrics),
    };
    let measured: Vec<Measured> = metrics
        .iter()
        .map(|metric| Measured {
            version: version.as_deref(),
            status,
            estimator: Some(ESTIMATOR),
            metric: metric.clone(),
        })
        .collect();
    measured_batch(model, &measured)
}

const ESTIMATOR: &str = "BG/NBD, Gamma-Gamma";
