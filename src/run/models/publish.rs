//! The versions of a night as they are published: artifact and card of what was fitted, the names of what goes on.

use bytes::Bytes;
use serde_json::json;

use super::champion::Champion;
use crate::{
    learn::{Standing, Version, card_text::markdown, lifetime::LifetimeOutcome},
    problem::{Problem, Result},
    run::Build,
    warehouse::{DraftModel, ModelEntry, Role},
};

/// Champion and challenger of every model.
pub fn draft_models(build: &Build<'_>) -> Result<Vec<DraftModel>> {
    let day = build.settings.as_of.day;
    let mut drafts = Vec::new();
    for (name, standing) in build.standings().iter() {
        let before = build.plan_of(name).champion;
        if let Some(champion) = &standing.champion {
            drafts.push(match before.filter(|before| before.version.version == champion.version) {
                Some(before) => carried(name, &before, build, champion)?,
                None => {
                    let entry = entry(name, champion, Role::Champion, standing)?;
                    DraftModel {
                        entry: ModelEntry { champion_since: Some(day), ..entry },
                        files: files(champion)?,
                    }
                }
            });
        }
        if let Some(challenger) = &standing.challenger {
            let entry = entry(name, challenger, Role::Challenger, standing)?;
            drafts.push(DraftModel { entry, files: files(challenger)? });
        }
    }
    for (name, outcome) in build.lifetimes().iter() {
        let LifetimeOutcome::Fitted(fitted) = outcome else { continue };
        let json = Bytes::from(fitted.artifact.to_json()?);
        let entry = ModelEntry {
            name: name.clone(),
            version: fitted.artifact.version()?,
            role: Role::Champion,
            fitted_on: Some(day),
            champion_since: Some(day),
            gates: serde_json::Value::Null,
            files: Vec::new(),
        };
        drafts.push(DraftModel { entry, files: vec![("artifact.json".into(), json)] });
    }
    Ok(drafts)
}

/// One that was published before: its files are there. Where no set that stands lists them, the artifact's is made.
fn carried(name: &str, before: &Champion, build: &Build<'_>, version: &Version) -> Result<DraftModel> {
    let entry = before.entry(name, build.settings.as_of.day);
    let listed = entry.files.iter().any(|file| file.path.ends_with("/artifact.json"));
    let files = if listed { Vec::new() } else { vec![artifact(version)?] };
    Ok(DraftModel { entry, files })
}

fn entry(name: &str, version: &Version, role: Role, standing: &Standing) -> Result<ModelEntry> {
    Ok(ModelEntry {
        name: name.to_owned(),
        version: version.version.clone(),
        role,
        fitted_on: Some(version.fitted_on),
        champion_since: None,
        gates: json!(standing.gates),
        files: Vec::new(),
    })
}

fn artifact(version: &Version) -> Result<(String, Bytes)> {
    Ok(("artifact.json".into(), Bytes::from(version.artifact.to_json()?)))
}

fn files(version: &Version) -> Result<Vec<(String, Bytes)>> {
    let card = serde_json::to_vec_pretty(&version.artifact.card).map_err(|e| {
        Problem::failed(format!("the card of version {} cannot be written: {e}", version.version))
    })?;
    let text = markdown(&version.artifact, &version.version);
    Ok(vec![
        artifact(version)?,
        ("card.json".into(), Bytes::from(card)),
        ("card.md".into(), Bytes::from(text)),
    ])
}
