//! What happened in each run, however it ended: `_luopan/runs/<run>.json`.

use chrono::{DateTime, NaiveDate, Utc};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{
    Warehouse,
    files::{REQUESTS, json},
    layout::{RUNS, check_name, run_file},
};
use crate::problem::{Problem, Result};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The run's name; names sort by time.
    pub run: String,
    pub pipeline: String,
    /// `None` if the run ended before it knew its day.
    pub as_of: Option<NaiveDate>,
    pub started_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub status: RunStatus,
    pub exit_status: u8,
    /// The set that stands for the day because of this run.
    pub set: Option<String>,
    pub steps: Vec<Step>,
    /// One after another; tables of one stage are made at once.
    #[serde(default)]
    pub stages: Vec<Stage>,
    pub warnings: Vec<String>,
    /// What of past days was as earlier nights kept it, and why the rest was made again.
    #[serde(default)]
    pub notes: Vec<String>,
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Done,
    Failed,
    CouldNotRun,
    Interrupted,
}

/// A part of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub stage: String,
    pub seconds: f64,
    /// Of all threads of the process, where the system says it.
    pub cpu_seconds: Option<f64>,
    /// The most that the process had held by the end of it, in 2^20 bytes, where the system says it.
    #[serde(default)]
    pub peak_mb: Option<u64>,
}

/// One table built at one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub table: String,
    pub as_of: NaiveDate,
    /// `None` if it was not built: it failed, or nothing counts it (a view).
    pub rows: Option<u64>,
    pub millis: u64,
    /// Whether it was found ready from an earlier run.
    #[serde(default)]
    pub cached: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Runs, newest first, and those whose record cannot be read.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub records: Vec<RunRecord>,
    pub unreadable: Vec<Problem>,
}

impl Warehouse {
    /// Writes a record, over an earlier one of the same run. Needs no lock: a run's name is its own.
    pub async fn write_run(&self, record: &RunRecord) -> Result<()> {
        check_name("run", &record.run)?;
        self.put(&run_file(&record.run), json(record)?).await
    }

    /// The newest `limit` records. One that cannot be read takes a place in the count and hides no other.
    pub async fn runs(&self, limit: usize) -> Result<Runs> {
        let mut files = self.list(RUNS).await?;
        files.retain(|file| file.ends_with(".json"));
        let newest = files.into_iter().rev().take(limit);
        let read: Vec<_> =
            stream::iter(newest).map(|file| self.read_run(file)).buffered(REQUESTS).collect().await;
        let mut runs = Runs::default();
        for record in read {
            match record {
                Ok(record) => runs.records.push(record),
                Err(problem) => runs.unreadable.push(problem),
            }
        }
        Ok(runs)
    }

    async fn read_run(&self, file: String) -> Result<RunRecord> {
        let shown = self.location.shown(&file);
        let stored = self.get(&file).await?.ok_or_else(|| Problem::failed(format!("{shown} is gone")))?;
        serde_json::from_slice(&stored.bytes).map_err(|e| Problem::failed(format!("{shown} is damaged: {e}")))
    }
}
