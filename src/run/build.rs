//! Makes tables, at today's as-of and at the past days that models learn from.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arrow::datatypes::Schema;
use chrono::NaiveDate;
use datafusion::{datasource::MemTable, prelude::SessionContext};

use super::{learned, progress::Progress, settings::Settings};
use crate::{
    engine::{
        Engine, Moment, fault,
        moment::{Shared, put},
        query,
        tables::{Rows, collect, plan_table},
    },
    graph::{Origin, Table, references::Time},
    lake::{
        Lake,
        as_of::days_after,
        status::{Freshness, SourceStatus, status_batch},
    },
    learn::{self, Outcome},
    problem::{Problem, Result},
    project::{sources::SourceKind, sql_file::Layer},
    warehouse::Warehouse,
};

/// A run's tables as they come into being.
pub struct Build<'a> {
    pub settings: &'a Settings,
    pub engine: Engine,
    pub lake: Lake,
    pub sources: Vec<SourceStatus>,
    pub(super) shared: Shared,
    /// Past days that models learn from, oldest first.
    pub(super) cutoffs: Vec<NaiveDate>,
    moments: Mutex<BTreeMap<NaiveDate, Moment>>,
    outcomes: Mutex<BTreeMap<String, Outcome>>,
    warnings: Mutex<BTreeSet<String>>,
}

