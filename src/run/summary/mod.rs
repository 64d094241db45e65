//! What a run found, for the one who started it. Every figure is read from the tables just made.

mod ask;
mod models;
mod portfolio;
mod work;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Build, audits::Audited};
use crate::{problem::Result, warehouse::DraftSet};

pub use models::{MetricLine, ModelLine, ModelState};
pub use portfolio::{Estimate, Expected, Group, Moves, Portfolio, QuadrantLine};
pub use work::{Call, Calls, Finding, Severity, Sources};

#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub run: String,
    pub seconds: f64,
    pub as_of: NaiveDate,
    /// Day of the newest set before; `None` on a first night.
    pub previous: Option<NaiveDate>,
    pub set: String,
    /// Whether anything was written; false if the same set stood there.
    pub changed: bool,
    pub files: usize,
    pub bytes: u64,
    pub warehouse: String,
    pub tables: Vec<TableLine>,
    /// `None` if the project publishes no `customer_snapshot`; so for all below: what is not published is not told.
    pub portfolio: Option<Portfolio>,
    pub quadrants: Vec<QuadrantLine>,
    pub expected: Option<Expected>,
    /// Customers in another quadrant than in the last set; `None` if there is no last set.
    pub moved: Option<i64>,
    /// The same in more words.
    pub moves: Option<Moves>,
    pub calls: Option<Calls>,
    pub models: Vec<ModelLine>,
    pub audits: Audited,
    pub sources: Option<Sources>,
    pub findings: Vec<Finding>,
    /// Open ones, by name.
    pub alerts: Vec<(String, i64)>,
    /// Open ones and those raised tonight, by severity.
    pub severities: Vec<Severity>,
    /// Files that the pipeline's `[report]` asked for.
    pub reports: Vec<String>,
    pub warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct TableLine {
    pub table: String,
    pub rows: u64,
}

impl Summary {
    /// Reads what the set to be published says. `previous`: the day of the newest set before it.
    pub async fn of(build: &Build<'_>, draft: &DraftSet, previous: Option<NaiveDate>) -> Result<Self> {
        let tables =
            draft.tables.iter().map(|table| TableLine { table: table.name().to_owned(), rows: table.rows() });
        let models = models::models(build);
        let moves = portfolio::moves(build).await?;
        Ok(Self {
            as_of: build.settings.as_of.day,
            previous,
            warehouse: build.settings.warehouse.url.clone(),
            tables: tables.collect(),
            portfolio: portfolio::portfolio(build).await?,
            quadrants: portfolio::quadrants(build).await?,
            expected: portfolio::expected(build, &models).await?,
            moved: moves.as_ref().map(|moves| moves.all.customers),
            moves,
            calls: work::calls(build).await?,
            models,
            sources: work::sources(build).await?,
            findings: work::findings(build).await?,
            alerts: work::alerts(build).await?,
            severities: work::severities(build).await?,
            warnings: build.warnings(),
            ..Self::default()
        })
    }
}
