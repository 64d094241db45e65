//! Last night's champion, and whether tonight a challenger is fitted.
//!
//! Who scores as of a day follows from the set before that day, and from what people decided: not from what was run since.
//! So a rerun of a past day scores with the same version as before.

use std::sync::Arc;

use arrow::array::RecordBatch;
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::history::History;
use crate::{
    learn::{Artifact, LearnedSpec, Version},
    problem::{Problem, Result},
    project::model::Retrain,
    warehouse::{Decision, FileEntry, Manifest, ModelEntry, Warehouse},
};

/// What a run is to do about a model.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub champion: Option<Champion>,
    pub fit: Fit,
    /// Why there is no champion though there was one, for people.
    pub lost: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Champion {
    pub version: Version,
    /// The first day that it scored without a break; none if it is to begin.
    pub since: Option<NaiveDate>,
    /// As published before.
    pub files: Vec<FileEntry>,
    /// Somebody chose it for this night: nothing is fitted that could take its place.
    pub decided: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    #[default]
    Tonight,
    /// The champion is not due.
    NotDue,
    /// If tonight's customers are not those that the champion learned from.
    OnDrift,
}

impl Plan {
    /// What `name` is to do as of `day`. `previous`: the newest set before it.
    pub async fn of(
        name: &str,
        spec: &LearnedSpec,
        horizon_days: u32,
        day: NaiveDate,
        previous: Option<&Manifest>,
        warehouse: &Warehouse,
    ) -> Result<Self> {
        let decisions = warehouse.decisions(name).await?;
        let last_night = previous.map(|set| set.as_of);
        let last = previous.and_then(|set| set.champion(name));
        let decided = decision_for(&decisions, day, last_night);
        let Some(version) = decided.map(|d| &d.version).or(last.map(|entry| &entry.version)) else {
            return Ok(Self::default());
        };
        let artifact = match read_artifact(warehouse, name, version).await {
            Ok(artifact) => artifact,
            // A version that somebody asked for by name is not replaced by another one in silence.
            Err(problem) if decided.is_some() => {
                return Err(
                    problem.help(format!("choose another one: `luopan models promote {name} VERSION`"))
                );
            }
            Err(problem) => return Ok(Self { lost: Some(problem.to_string()), ..Self::default() }),
        };
        if is_another_question(&artifact, spec, horizon_days) {
            return Ok(Self { lost: Some(another_question(&artifact, version)), ..Self::default() });
        }
        let fit = match last_night {
            Some(last_night) if decided.is_none() => match artifact.spec.fits_like(spec) {
                true => due(spec.governance.retrain, last_night, day),
                false => Fit::Tonight,
            },
            _ => Fit::NotDue,
        };
        // Of a version that did not score last: what older sets say of it. It begins to score on this day.
        let (fitted_on, since, files) = match last.filter(|entry| entry.version == *version) {
            Some(entry) => (entry.fitted_on, entry.champion_since, entry.files.clone()),
            None => {
                let history = History::read(warehouse).await?;
                (history.fitted_on(name, version), None, history.files(name, version))
            }
        };
        let champion = Champion {
            version: Version {
                version: version.clone(),
                fitted_on: fitted_on.or_else(|| earliest_fit(&artifact)).unwrap_or(day),
                artifact: Arc::new(artifact),
            },
            since,
            files: whole(warehouse, &files).await,
            decided: decided.is_some(),
        };
        Ok(Self { champion: Some(champion), fit, lost: None })
    }
}

/// Whether it learned to say something else than what is asked for now.
pub fn is_another_question(artifact: &Artifact, spec: &LearnedSpec, horizon_days: u32) -> bool {
    let asked = (spec.kind, &spec.label, i64::from(horizon_days));
    (artifact.spec.kind, &artifact.spec.label, artifact.horizon_days) != asked
}

/// Why a version of another kind or label cannot score.
pub(super) fn another_question(artifact: &Artifact, version: &str) -> String {
    format!(
        "version {version} learned `{}` of {} days, which is no longer asked for",
        artifact.spec.label, artifact.horizon_days
    )
}

/// The day on which the newest of its labels was known: no run as of an earlier one can have fitted it.
pub(super) fn earliest_fit(artifact: &Artifact) -> Option<NaiveDate> {
    let newest = artifact.training_cutoffs.iter().max()?;
    newest.checked_add_signed(TimeDelta::try_days(artifact.horizon_days)?)
}

/// Those that are as they were published: a card that somebody removed does not end a night.
async fn whole(warehouse: &Warehouse, files: &[FileEntry]) -> Vec<FileEntry> {
    let mut found = Vec::new();
    for file in files {
        found.extend(warehouse.checked(file).await.is_ok().then(|| file.clone()));
    }
    found
}

