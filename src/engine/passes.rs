//! `GROUP BY` over files in as many passes as memory takes.
//!
//! The groups of a large lake can take more than a query may hold. DataFusion 55 then writes what it has to disk and begins
//! anew; and where each week of a year brings every group again, it writes every week of it (a year of usage of a million
//! customers had no end). Files can be read again for less: each pass takes a share of the keys, and a share that does not
//! fit is halved. Groups take memory early in a pass, so one that fails has cost little.

mod own_pool;
mod share;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use arrow::{
    array::{RecordBatch, UInt32Array},
    compute::take_record_batch,
};
use datafusion::{
    common::{
        Result,
        config::ConfigOptions,
        tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion},
    },
    datasource::source::DataSourceExec,
    error::DataFusionError,
    execution::{
        SendableRecordBatchStream, TaskContext,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::MemoryPool,
        runtime_env::RuntimeEnvBuilder,
    },
    physical_expr::PhysicalExpr,
    physical_expr_common::physical_expr::is_volatile,
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode, PlanProperties,
        aggregates::{AggregateExec, AggregateMode},
        execution_plan::{replace_children_if_necessary, reset_plan_states},
        filter::FilterExec,
        projection::ProjectionExec,
        stream::RecordBatchStreamAdapter,
    },
};
use futures::{StreamExt, stream};

use own_pool::OwnPool;
use share::{Share, ShareExec};

/// Puts [`PassesExec`] over each grouping of files. One of the last rules, as is [`super::row_number`].
#[derive(Clone, Debug)]
pub struct GroupInPasses {
    /// Bytes that one grouping may take.
    pub most: usize,
}

impl PhysicalOptimizerRule for GroupInPasses {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let replace = |node: Arc<dyn ExecutionPlan>| match groups_files(&node) {
            true => {
                let passes: Arc<dyn ExecutionPlan> = Arc::new(PassesExec { grouping: node, most: self.most });
                Ok(Transformed::yes(passes))
            }
            false => Ok(Transformed::no(node)),
        };
        plan.transform_up(replace).data()
    }

    fn name(&self) -> &str {
        "GroupInPasses"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Whether a plan is a grouping, in one part, of what can be read again at the price of decoding it.
fn groups_files(plan: &Arc<dyn ExecutionPlan>) -> bool {
    plan.downcast_ref::<AggregateExec>().is_some_and(|grouping| {
        matches!(grouping.mode(), AggregateMode::Single | AggregateMode::SinglePartitioned)
            && grouping.group_expr().is_single()
            && !grouping.group_expr().is_true_no_grouping()
            && grouping.limit_options().is_none()
            && *grouping.input_order_mode() == InputOrderMode::Linear
            && plan.properties().partitioning.partition_count() == 1
            && is_read_again_alike(grouping.input())
    })
}

fn is_read_again_alike(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let of_rows = plan.is::<ProjectionExec>() || plan.is::<FilterExec>();
    let mut changes = false;
    let walked = plan.apply_expressions(&mut |expression| {
        changes |= is_volatile(expression);
        Ok(TreeNodeRecursion::Continue)
    });
    let read = plan.is::<DataSourceExec>() || of_rows && plan.children().into_iter().all(is_read_again_alike);
    read && !changes && walked.is_ok()
}

/// The rows of `grouping`, a share of its keys after another if it takes more than `most` bytes.
#[derive(Debug)]
struct PassesExec {
    grouping: Arc<dyn ExecutionPlan>,
    most: usize,
}

impl DisplayAs for PassesExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "PassesExec: most={}", self.most)
    }
}

impl ExecutionPlan for PassesExec {
    fn name(&self) -> &str {
        "PassesExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.grouping.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.grouping]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self { grouping: only(children)?, most: self.most }))
    }

    fn execute(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let pool = Arc::new(OwnPool::new(self.most, context.memory_pool()));
        let passes = Passes {
            grouping: Arc::clone(&self.grouping),
            part,
            context: Arc::new(without_disk(&context, pool)?),
            open: vec![Share::WHOLE],
            running: None,
        };
        let rows = stream::try_unfold(passes, Passes::next);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.grouping.schema(), rows)))
    }
}

fn only(mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
    match (children.pop(), children.is_empty()) {
        (Some(child), true) => Ok(child),
        _ => datafusion::common::internal_err!("this has one input"),
    }
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

struct Passes {
    grouping: Arc<dyn ExecutionPlan>,
    part: usize,
    context: Arc<TaskContext>,
    /// Shares to be done, the next one last.
    open: Vec<Share>,
    running: Option<Pass>,
}

struct Pass {
    share: Share,
    rows: SendableRecordBatchStream,
    /// A grouping hands out rows when it has read all: then it has got the memory that it needs.
    has_given: bool,
}

impl Passes {
    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        loop {
            let Some(pass) = &mut self.running else {
                let Some(share) = self.open.pop() else { return Ok(None) };
                let rows = self.of_share(share)?.execute(self.part, Arc::clone(&self.context))?;
                self.running = Some(Pass { share, rows, has_given: false });
                continue;
            };
            match pass.rows.next().await {
                Some(Ok(batch)) => {
                    pass.has_given = true;
                    return Ok(Some((copied(&batch)?, self)));
                }
                Some(Err(e)) if !pass.has_given && !pass.share.is_smallest() && is_for_memory(&e) => {
                    let [first, second] = pass.share.halves();
                    self.open.extend([second, first]);
                    self.running = None;
                }
                Some(Err(e)) => return Err(e),
                None => self.running = None,
            }
        }
    }

    fn of_share(&self, share: Share) -> Result<Arc<dyn ExecutionPlan>> {
        let whole = Arc::clone(&self.grouping);
        let Some(grouping) = whole.downcast_ref::<AggregateExec>().filter(|_| share != Share::WHOLE) else {
            return Ok(whole);
        };
        let by = grouping.group_expr().input_exprs();
        let input = Arc::new(ShareExec::new(Arc::clone(grouping.input()), by, share));
        // A scan that was begun deals out the rest of its files only.
        reset_plan_states(replace_children_if_necessary(whole, vec![input])?)
    }
}

/// What a grouping gives are slices of one batch. Who keeps one of them keeps all, and counts all with each.
fn copied(batch: &RecordBatch) -> Result<RecordBatch> {
    let every_row = UInt32Array::from_iter_values(0..batch.num_rows() as u32);
    Ok(take_record_batch(batch, &every_row)?)
}

fn is_for_memory(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}
