//! A pass after another.

use std::{sync::Arc, time::Duration};

use arrow::{
    array::{RecordBatch, UInt32Array},
    compute::take_arrays,
};
use datafusion::{
    common::Result,
    error::DataFusionError,
    execution::{
        TaskContext,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::MemoryPool,
        runtime_env::RuntimeEnvBuilder,
    },
    physical_plan::{
        ExecutionPlan, ExecutionPlanProperties,
        aggregates::{AggregateExec, AggregateMode},
        coalesce_partitions::CoalescePartitionsExec,
        execution_plan::reset_plan_states,
    },
};
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use tokio::task::JoinSet;

use super::{
    own_pool::OwnPool,
    reads_files,
    share::{Share, ShareExec},
};

/// How long a pass that failed may take to end before somebody looks again.
const LOOKS_AGAIN: Duration = Duration::from_millis(1);

/// The rows of a grouping, by shares of its keys.
pub(super) struct Passes {
    pub grouping: Arc<dyn ExecutionPlan>,
    pub context: Arc<TaskContext>,
    pub pool: Arc<OwnPool>,
    /// Shares to be done, the next one last.
    pub open: Vec<Share>,
    /// What the pass under way has left to hand out.
    pub rows: BoxStream<'static, Result<RecordBatch>>,
}

impl Passes {
    pub fn new(grouping: Arc<dyn ExecutionPlan>, most: usize, context: &TaskContext) -> Result<Self> {
        let pool = Arc::new(OwnPool::new(most, context.memory_pool()));
        let context = Arc::new(without_disk(context, Arc::clone(&pool) as Arc<dyn MemoryPool>)?);
        Ok(Self { grouping, context, pool, open: vec![Share::WHOLE], rows: stream::empty().boxed() })
    }

    pub async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        loop {
            if let Some(batch) = self.rows.try_next().await? {
                return Ok(Some((self.copied(&batch)?, self)));
            }
            let Some(share) = self.open.pop() else { return Ok(None) };
            self.pool.begin(share);
            match begin(self.of_share(share)?, Arc::clone(&self.context)).await {
                Ok(rows) => {
                    self.rows = rows;
                    if self.open.is_empty() {
                        self.pool.is_at_last();
                    }
                }
                Err(e) if !share.is_smallest() && is_for_memory(&e) => {
                    let [first, second] = share.halves();
                    self.open.extend([second, first]);
                }
                Err(e) if is_for_memory(&e) && self.pool.was_too_small() => {
                    return Err(self.pool.too_small());
                }
                Err(e) => return Err(e),
            }
        }
    }

    /// Of a part of the keys one grouping takes the rows of all files, and as many at a time as it groups. To group parts of the
    /// files first, and put together what comes of it, would hold groups twice; and rows that are dealt out to several groupings
    /// by key pile up before one of them while another has none of these keys.
    fn of_share(&self, share: Share) -> Result<Arc<dyn ExecutionPlan>> {
        let mut grouping = Arc::clone(&self.grouping);
        if let Some(first) = reads_files(&self.grouping).filter(|_| share != Share::WHOLE) {
            let by = first.group_expr().input_exprs();
            let rows = Arc::new(ShareExec::new(Arc::clone(first.input()), by, share));
            grouping = Arc::new(AggregateExec::try_new(
                AggregateMode::Single,
                first.group_expr().clone(),
                first.aggr_expr().to_vec(),
                first.filter_expr().to_vec(),
                Arc::new(CoalescePartitionsExec::new(rows)),
                first.input_schema(),
            )?);
        }
        // A scan that was begun deals out the rest of its files only; and what a pass began is to end with it.
        reset_plan_states(grouping)
    }

    /// What a grouping gives are slices of one batch. Who keeps one of them keeps all, and counts all with each.
    fn copied(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let every_row = UInt32Array::from_iter_values(0..batch.num_rows() as u32);
        let columns = take_arrays(batch.columns(), &every_row, None)?;
        Ok(RecordBatch::try_new(self.grouping.schema(), columns)?)
    }
}

/// A grouping's rows once each of its parts has some. A grouping hands out rows when it has read all: then it has got the memory that
/// it needs.
async fn begin(
    grouping: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
) -> Result<BoxStream<'static, Result<RecordBatch>>> {
    let mut under_way = JoinSet::new();
    for part in 0..grouping.output_partitioning().partition_count() {
        let mut rows = grouping.execute(part, Arc::clone(&context))?;
        under_way.spawn(async move { rows.try_next().await.map(|first| (first, rows)) });
    }
    drop(grouping);
    let mut ready = Vec::new();
    while let Some(part) = under_way.join_next().await {
        match part.map_err(|e| DataFusionError::ExecutionJoin(Box::new(e)))? {
            Ok((first, rest)) => ready.extend(first.map(|first| stream::iter([Ok(first)]).chain(rest))),
            Err(e) => {
                drop(ready);
                under_way.shutdown().await;
                // Steps below it end when they next look up.
                while context.memory_pool().reserved() > 0 {
                    tokio::time::sleep(LOOKS_AGAIN).await;
                }
                return Err(e);
            }
        }
    }
    Ok(stream::iter(ready).flatten().boxed())
}

/// The same, but a grouping that is refused memory fails: it is done again in smaller shares.
fn without_disk(context: &TaskContext, pool: Arc<dyn MemoryPool>) -> Result<TaskContext> {
    let no_disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::from_runtime_env(&context.runtime_env())
        .with_disk_manager_builder(no_disk)
        .with_memory_pool(pool)
        .build_arc()?;
    Ok(TaskContext::new(
        context.task_id(),
        context.session_id(),
        context.session_config().clone(),
        context.scalar_functions().clone(),
        context.higher_order_functions().clone(),
        context.aggregate_functions().clone(),
        context.window_functions().clone(),
        runtime,
    ))
}

fn is_for_memory(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}
