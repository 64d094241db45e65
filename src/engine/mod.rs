//! The engine: a DataFusion session per table, over tables as they are at one as-of.

mod fault;
pub mod kept;
pub mod memory;
pub mod moment;
pub mod packed;
pub mod past;
pub mod plan;
mod pool;
pub mod recomputed;
mod row_number;
mod scratch;
pub mod sorted;
pub mod steps;
pub mod tables;

use std::sync::Arc;

use datafusion::{
    catalog::{CatalogProvider, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider},
    common::ParamValues,
    execution::{
        SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
    logical_expr::LogicalPlan,
    prelude::{DataFrame, SessionConfig, SessionContext},
};

use crate::{
    lake::store::Location,
    problem::{Problem, Result},
};
pub use fault::{fault, fault_at};
use kept::Shelf;
pub use memory::{MemoryLimit, parse_memory};
pub use moment::Moment;
use pool::QueryPool;
use row_number::NumberRowsByBatch;
use scratch::Scratch;

/// What every session shares: memory, disk for spills, threads, and the shelf of tables that were made.
#[derive(Clone)]
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    config: SessionConfig,
    pub threads: usize,
    pub shelf: Arc<Shelf>,
}

impl Engine {
    /// Within `memory` queries spill where they can, and tables wait in files. Without it everything is held.
    pub fn new(threads: usize, memory: Option<MemoryLimit>) -> Result<Self> {
        let mut builder = RuntimeEnvBuilder::new()
            .with_metadata_cache_limit(memory.unwrap_or(MemoryLimit(usize::MAX)).of_metadata());
        let mut shelf = Shelf::in_memory(threads);
        if let Some(limit) = memory {
            memory::return_large_pieces();
            let scratch = Arc::new(Scratch::new()?);
            let spills = DiskManagerMode::Directories(vec![scratch.path().to_owned()]);
            builder = builder
                .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(spills))
                .with_memory_pool(Arc::new(QueryPool::new(limit)));
            shelf = Shelf::new(limit.of_tables(), threads, scratch);
        }
        let runtime =
            builder.build_arc().map_err(|e| Problem::setup(format!("cannot set up the engine: {e}")))?;
        let mut config = SessionConfig::new()
            .with_target_partitions(threads)
            .with_create_default_catalog_and_schema(false)
            .with_default_catalog_and_schema(CATALOG, "public")
            .with_information_schema(false);
        let options = config.options_mut();
        options.sql_parser.collect_spans = true;
        // As the lake's text is read: see `SourceTable`.
        options.sql_parser.map_string_types_to_utf8view = false;
        options.execution.parquet.pushdown_filters = false;
        if let Some(limit) = memory {
            options.execution.sort_spill_reservation_bytes = limit.of_one_merge();
        }
        Ok(Self { runtime, config, threads, shelf: Arc::new(shelf) })
    }

    /// The same with joins that spill: slower, and content with little. Of one partition the planner would make hash joins
    /// again, whatever it is told.
    pub fn frugal(&self) -> Self {
        let mut frugal = self.clone();
        frugal.config.options_mut().optimizer.prefer_hash_join = false;
        frugal.config = frugal.config.with_target_partitions(2);
        frugal
    }

    /// Lets queries read files of this location.
    pub fn reach(&self, location: &Location) {
        self.runtime.register_object_store(&location.object_store_url, Arc::clone(&location.store));
    }

    /// A session that sees these schemas.
    pub fn session<'a>(
        &self,
        schemas: impl IntoIterator<Item = (&'a str, Arc<MemorySchemaProvider>)>,
    ) -> Result<SessionContext> {
        let catalog = MemoryCatalogProvider::new();
        for (name, schema) in schemas {
            catalog.register_schema(name, schema).map_err(|e| fault(e, None))?;
        }
        let catalogs = MemoryCatalogProviderList::new();
        datafusion::catalog::CatalogProviderList::register_catalog(
            &catalogs,
            CATALOG.into(),
            Arc::new(catalog),
        );
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(self.config.clone())
            .with_runtime_env(Arc::clone(&self.runtime))
            .with_catalog_list(Arc::new(catalogs))
            .with_physical_optimizer_rule(Arc::new(NumberRowsByBatch))
            .build();
        Ok(SessionContext::new_with_state(state))
    }
}

const CATALOG: &str = "luopan";

/// Plans a query, with its parameters, and runs nothing. Only SELECTs pass.
pub async fn query(
    session: &SessionContext,
    sql: &str,
    parameters: &ParamValues,
) -> datafusion::error::Result<DataFrame> {
    let plan = session.state().create_logical_plan(sql).await?;
    if matches!(
        plan,
        LogicalPlan::Ddl(_) | LogicalPlan::Dml(_) | LogicalPlan::Copy(_) | LogicalPlan::Statement(_)
    ) {
        return datafusion::common::plan_err!("a table is made by a SELECT, and by nothing else");
    }
    DataFrame::new(session.state(), plan).with_param_values(parameters.clone())
}
