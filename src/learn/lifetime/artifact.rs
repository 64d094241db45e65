//! A fitted lifetime model as data: JSON that is checked when it is read, and that scores a table.

use arrow::array::RecordBatch;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{histories::Histories, model::LifetimeModel};
use crate::{learn::sealed, problem::Result, project::model::LifetimeSpec};

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

impl LifetimeArtifact {
    /// The same model gives the same text.
    pub fn to_json(&self) -> Result<String> {
        sealed::write(&self.name, self)
    }

    /// Reads what [`Self::to_json`] wrote; unknown schema versions and damaged text are problems, never a panic.
    pub fn from_json(text: &str) -> Result<Self> {
        let artifact: Self = sealed::read(text, SCHEMA_VERSION)?;
        if !artifact.model.is_sound() {
            return Err(sealed::damaged("its parameters are not all above 0"));
        }
        Ok(artifact)
    }

    /// 12 hexadecimal digits that stand for this content and no other.
    pub fn version(&self) -> Result<String> {
        sealed::version(&self.name, self)
    }

    /// customer_id, alive_probability, expected_purchases, expected_value, lifetime_value: one row per row of `purchases`, in
    /// its order.
    pub fn score(&self, purchases: &RecordBatch) -> Result<RecordBatch> {
        Histories::read(purchases)
            .and_then(|histories| self.model.score(&histories, &self.spec))
            .map_err(|problem| problem.while_doing(format!("model `{}`", self.name)))
    }
}
