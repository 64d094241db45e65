//! `GROUP BY` over files, or made tables, in as many passes as memory takes.
//!
//! The groups of a large lake can take more than a query may hold. DataFusion 55 then writes what it has to disk and begins
//! anew; and where each week of a year brings every group again, it writes every week of it (a year of usage of a million
//! customers had no end). Files can be read again for less: each pass takes a share of the keys, and a share that does not
//! fit is halved. Groups take memory early in a pass, so one that fails has cost little.

mod own_pool;
mod pass;
mod share;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use datafusion::{
    common::{
        Result,
        config::ConfigOptions,
        tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion},
    },
    datasource::source::DataSourceExec,
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::PhysicalExpr,
    physical_expr_common::physical_expr::is_volatile,
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, InputOrderMode, Partitioning,
        PlanProperties,
        aggregates::{AggregateExec, AggregateMode},
        coalesce_partitions::CoalescePartitionsExec,
        filter::FilterExec,
        projection::ProjectionExec,
        repartition::RepartitionExec,
        stream::RecordBatchStreamAdapter,
    },
};
use futures::stream;

use super::only_child;
use pass::Passes;

/// Puts [`PassesExec`] over each grouping of files. One of the last rules, as is [`super::row_number`].
#[derive(Clone, Debug)]
pub struct GroupInPasses {
    /// Bytes that one grouping may take; less where another of the same table holds what they share.
    pub most: usize,
}

impl PhysicalOptimizerRule for GroupInPasses {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let replace = |node: Arc<dyn ExecutionPlan>| {
            if reads_files(&node).is_none() {
                return Ok(Transformed::no(node));
            }
            let parts = node.output_partitioning().clone();
            let passes = Arc::new(PassesExec::new(node, self.most));
            // What is above it counts on its parts.
            Ok(Transformed::yes(match parts.partition_count() {
                1 => passes as Arc<dyn ExecutionPlan>,
                _ => Arc::new(RepartitionExec::try_new(passes, parts)?),
            }))
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

/// The step of a grouping that reads rows which can be read again at the price of decoding them: the grouping itself, or, where
/// parts of the files are grouped first and their groups put together then, the first of both.
fn reads_files(grouping: &Arc<dyn ExecutionPlan>) -> Option<&AggregateExec> {
    let step: &AggregateExec = grouping.downcast_ref()?;
    let first = match step.mode() {
        AggregateMode::Single | AggregateMode::SinglePartitioned => step,
        AggregateMode::Final | AggregateMode::FinalPartitioned => {
            let dealt_out = step.input();
            let moves = dealt_out.is::<RepartitionExec>() || dealt_out.is::<CoalescePartitionsExec>();
            let first: &AggregateExec = dealt_out.children().first().filter(|_| moves)?.downcast_ref()?;
            Some(first).filter(|first| *first.mode() == AggregateMode::Partial)?
        }
        _ => return None,
    };
    let by_key = first.group_expr().is_single() && !first.group_expr().is_true_no_grouping();
    let in_no_order = [step, first].iter().all(|step| *step.input_order_mode() == InputOrderMode::Linear);
    let all_groups = [step, first].iter().all(|step| step.limit_options().is_none());
    let same_again = !throws_dice(first) && is_read_again_alike(first.input());
    (by_key && in_no_order && all_groups && same_again).then_some(first)
}

fn is_read_again_alike(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let of_rows = plan.is::<ProjectionExec>() || plan.is::<FilterExec>() || plan.is::<RepartitionExec>();
    let read = plan.is::<DataSourceExec>() || of_rows && plan.children().into_iter().all(is_read_again_alike);
    read && !throws_dice(plan.as_ref())
}

/// A key that is drawn once for its share and once for its group would be lost.
fn throws_dice(plan: &dyn ExecutionPlan) -> bool {
    let mut found = false;
    let walked = plan.apply_expressions(&mut |expression| {
        found |= is_volatile(expression);
        Ok(TreeNodeRecursion::Continue)
    });
    found || walked.is_err()
}

/// The rows of `grouping` in one part, a share of its keys after another if it takes more than `most` bytes.
#[derive(Debug)]
struct PassesExec {
    grouping: Arc<dyn ExecutionPlan>,
    most: usize,
    properties: Arc<PlanProperties>,
}

impl PassesExec {
    fn new(grouping: Arc<dyn ExecutionPlan>, most: usize) -> Self {
        let properties =
            grouping.properties().as_ref().clone().with_partitioning(Partitioning::UnknownPartitioning(1));
        Self { grouping, most, properties: Arc::new(properties) }
    }
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
        &self.properties
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
        Ok(Arc::new(Self::new(only_child(children)?, self.most)))
    }

    fn execute(&self, _: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let passes = Passes::new(Arc::clone(&self.grouping), self.most, &context)?;
        let rows = stream::try_unfold(passes, Passes::next);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.grouping.schema(), rows)))
    }
}