impl<'a> Build<'a> {
    /// Opens the sources that `targets` need.
    pub async fn open(
        settings: &'a Settings,
        targets: &[&str],
        progress: &dyn Progress,
    ) -> Result<Build<'a>> {
        progress.stage("opening the lake", None);
        let engine = Engine::new(settings.threads, Some(settings.memory))?;
        engine.reach(&settings.lake);
        let graph = &settings.graph;
        let reads_all = |t: &Table| t.reads.iter().any(|r| r.time == Time::Engine);
        let mut needed: BTreeSet<&str> = graph.closure(targets.iter().copied());
        if needed.iter().filter_map(|n| graph.get(n)).any(reads_all) {
            needed.extend(graph.closure(graph.learned().map(|(name, _)| name)));
        }
        let sources = needed.iter().filter_map(|name| match &graph.get(name)?.origin {
            Origin::Source(source) => Some(source.clone()),
            _ => None,
        });
        let lake = Lake::open(settings.lake.clone(), sources.collect(), settings.threads).await?;
        lake.check_not_before_data(settings.as_of)?;
        let build = Self {
            settings,
            engine,
            lake,
            sources: Vec::new(),
            shared: Shared::default(),
            cutoffs: Vec::new(),
            moments: Mutex::default(),
            outcomes: Mutex::default(),
            warnings: Mutex::default(),
        };
        for remark in build.lake.sources().flat_map(|open| open.remarks()) {
            build.warn(remark);
        }
        Ok(build)
    }

    /// Counts what is known of each source. What comes back should stop a night: sources too old, or without a row.
    pub async fn look_at_sources(&mut self) -> Result<Vec<Problem>> {
        let as_of = self.settings.as_of;
        let today = self.moment(as_of.day);
        let mut statuses = Vec::new();
        for open in self.lake.sources() {
            let source = &open.source;
            self.register_source(&today, &source.name)?;
            let session = today.session(&self.engine, &self.shared, None)?;
            let time = source.known_at.as_ref().map(|k| crate::lake::as_of::quote(&k.column));
            let range = time.map_or("NULL AS first, NULL AS last".into(), |t| {
                format!(
                    "CAST(min({t}) AS {0}) AS first, CAST(max({t}) AS {0}) AS last",
                    open.known_sql_type()
                )
            });
            let known = crate::lake::as_of::as_known_sql(source, &format!("files.{}", source.name));
            let sql = format!("SELECT count(*) AS rows_known, {range} FROM ({known})");
            let planned = query(&session, &sql, &today.parameters(None)).await.map_err(|e| fault(e, None))?;
            let rows = planned.collect().await.map_err(|e| {
                Problem::failed(format!("source `{}`: {}", source.name, fault(e, None).message))
            })?;
            let (count, range) = learned::count_and_range(&rows);
            statuses.push(open.status(as_of, count, range));
        }
        statuses.sort_by(|a, b| a.source.cmp(&b.source));
        let batch = status_batch(&statuses).map_err(|e| Problem::failed(format!("luopan.sources: {e}")))?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(|e| fault(e, None))?;
        put(&self.shared.engine, "sources", Arc::new(table))?;
        self.sources = statuses;
        Ok(self.unfit_sources())
    }

    fn unfit_sources(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for status in &self.sources {
            if status.rows_known == 0 && !status.optional && status.kind != SourceKind::Static {
                problems.push(
                    Problem::failed(format!("source `{}` has no row known before {}", status.source, self.settings.as_of.day))
                        .help("without it scores would tell of a silence that is only missing data: deliver it, choose a later --as-of, or say optional = true"),
                );
            }
            let age = status.age_days.unwrap_or_default();
            let text = format!(
                "source `{}` is stale: its newest row is {age} days old on {}",
                status.source, self.settings.as_of.day
            );
            match status.freshness {
                Some(Freshness::Fail) => problems.push(
                    Problem::failed(text).help("bring the lake up to date, choose an earlier --as-of, or change `freshness` in sql/sources.toml"),
                ),
                Some(Freshness::Warn) => self.warn(text),
                _ => {}
            }
        }
        problems
    }

    /// Makes published sets before the as-of day readable as `previous.NAME`.
    pub async fn open_previous(&mut self, warehouse: &Warehouse) -> Result<()> {
        let graph = &self.settings.graph;
        let named: BTreeSet<&str> = graph
            .in_order()
            .flat_map(|t| t.reads.iter())
            .filter(|r| r.time == Time::Previous)
            .map(|r| r.table.as_str())
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let manifest = warehouse.previous_set(self.settings.as_of.day).await?;
        for name in named {
            let Some(contract) = contract(graph.table(name)?) else { continue };
            let mut batches = Vec::new();
            if let Some(manifest) = manifest.as_ref().filter(|m| m.table(name).is_some()) {
                for batch in warehouse.read_table(manifest, name).await? {
                    batches.push(super::audits::fit_to(&batch, &contract, name)?);
                }
            }
            // What a plan is told of nulls must hold for sets written under an earlier contract, too.
            let open: Vec<_> =
                contract.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
            let rows = Rows { schema: Arc::new(Schema::new(open)), batches };
            put(&self.shared.previous, name, rows.into_table(self.engine.threads)?)?;
        }
        Ok(())
    }

    /// Rows made; `None` for a view.
    pub(super) async fn make_one(&self, table: &Table, day: NaiveDate) -> Result<Option<usize>> {
        let moment = self.moment(day);
        match &table.origin {
            Origin::Source(source) => {
                self.register_source(&moment, &source.name)?;
                let session = moment.session(&self.engine, &self.shared, None)?;
                let planned = plan_table(&session, table, &moment.parameters(None)).await?;
                moment.set(&table.name, planned.into_view())?;
                Ok(None)
            }
            Origin::Learned { spec, .. } => {
                let rows = learned::learn_and_score(self, &table.name, spec, day).await?;
                let count = rows.count();
                moment.set(&table.name, rows.into_table(self.engine.threads)?)?;
                Ok(Some(count))
            }
            Origin::Sql(_) | Origin::Judged { .. } => {
                let horizon = horizon_of(table);
                let session = self.session_for(table, day)?;
                let planned = plan_table(&session, table, &moment.parameters(horizon)).await?;
                if table.is_view() {
                    moment.set(&table.name, planned.into_view())?;
                    return Ok(None);
                }
                let rows = collect(planned, table).await?;
                let count = rows.count();
                moment.set(&table.name, rows.into_table(self.engine.threads)?)?;
                Ok(Some(count))
            }
        }
    }

    fn register_source(&self, moment: &Moment, name: &str) -> Result<()> {
        match self.lake.raw_table(name, moment.as_of) {
            Some(table) => moment.set_files(name, table?),
            None => Err(Problem::failed(format!("source `{name}` was not opened"))),
        }
    }

    /// A session that sees what `table` may see at `day`.
    fn session_for(&self, table: &Table, day: NaiveDate) -> Result<SessionContext> {
        if table.reads.iter().any(|r| r.time == Time::Engine && r.table == "model_metrics") {
            self.show_metrics()?;
        }
        let future = horizon_of(table).map(|days| self.moment(days_after(day, days)));
        self.moment(day).session(&self.engine, &self.shared, future.as_ref())
    }

    /// A session over today's tables.
    pub fn session(&self) -> Result<SessionContext> {
        self.show_metrics()?;
        self.moment(self.settings.as_of.day).session(&self.engine, &self.shared, None)
    }

    pub fn today(&self) -> Moment {
        self.moment(self.settings.as_of.day)
    }

    fn show_metrics(&self) -> Result<()> {
        let outcomes = self.outcomes();
        let batches = outcomes.iter().map(|(name, outcome)| learn::metrics_batch(name, outcome));
        let rows = Rows { schema: learn::metrics_schema(), batches: batches.collect::<Result<_>>()? };
        put(&self.shared.engine, "model_metrics", rows.into_table(1)?)
    }

    pub(super) fn moment(&self, day: NaiveDate) -> Moment {
        let as_of = self.settings.at(day);
        locked(&self.moments).entry(day).or_insert_with(|| Moment::new(as_of)).clone()
    }

    /// What came of each learned model so far.
    pub fn outcomes(&self) -> MutexGuard<'_, BTreeMap<String, Outcome>> {
        locked(&self.outcomes)
    }

    /// Says something that does not stop the run.
    pub fn warn(&self, text: impl Into<String>) {
        locked(&self.warnings).insert(text.into());
    }

    /// In order of their text, so that the order of work does not show.
    pub fn warnings(&self) -> Vec<String> {
        locked(&self.warnings).iter().cloned().collect()
    }
}

/// A thread that panicked while it held the lock left what it guards whole: every change is one insertion.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn horizon_of(table: &Table) -> Option<u32> {
    match &table.origin {
        Origin::Sql(sql) => sql.header.horizon_days,
        _ => None,
    }
}

/// The published columns of a snapshot table.
pub(super) fn contract(table: &Table) -> Option<arrow::datatypes::SchemaRef> {
    match &table.origin {
        Origin::Sql(sql) if sql.layer == Layer::Snapshots => {
            Some(Arc::new(Schema::new(sql.header.contract()?)))
        }
        _ => None,
    }
}
