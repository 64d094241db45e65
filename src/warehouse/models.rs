//! Models in the warehouse: their versions, and what people decided about them.

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use object_store::UpdateVersion;
use serde::{Deserialize, Serialize};

use super::{
    LockGuard, Warehouse,
    files::json,
    layout::{MODELS, check_name, decisions_file, model_file},
    manifest::{VERSION, versioned},
};
use crate::problem::{Problem, Result};

/// What part a version plays in a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It scores.
    #[default]
    Champion,
    /// Fitted that night, and not good enough to score.
    Challenger,
}

/// Somebody's word, which counts for the runs as of `from` and later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub version: String,
    pub from: NaiveDate,
    /// Whether it goes on scoring, whatever is fitted, until somebody promotes another one.
    pub hold: bool,
    pub made_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Decisions {
    version: u32,
    decisions: Vec<Decision>,
}

impl Warehouse {
    /// In the order in which they were made.
    pub async fn decisions(&self, model: &str) -> Result<Vec<Decision>> {
        Ok(self.read_decisions(model).await?.0)
    }

    /// With what the next writing must find unchanged.
    async fn read_decisions(&self, model: &str) -> Result<(Vec<Decision>, Option<UpdateVersion>)> {
        let file = decisions_file(model);
        let Some(stored) = self.get(&file).await? else { return Ok((Vec::new(), None)) };
        let read: Decisions = versioned(&self.location.shown(&file), &stored.bytes)?;
        Ok((read.decisions, Some(stored.version)))
    }

    /// Adds a decision. Under the lock, so that none is lost and no run is half under another one.
    pub async fn decide(&self, lock: &LockGuard, model: &str, decision: Decision) -> Result<()> {
        check_name("model", model)?;
        let (mut decisions, read) = self.read_decisions(model).await?;
        decisions.push(decision);
        lock.check().await?;
        let file = decisions_file(model);
        self.swap(&file, json(&Decisions { version: VERSION, decisions })?, read).await?;
        self.make_durable(&[file]).await
    }

    /// Every version of every model that was ever published, by model, then version.
    pub async fn model_versions(&self) -> Result<Vec<(String, String)>> {
        let mut found: Vec<(String, String)> = self
            .list(MODELS)
            .await?
            .iter()
            .filter_map(|path| {
                let mut parts = path.strip_prefix(MODELS)?.strip_prefix('/')?.split('/');
                let (model, version, file) = (parts.next()?, parts.next()?, parts.next()?);
                (file == "artifact.json").then(|| (model.to_owned(), version.to_owned()))
            })
            .collect();
        found.dedup();
        Ok(found)
    }

    /// A file of a model's version; the artifact bears its own digest.
    pub async fn model_bytes(&self, model: &str, version: &str, file: &str) -> Result<Bytes> {
        let path = model_file(model, version, file);
        match self.get(&path).await? {
            Some(stored) => Ok(stored.bytes),
            None => Err(Problem::failed(format!("{} is gone", self.location.shown(&path)))
                .help("`luopan models list` shows the versions that are there")),
        }
    }
}
