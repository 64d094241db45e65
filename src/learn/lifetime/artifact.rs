//! A fitted lifetime model as data: JSON that is checked when it is read, and that scores a table.

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{histories::Histories, model::LifetimeModel};
use crate::{
    problem::{Problem, Result},
    project::model::LifetimeSpec,
};

/// Raised when a reader of today could misread an artifact of tomorrow.
pub const SCHEMA_VERSION: u32 = 1;

/// A model with all that it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifetimeArtifact {
    pub schema_version: u32,
    pub name: String,
    pub spec: LifetimeSpec,
    /// On what was known that day.
    pub fitted_at: NaiveDate,
    pub customers: usize,
    /// Those among them who have bought more than once.
    pub repeaters: usize,
    pub model: LifetimeModel,
}

/// The file: a digest shows damage that would still parse.
#[derive(Serialize, Deserialize)]
struct Sealed<A> {
    sha256: String,
    artifact: A,
}

impl LifetimeArtifact {
    /// The same model gives the same text.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(&Sealed { sha256: self.digest()?, artifact: self })
            .map_err(|error| self.unwritable(error))
    }

    /// Reads what [`Self::to_json`] wrote; unknown schema versions and damaged text are problems, never a panic.
    pub fn from_json(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            schema_version: u32,
        }
        let damaged = |why: &dyn std::fmt::Display| {
            Problem::failed(format!("the model file is damaged: {why}")).help("train the model again")
        };
        let version: Sealed<Version> = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        let version = version.artifact.schema_version;
        if version != SCHEMA_VERSION {
            return Err(Problem::failed(format!(
                "the model file has schema version {version}; this program reads {SCHEMA_VERSION}"
            ))
            .help("train the model again, or use the program that wrote it"));
        }
        let sealed: Sealed<Self> = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        if sealed.artifact.digest()? != sealed.sha256 {
            return Err(damaged(&"its content does not have the digest that it states"));
        }
        if !sealed.artifact.model.is_sound() {
            return Err(damaged(&"its parameters are not all above 0"));
        }
        Ok(sealed.artifact)
    }

    /// 12 hexadecimal digits that stand for this content and no other.
    pub fn version(&self) -> Result<String> {
        Ok(self.digest()?[..12].into())
    }

    /// customer_id, alive_probability, expected_purchases, expected_value, lifetime_value: one row per row of `purchases`, in
    /// its order.
    pub fn score(&self, purchases: &RecordBatch) -> Result<RecordBatch> {
        Histories::read(purchases)
            .and_then(|histories| self.model.score(&histories, &self.spec))
            .map_err(|problem| problem.while_doing(format!("model `{}`", self.name)))
    }

    fn digest(&self) -> Result<String> {
        let json = serde_json::to_vec(self).map_err(|error| self.unwritable(error))?;
        Ok(Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn unwritable(&self, error: serde_json::Error) -> Problem {
        Problem::failed(format!("model `{}` cannot be written: {error}", self.name))
    }
}