/// The decision that holds as of `day`: the last one made for that day or an earlier one, while it is held, or if no set
/// has followed it yet.
pub(super) fn decision_for(
    decisions: &[Decision],
    day: NaiveDate,
    previous: Option<NaiveDate>,
) -> Option<&Decision> {
    let last = decisions.iter().rev().find(|decision| decision.from <= day)?;
    let followed = previous.is_some_and(|previous| previous >= last.from);
    (last.hold || !followed).then_some(last)
}

/// Whether a model that scored in the set of `last_night` is to be fitted again on `day`: on the first night of a week
/// or month, whatever came of that fit.
fn due(retrain: Retrain, last_night: NaiveDate, day: NaiveDate) -> Fit {
    let tonight = match retrain {
        Retrain::Always => true,
        Retrain::Weekly => last_night.iso_week() != day.iso_week(),
        Retrain::Monthly => (last_night.year(), last_night.month()) != (day.year(), day.month()),
        Retrain::OnDrift => return Fit::OnDrift,
    };
    if tonight { Fit::Tonight } else { Fit::NotDue }
}

/// A version's artifact; fails if it is gone, damaged, or another one.
pub async fn read_artifact(warehouse: &Warehouse, model: &str, version: &str) -> Result<Artifact> {
    let bytes = warehouse.model_bytes(model, version, "artifact.json").await?;
    let what = format!("version {version} of model `{model}`");
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Problem::failed(format!("{what}: the model file is damaged: it is no text")))?;
    let artifact = Artifact::from_json(text).map_err(|problem| problem.while_doing(&what))?;
    if artifact.name != model || artifact.version()? != version {
        return Err(Problem::failed(format!("{what} is damaged: the file holds another model")));
    }
    Ok(artifact)
}

impl Plan {
    /// Whether this version is sure to score tonight.
    pub fn keeps(&self, version: Option<&str>) -> bool {
        let champion = self.champion.as_ref().map(|champion| champion.version.version.as_str());
        champion.is_some() && champion == version && self.fit == Fit::NotDue
    }
}

impl Champion {
    /// As it is listed in the set of a night in which it goes on scoring.
    pub fn entry(&self, name: &str, day: NaiveDate) -> ModelEntry {
        ModelEntry {
            name: name.to_owned(),
            version: self.version.version.clone(),
            role: crate::warehouse::Role::Champion,
            fitted_on: Some(self.version.fitted_on),
            champion_since: self.since.or(Some(day)),
            gates: serde_json::Value::Null,
            files: self.files.clone(),
        }
    }
}

/// Why an artifact cannot score `features`, of which the columns suffice.
pub fn unfit(artifact: &Artifact, features: &RecordBatch) -> Option<String> {
    let columns = features.slice(0, 0);
    artifact.model.encoding.columns.iter().find_map(|c| c.read(&columns).err()).map(|p| p.to_string())
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_model_is_due_by_the_calendar() {
        // 2026-03-29 is a Sunday.
        let due = |retrain, then: &str, now: &str| due(retrain, day(then), day(now));
        assert_eq!(due(Retrain::Always, "2026-03-29", "2026-03-29"), Fit::Tonight);
        assert_eq!(due(Retrain::Weekly, "2026-03-23", "2026-03-29"), Fit::NotDue);
        assert_eq!(due(Retrain::Weekly, "2026-03-29", "2026-03-30"), Fit::Tonight);
        assert_eq!(due(Retrain::Weekly, "2025-12-29", "2026-01-01"), Fit::NotDue);
        assert_eq!(due(Retrain::Monthly, "2026-03-31", "2026-04-01"), Fit::Tonight);
        assert_eq!(due(Retrain::Monthly, "2025-04-01", "2026-04-01"), Fit::Tonight);
        assert_eq!(due(Retrain::OnDrift, "2020-01-01", "2026-04-01"), Fit::OnDrift);
    }

    #[test]
    fn a_decision_holds_for_its_night_or_until_the_next_one() {
        let decision = |version: &str, from: &str, hold| Decision {
            version: version.into(),
            from: day(from),
            hold,
            made_at: Utc::now(),
        };
        let held = [decision("a", "2026-04-01", false), decision("b", "2026-04-03", true)];
        let found = |decisions: &[Decision], on: &str, previous: Option<&str>| {
            decision_for(decisions, day(on), previous.map(day)).map(|d| d.version.clone())
        };
        assert_eq!(found(&held, "2026-03-31", None), None);
        assert_eq!(found(&held, "2026-04-01", Some("2026-03-31")).as_deref(), Some("a"));
        assert_eq!(found(&held, "2026-04-02", Some("2026-04-01")), None, "the set before follows it");
        assert_eq!(
            found(&held, "2026-04-02", Some("2026-03-31")).as_deref(),
            Some("a"),
            "a night was left out"
        );
        assert_eq!(found(&held, "2026-04-09", Some("2026-04-08")).as_deref(), Some("b"), "held");
        let released = [held[1].clone(), decision("c", "2026-04-05", false)];
        assert_eq!(found(&released, "2026-04-09", Some("2026-04-08")), None);
    }
}
