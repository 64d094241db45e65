//! The engine: a DataFusion session per table, over tables as they are at one as-of.

mod fault;
mod memory_limit;
pub mod moment;
pub mod plan;
pub mod recomputed;
pub mod steps;
pub mod tables;

use std::sync::Arc;

use datafusion::{
    catalog::{CatalogProvider, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider},
    common::ParamValues,
    execution::{
        SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{FairSpillPool, TrackConsumersPool},
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
pub use memory_limit::parse_memory;
pub use moment::Moment;

/// What every session shares: memory, disk for spills, threads.
#[derive(Clone)]
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    config: SessionConfig,
    pub threads: usize,
}

/// Consumers that an out-of-memory error names.
const CONSUMERS_NAMED: usize = 3;
/// Footers and page indexes of a large lake's files: read once, asked for at each as-of.
const METADATA_CACHE: usize = 256 * 1024 * 1024;

impl Engine {
    /// `memory` in bytes bounds what queries hold at once (spilling where they can), not the whole process.
    pub fn new(threads: usize, memory: Option<usize>) -> Result<Self> {
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::OsTmpDirectory);
        let mut builder = RuntimeEnvBuilder::new()
            .with_disk_manager_builder(disk)
            .with_metadata_cache_limit(METADATA_CACHE);
        if let (Some(bytes), Some(named)) = (memory, std::num::NonZeroUsize::new(CONSUMERS_NAMED)) {
            builder =
                builder.with_memory_pool(Arc::new(TrackConsumersPool::new(FairSpillPool::new(bytes), named)));
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
        options.execution.parquet.pushdown_filters = false;
        Ok(Self { runtime, config, threads })
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
