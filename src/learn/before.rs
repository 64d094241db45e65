//! A fit that was kept for the next night: with its holdout at hand it can be judged as if it had been made again.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Artifact, Fitted, measure::Holdout, rows::CutoffRows, train::labelled_rows, uncertainty::Uncertainty,
};
use crate::problem::{Problem, Result};

/// A fit made before, of the rows that it would be made of now.
#[derive(Clone, Debug)]
pub struct FittedBefore {
    pub version: String,
    /// The cutoffs whose rows are its holdout.
    pub measured_on: BTreeSet<NaiveDate>,
    artifact: Artifact,
    uncertainty: Option<Uncertainty>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    /// As [`Artifact::to_json`] writes it.
    artifact: String,
    measured_on: BTreeSet<NaiveDate>,
    uncertainty: Option<Uncertainty>,
}

impl FittedBefore {
    /// As [`Self::from_json`] reads it; none of a fit that was measured on parts of one day, whose halves are not kept.
    pub fn to_json(fitted: &Fitted) -> Result<Option<String>> {
        if fitted.artifact.measured.is_none() {
            return Ok(None);
        }
        let written = Written {
            artifact: fitted.artifact.to_json()?,
            measured_on: fitted.holdout.rows.iter().map(|rows| rows.cutoff).collect(),
            uncertainty: fitted.holdout.uncertainty,
        };
        let json = serde_json::to_string(&written);
        json.map(Some).map_err(|e| Problem::failed(format!("a fit cannot be written: {e}")))
    }

    /// Damaged text is a problem, never a panic.
    pub fn from_json(text: &str) -> Result<Self> {
        let written: Written = serde_json::from_str(text)
            .map_err(|e| Problem::failed(format!("a fit that was kept cannot be read: {e}")))?;
        let artifact = Artifact::from_json(&written.artifact)?;
        let version = artifact.version()?;
        Ok(Self { version, measured_on: written.measured_on, artifact, uncertainty: written.uncertainty })
    }

    /// The fit with its holdout, of which `cutoffs` hold the rows.
    pub fn with_holdout(&self, cutoffs: &[CutoffRows]) -> Result<Fitted> {
        let Some(measured) = &self.artifact.measured else {
            return Err(Problem::failed("a fit was kept that was not measured in time"));
        };
        let mut holdout = Holdout { uncertainty: self.uncertainty, ..Holdout::default() };
        let mut rows = labelled_rows(&self.artifact.spec, cutoffs)?;
        rows.retain(|rows| self.measured_on.contains(&rows.cutoff));
        holdout.add(&rows, measured)?;
        Ok(Fitted { artifact: self.artifact.clone(), holdout, notes: self.artifact.card.notes.clone() })
    }
}
