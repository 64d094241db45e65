//! Makes tables, at today's as-of and at the past days that models learn from.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arrow::datatypes::Schema;
use chrono::NaiveDate;
use datafusion::{catalog::MemorySchemaProvider, prelude::SessionContext};

use super::{
    cache::Cache,
    models::{self, Found, Plan},
    progress::Progress,
    recompute::{Former, recompute},
    settings::Settings,
};
use crate::{
    engine::{
        Engine, Moment,
        moment::{Shared, put},
        past::cutoff_days,
        steps::Step,
        tables::{Made, Rows, make_table, plan_table},
    },
    graph::{Graph, Origin, Table, references::Time},
    lake::{Lake, SeenKeys, as_of::days_after, bad::BadFile, status::SourceStatus},
    learn::{self, Standing, lifetime::LifetimeOutcome},
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
    /// What earlier nights kept of past days.
    pub(super) cache: Cache,
    /// Doubled keys that an earlier night found, until tonight's are kept.
    pub(super) seen: SeenKeys,
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
    /// What is being made, for whoever asks why memory runs out.
    under_way: Mutex<BTreeSet<Step>>,
    standings: Mutex<BTreeMap<String, Standing>>,
    lifetimes: Mutex<BTreeMap<String, LifetimeOutcome>>,
    warnings: Mutex<BTreeSet<String>>,
}

impl<'a> Build<'a> {
    /// Opens the sources that `targets` need, without the files whose damage is known. `seen`: doubled keys found before.
    pub async fn open(
        settings: &'a Settings,
        targets: &[&str],
        damage: &BTreeMap<String, Vec<BadFile>>,
        seen: SeenKeys,
        progress: &dyn Progress,
    ) -> Result<Build<'a>> {
        progress.stage("opening the lake", None);
        let engine = Engine::new(settings.threads, Some(settings.memory))?;
        learn::threads::limit(settings.threads);
        engine.reach(&settings.lake);
        let lake = settings.open_lake(sources_of(settings, targets), damage, &seen).await?;
        settings.memory.give_back();
        settings.memory.check(|| "opening the lake".to_owned())?;
        lake.check_not_before_data(settings.as_of)?;
        let build = Self {
            settings,
            engine,
            lake,
            sources: Vec::new(),
            shared: Shared::default(),
            cache: Cache::default(),
            seen,
            cutoffs: Vec::new(),
            moments: Mutex::default(),
            made: BTreeSet::new(),
            with_reasons: BTreeSet::new(),
            plans: BTreeMap::new(),
            grades: BTreeMap::new(),
            former: None,
            may_share: BTreeMap::new(),
            under_way: Mutex::default(),
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
            put(&found, name, self.engine.shelf.keep(name, rows)?)?;
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
                if with_reasons {
                    self.keep(&moment, &reasons, made.reasons)?;
                }
                self.keep(&moment, &table.name, made.scores)
            }
            Origin::Lifetime { spec, .. } => {
                let rows = models::fit_lifetime(self, &table.name, spec, day).await?;
                self.keep(&moment, &table.name, rows)
            }
            // Made with its model.
            Origin::Reasons { .. } => Ok(None),
            Origin::Recomputed { model, .. } => {
                let rows = recompute(self, model).await?;
                self.keep(&moment, &table.name, rows)
            }
            Origin::Sql(_) | Origin::Judged { .. } => {
                let horizon = horizon_of(table);
                let parameters = moment.parameters(&self.settings.graph.parameters, horizon);
                let session = |engine: &Engine| self.session_for(engine, table, day);
                match make_table(&self.engine, table, &parameters, session).await? {
                    Made::View(view) => {
                        moment.set(&table.name, view)?;
                        Ok(None)
                    }
                    Made::Rows(kept) => {
                        moment.set(&table.name, kept.table)?;
                        Ok(Some(kept.rows))
                    }
                }
            }
        }
    }

    /// Puts rows that no SQL made where queries find them.
    fn keep(&self, moment: &Moment, name: &str, rows: Rows) -> Result<Option<usize>> {
        let count = rows.count();
        moment.set(name, self.engine.shelf.keep(name, rows)?)?;
        Ok(Some(count))
    }

    pub(super) fn register_source(&self, moment: &Moment, name: &str) -> Result<()> {
        match self.lake.raw_table(name, moment.as_of) {
            Some(table) => moment.set_files(name, table?),
            None => Err(Problem::failed(format!("source `{name}` was not opened"))),
        }
    }

    /// A session of `engine` that sees what `table` may see at `day`.
    fn session_for(&self, engine: &Engine, table: &Table, day: NaiveDate) -> Result<SessionContext> {
        if table.reads_models() {
            self.show_models()?;
        }
        let future = horizon_of(table).map(|days| self.moment(days_after(day, days)));
        self.moment(day).session(engine, &self.shared, future.as_ref())
    }

    /// How many tables may be on their way at a time.
    pub(super) fn tables_at_once(&self) -> usize {
        self.settings.memory.tables_at_once(self.engine.threads)
    }

    /// Notes that a step is being made, for as long as the answer lives.
    pub(super) fn begin(&self, step: &Step) -> impl Drop {
        locked(&self.under_way).insert(step.clone());
        UnderWay { steps: &self.under_way, step: step.clone() }
    }

    /// In words: `usage_windows` as of 2026-04-01.
    pub(super) fn under_way(&self) -> String {
        let named = |step: &Step| format!("`{}` as of {}", step.table, step.day);
        locked(&self.under_way).iter().map(named).collect::<Vec<_>>().join(" and ")
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
            put(&self.shared.engine, name, self.engine.shelf.keep(name, rows)?)?;
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

struct UnderWay<'b> {
    steps: &'b Mutex<BTreeSet<Step>>,
    step: Step,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        locked(self.steps).remove(&self.step);
    }
}

/// A thread that panicked while it held the lock left what it guards whole: every change is one insertion.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The sources that these tables are made of.
pub(super) fn sources_of(settings: &Settings, targets: &[&str]) -> Vec<Source> {
    let graph = &settings.graph;
    let reads_all = |t: &Table| t.reads.iter().any(|r| r.time == Time::Engine);
    let mut needed: BTreeSet<&str> = graph.closure(targets.iter().copied());
    if needed.iter().filter_map(|n| graph.get(n)).any(reads_all) {
        needed.extend(graph.closure(graph.fitted().map(|(name, _, _)| name)));
        needed.extend(graph.closure(graph.graded().filter_map(|(_, graded)| graded.label())));
    }
    let source = |name: &&str| match &graph.get(name)?.origin {
        Origin::Source(source) => Some(source.clone().or_on_bad_file(settings.pipeline.on_bad_file)),
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
