//! The engine: a DataFusion session per table, over tables as they are at one as-of.

mod fault;
pub mod kept;
pub mod memory;
pub mod moment;
pub mod packed;
mod passes;
pub mod past;
pub mod plan;
mod pool;
pub mod recomputed;
mod row_number;
mod scratch;
pub mod sorted;
pub mod steps;
pub mod tables;
mod waves;

use std::{panic::AssertUnwindSafe, sync::Arc};

use datafusion::{
    catalog::{CatalogProvider, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider},
    common::{ParamValues, config::SpillCompression},
    execution::{
        SendableRecordBatchStream, SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
    logical_expr::LogicalPlan,
    physical_plan::{ExecutionPlan, execute_stream, stream::RecordBatchReceiverStream},
    prelude::{DataFrame, SessionConfig, SessionContext},
};
use futures::{FutureExt, StreamExt};
use tokio::sync::RwLock;

use crate::{
    lake::store::Location,
    problem::{Problem, Result},
};
pub use fault::{fault, fault_at};
use kept::Shelf;
pub use memory::{MemoryLimit, parse_memory};
pub use moment::Moment;
use passes::GroupInPasses;
use pool::QueryPool;
use row_number::NumberRowsByBatch;
use scratch::Scratch;

/// What every session shares: memory, disk for spills, threads, and the shelf of tables that were made.
#[derive(Clone)]
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    config: SessionConfig,
    /// Within a limit, how groupings of files keep it.
    in_passes: Option<GroupInPasses>,
    /// Held by who makes a table beside others, and alone by who has no room beside them.
    making: Arc<RwLock<()>>,
    /// How many tables may be made at a time.
    at_once: usize,
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
            memory::return_large_pieces(limit);
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
            .with_target_partitions(partitions(threads, memory))
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
            // Sorted text is a third of it.
            options.execution.spill_compression = SpillCompression::Lz4Frame;
        }
        let in_passes = memory.map(|limit| GroupInPasses { most: limit.of_one_grouping(threads) });
        let at_once = memory.map_or(threads, |limit| limit.tables_at_once(threads));
        Ok(Self {
            runtime,
            config,
            in_passes,
            making: Arc::default(),
            at_once,
            threads,
            shelf: Arc::new(shelf),
        })
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
        let mut state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(self.config.clone())
            .with_runtime_env(Arc::clone(&self.runtime))
            .with_catalog_list(Arc::new(catalogs))
            .with_physical_optimizer_rule(Arc::new(NumberRowsByBatch));
        if let Some(rule) = &self.in_passes {
            state = state.with_physical_optimizer_rule(Arc::new(rule.clone()));
        }
        Ok(SessionContext::new_with_state(state.build()))
    }
}

/// In how many parts a query is worked at: where several tables are made at a time, half as many as there are threads. Parts
/// have to be handed round and put together again, and take memory each (on two threads `usage_windows` of 100,000 customers
/// took 12 s of CPU in two parts, 7 s in one; more threads were not tried).
fn partitions(threads: usize, memory: Option<MemoryLimit>) -> usize {
    match memory {
        Some(limit) if limit.tables_at_once(threads) > 1 => (threads / 2).max(1),
        _ => threads,
    }
}

const CATALOG: &str = "luopan";
/// Batches that a query makes before its reader asks for them.
const BATCHES_AHEAD: usize = 2;

/// Plans a query, with its parameters, and runs nothing. Only SELECTs pass.
pub async fn query(
    session: &SessionContext,
    sql: &str,
    parameters: &ParamValues,
) -> datafusion::error::Result<DataFrame> {
    // A copy of everything that a session knows: one is enough.
    let state = session.state();
    let plan = state.create_logical_plan(sql).await?;
    if matches!(
        plan,
        LogicalPlan::Ddl(_) | LogicalPlan::Dml(_) | LogicalPlan::Copy(_) | LogicalPlan::Statement(_)
    ) {
        return datafusion::common::plan_err!("a table is made by a SELECT, and by nothing else");
    }
    DataFrame::new(state, plan).with_param_values(parameters.clone())
}

/// The rows of a query, worked at in a task of its own: polled in its reader's, two tables of one partition each would
/// take turns on one thread.
pub async fn rows_of(planned: DataFrame) -> datafusion::error::Result<SendableRecordBatchStream> {
    let context = Arc::new(planned.task_ctx());
    let plan = planned.create_physical_plan().await?;
    let mut rows = RecordBatchReceiverStream::builder(plan.schema(), BATCHES_AHEAD);
    let to_reader = rows.tx();
    let work = async move {
        let mut batches = execute_stream(plan, context)?;
        while let Some(batch) = batches.next().await {
            // After an error nothing comes, and what the query holds is let go of before it is told.
            if to_reader.send(Ok(batch?)).await.is_err() {
                // Nobody reads any more.
                break;
            }
        }
        Ok(())
    };
    // Damaged bytes may have a decoder lose its head: that is an error like any other.
    let work = AssertUnwindSafe(work).catch_unwind();
    rows.spawn(async move {
        work.await.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<&str>().copied().map(str::to_owned);
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            datafusion::common::exec_err!("the query panicked: {said}")
        })
    });
    Ok(rows.build())
}

/// What a step of a plan that has one input is given anew.
fn only_child(
    mut children: Vec<Arc<dyn ExecutionPlan>>,
) -> datafusion::error::Result<Arc<dyn ExecutionPlan>> {
    match (children.pop(), children.is_empty()) {
        (Some(child), true) => Ok(child),
        _ => datafusion::common::internal_err!("this step has one input"),
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;
    use datafusion::logical_expr::{Volatility, create_udf};

    use super::*;

    #[tokio::test]
    async fn a_query_that_panics_is_one_that_failed() {
        let session = Engine::new(1, None).unwrap().session([]).unwrap();
        let panics = Arc::new(|_: &[_]| panic!("these bytes are no text"));
        session.register_udf(create_udf(
            "decode_it",
            vec![DataType::Int64],
            DataType::Int64,
            Volatility::Volatile,
            panics,
        ));
        let sql = "SELECT decode_it(column1) FROM (VALUES (1), (2))";
        let planned = query(&session, sql, &ParamValues::Map(Default::default())).await.unwrap();
        let mut rows = rows_of(planned).await.unwrap();
        let error = rows.next().await.unwrap().unwrap_err().to_string();
        assert!(error.contains("panicked: these bytes are no text"), "{error}");
        assert!(rows.next().await.is_none());
    }
}
