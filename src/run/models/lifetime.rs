//! A lifetime model tonight: fitted on today's purchases, measured by what came after the newest past cutoff.

use chrono::NaiveDate;

use super::{
    learned::blocking,
    rows::{Who, rows_at, table_at},
};
use crate::{
    engine::{
        past::{horizon, labelled},
        tables::Rows,
    },
    learn::lifetime::{LifetimeArtifact, LifetimeOutcome, learn, lifetime_schema},
    problem::{Problem, Result},
    project::model::LifetimeSpec,
    run::Build,
    warehouse::Warehouse,
};

/// A version that was published; fails if it is gone or damaged.
pub async fn read_lifetime(warehouse: &Warehouse, model: &str, version: &str) -> Result<LifetimeArtifact> {
    let bytes = warehouse.model_bytes(model, version, "artifact.json").await?;
    let artifact = LifetimeArtifact::from_json(&String::from_utf8_lossy(&bytes))
        .map_err(|problem| problem.while_doing(format!("version {version} of model `{model}`")))?;
    if artifact.name != model || artifact.version()? != version {
        return Err(Problem::failed(format!("version {version} of model `{model}` is another model")));
    }
    Ok(artifact)
}

/// Fits `name` and scores everybody who has bought; no rows if it refuses.
pub async fn fit_lifetime(
    build: &Build<'_>,
    name: &str,
    spec: &LifetimeSpec,
    day: NaiveDate,
) -> Result<Rows> {
    let days = horizon(&build.settings.graph, &spec.future)?;
    let mut past = Vec::new();
    if let Some(newest) = labelled(&build.cutoffs, days, build.settings.as_of.day).last() {
        past.push(rows_at(build, (&spec.purchases, &spec.future), *newest, Who::Everybody).await?);
    }
    let today = table_at(build, &spec.purchases, day).await?;
    let (owned, spec) = (name.to_owned(), spec.clone());
    let (outcome, batches) = blocking(move || {
        let outcome = learn(&owned, &spec, days, day, &today, &past)?;
        let batches = match &outcome {
            LifetimeOutcome::Fitted(fitted) => vec![fitted.artifact.score(&today)?],
            LifetimeOutcome::Refused { .. } => Vec::new(),
        };
        Ok((outcome, batches))
    })
    .await?;
    match &outcome {
        LifetimeOutcome::Refused { reason, .. } => {
            build.warn(format!("model `{name}` gives no scores: {reason}"));
        }
        LifetimeOutcome::Fitted(fitted) => {
            for note in fitted.notes.iter().filter_map(|note| note.strip_prefix("warning: ")) {
                build.warn(format!("model `{name}`: {note}"));
            }
        }
    }
    build.lifetimes().insert(name.to_owned(), outcome);
    Ok(Rows { schema: lifetime_schema(), batches })
}
