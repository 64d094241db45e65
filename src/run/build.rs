//! Makes tables, at today's as-of and at the past days that models learn from.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arrow::datatypes::Schema;
use chrono::NaiveDate;
use datafusion::{catalog::MemorySchemaProvider, prelude::SessionContext};

use super::{
    models::{self, Found, Plan},
    progress::Progress,
    recompute::{Former, recompute},
    settings::Settings,
};
use crate::{
    engine::{
        Engine, Moment,
        moment::{Shared, put},
        steps::{Step, cutoff_days},
        tables::{Rows, collect, plan_table},
    },
    graph::{Graph, Origin, Table, references::Time},
    lake::{Lake, as_of::days_after, status::SourceStatus},
    learn::{Standing, lifetime::LifetimeOutcome},
    problem::{Problem, Result},
    project::{sources::Source, sql_file::Layer},
    warehouse::{Manifest, Warehouse},
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
    /// What was wanted of earlier orders of this run: its rows are there.
    pub(super) made: BTreeSet<Step>,
    /// Tables of the order under way; a model makes the table of its reasons if it is among them.
    pub(super) with_reasons: BTreeSet<String>,
    /// What each learned model is to do tonight.
    pub(super) plans: BTreeMap<String, Plan>,
    /// How published scores did that can be graded by now, by model.
    pub(super) grades: BTreeMap<String, Found>,
    /// What the last set was made of, where tonight's quadrants may differ for it.
    pub(super) former: Option<Former>,
    /// By table of recomputed quadrants, what of today it may read.
    pub(super) may_share: BTreeMap<String, BTreeSet<String>>,
    standings: Mutex<BTreeMap<String, Standing>>,
    lifetimes: Mutex<BTreeMap<String, LifetimeOutcome>>,
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
        let sources = sources_of(&settings.graph, targets);
        let lake = Lake::open(settings.lake.clone(), sources, settings.threads).await?;
        lake.check_not_before_data(settings.as_of)?;
        let build = Self {
            settings,
            engine,
            lake,
            sources: Vec::new(),
            shared: Shared::default(),
            cutoffs: Vec::new(),
            moments: Mutex::default(),
            made: BTreeSet::new(),
            with_reasons: BTreeSet::new(),
            plans: BTreeMap::new(),
            grades: BTreeMap::new(),
            former: None,
            may_share: BTreeMap::new(),
            standings: Mutex::default(),
            lifetimes: Mutex::default(),
            warnings: Mutex::default(),
        };
        for remark in build.lake.sources().flat_map(|open| open.remarks()) {
            build.warn(remark);
        }
        Ok(build)
    }

    /// Makes published sets before the as-of day readable as `previous.NAME`.
    pub async fn open_previous(&mut self, warehouse: &Warehouse) -> Result<()> {
        let graph = &self.settings.graph;
        let reads_it = |t: &&Table| t.reads.iter().any(|r| r.time == Time::Previous);
        let readers: Vec<&Table> = graph.in_order().filter(reads_it).collect();
        if readers.is_empty() {
            return Ok(());
        }
        let manifest = warehouse.previous_set(self.settings.as_of.day).await?;
        self.shared.previous = self.read_previous(warehouse, manifest.as_ref(), graph, &readers).await?;
        Ok(())
    }

    /// The tables of a set that `readers` read as `previous.NAME`, with the columns that `graph` declares.
    pub(super) async fn read_previous(
        &self,
        warehouse: &Warehouse,
        set: Option<&Manifest>,
        graph: &Graph,
        readers: &[&Table],
    ) -> Result<Arc<MemorySchemaProvider>> {
        let named: BTreeSet<&str> = readers
            .iter()
            .flat_map(|t| &t.reads)
            .filter(|r| r.time == Time::Previous)
            .map(|r| r.table.as_str())
            .collect();
        let found = Arc::<MemorySchemaProvider>::default();
        for name in named {
            let Some(contract) = contract(graph.table(name)?) else { continue };
            let mut batches = Vec::new();
            if let Some(manifest) = set.filter(|m| m.table(name).is_some()) {
                for batch in warehouse.read_table(manifest, name).await? {
                    batches.push(super::audits::fit_to(&batch, &contract, name)?);
                }
            }
            // What a plan is told of nulls must hold for sets written under an earlier contract, too.
            let open: Vec<_> =
                contract.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
            let rows = Rows { schema: Arc::new(Schema::new(open)), batches };
            put(&found, name, rows.into_table(self.engine.threads)?)?;
        }
        Ok(found)
    }

    /// Rows made; `None` for a view.
    pub(super) async fn make_one(&self, table: &Table, day: NaiveDate) -> Result<Option<usize>> {
        let moment = self.moment(day);
        match &table.origin {
            Origin::Source(source) => {
                self.register_source(&moment, &source.name)?;
                let session = moment.session(&self.engine, &self.shared, None)?;
                let planned = plan_table(&session, table, &moment.parameters(&[], None)).await?;
                moment.set(&table.name, planned.into_view())?;
                Ok(None)
            }
            Origin::Learned { spec, .. } => {
                let reasons = format!("{}_reasons", table.name);
                let with_reasons = self.with_reasons.contains(&reasons);
                let made = models::learn_and_score(self, &table.name, spec, day, with_reasons).await?;
                let count = made.scores.count();
                moment.set(&table.name, made.scores.into_table(self.engine.threads)?)?;
                if with_reasons {
                    moment.set(&reasons, made.reasons.into_table(self.engine.threads)?)?;
                }
                Ok(Some(count))
            }
            Origin::Lifetime { spec, .. } => {
                let rows = models::fit_lifetime(self, &table.name, spec, day).await?;
                let count = rows.count();
                moment.set(&table.name, rows.into_table(self.engine.threads)?)?;
                Ok(Some(count))
            }
            // Made with its model.
            Origin::Reasons { .. } => Ok(None),
            Origin::Recomputed { model, .. } => {
                let rows = recompute(self, model).await?;
                let count = rows.count();
                moment.set(&table.name, rows.into_table(self.engine.threads)?)?;
                Ok(Some(count))
            }
            Origin::Sql(_) | Origin::Judged { .. } => {
                let horizon = horizon_of(table);
                let session = self.session_for(table, day)?;
                let planned =
                    plan_table(&session, table, &moment.parameters(&self.settings.graph.parameters, horizon))
                        .await?;
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

    pub(super) fn register_source(&self, moment: &Moment, name: &str) -> Result<()> {
        match self.lake.raw_table(name, moment.as_of) {
            Some(table) => moment.set_files(name, table?),
            None => Err(Problem::failed(format!("source `{name}` was not opened"))),
        }
    }

    /// A session that sees what `table` may see at `day`.
    fn session_for(&self, table: &Table, day: NaiveDate) -> Result<SessionContext> {
        if table.reads_models() {
            self.show_models()?;
        }
        let future = horizon_of(table).map(|days| self.moment(days_after(day, days)));
        self.moment(day).session(&self.engine, &self.shared, future.as_ref())
    }

    /// A session over today's tables.
    pub fn session(&self) -> Result<SessionContext> {
        self.show_models()?;
        self.moment(self.settings.as_of.day).session(&self.engine, &self.shared, None)
    }

    /// Past days to learn from, for a label with this horizon.
    pub(super) fn cutoffs_for(&self, horizon_days: u32) -> Vec<NaiveDate> {
        cutoff_days(self.settings.pipeline.cutoffs, self.settings.as_of.day, horizon_days)
    }

    pub fn today(&self) -> Moment {
        self.moment(self.settings.as_of.day)
    }

    fn show_models(&self) -> Result<()> {
        for (name, rows) in models::tables(self)? {
            put(&self.shared.engine, name, rows.into_table(1)?)?;
        }
        Ok(())
    }

    pub(super) fn moment(&self, day: NaiveDate) -> Moment {
        let as_of = self.settings.at(day);
        locked(&self.moments).entry(day).or_insert_with(|| Moment::new(as_of)).clone()
    }

    /// How each learned model stands that was asked so far.
    pub fn standings(&self) -> MutexGuard<'_, BTreeMap<String, Standing>> {
        locked(&self.standings)
    }

    /// What came of each lifetime model so far.
    pub fn lifetimes(&self) -> MutexGuard<'_, BTreeMap<String, LifetimeOutcome>> {
        locked(&self.lifetimes)
    }

    pub(super) fn plan_of(&self, model: &str) -> Plan {
        self.plans.get(model).cloned().unwrap_or_default()
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

/// The sources that these tables are made of.
pub(super) fn sources_of(graph: &Graph, targets: &[&str]) -> Vec<Source> {
    let reads_all = |t: &Table| t.reads.iter().any(|r| r.time == Time::Engine);
    let mut needed: BTreeSet<&str> = graph.closure(targets.iter().copied());
    if needed.iter().filter_map(|n| graph.get(n)).any(reads_all) {
        needed.extend(graph.closure(graph.fitted().map(|(name, _, _)| name)));
        needed.extend(graph.closure(graph.graded().filter_map(|(_, graded)| graded.label())));
    }
    let source = |name: &&str| match &graph.get(name)?.origin {
        Origin::Source(source) => Some(source.clone()),
        _ => None,
    };
    needed.iter().filter_map(source).collect()
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
