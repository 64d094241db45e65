//! The engine's tables that tell of models: `luopan.models` and its fellows.

use crate::{
    engine::tables::Rows,
    learn::{
        lifetime::{lifetime_batch, lifetime_metrics_batch},
        schemas::{gates_schema, metrics_schema, models_schema, tenths_schema},
        tables::{Measured, gates_batch, measured_batch, metrics_batch, models_batch, tenths_batch},
    },
    problem::Result,
    run::Build,
};

/// Each by its name, with what is known by now.
pub fn tables(build: &Build<'_>) -> Result<Vec<(&'static str, Rows)>> {
    let (mut models, mut metrics, mut tenths, mut gates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (name, standing) in build.standings().iter() {
        models.push(models_batch(name, &standing.in_use())?);
        metrics.push(metrics_batch(name, standing)?);
        tenths.push(tenths_batch(name, standing)?);
        gates.push(gates_batch(name, standing)?);
    }
    for (name, outcome) in build.lifetimes().iter() {
        models.push(lifetime_batch(name, outcome)?);
        metrics.push(lifetime_metrics_batch(name, outcome)?);
    }
    for (name, found) in &build.grades {
        let measured: Vec<Measured> = found
            .metrics
            .iter()
            .map(|metric| Measured {
                version: found.version.as_deref(),
                status: "published",
                estimator: None,
                metric: metric.clone(),
            })
            .collect();
        metrics.push(measured_batch(name, &measured)?);
    }
    Ok(vec![
        ("models", Rows { schema: models_schema(), batches: models }),
        ("model_metrics", Rows { schema: metrics_schema(), batches: metrics }),
        ("model_tenths", Rows { schema: tenths_schema(), batches: tenths }),
        ("model_gates", Rows { schema: gates_schema(), batches: gates }),
    ])
}
