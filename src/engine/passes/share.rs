//! The rows of a plan whose keys are of one share.

use std::{fmt, sync::Arc};

use arrow::{
    array::{BooleanArray, RecordBatch},
    compute::filter_record_batch,
};
use datafusion::{
    common::{
        Result,
        hash_utils::{RandomState, create_hashes},
        tree_node::TreeNodeRecursion,
    },
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::PhysicalExpr,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, apply_expression_roots,
        stream::RecordBatchStreamAdapter,
    },
};
use futures::StreamExt;

use crate::engine::only_child;

/// The keys whose hash leaves `which` when divided by `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    of: u64,
    which: u64,
}

impl Share {
    pub const WHOLE: Self = Self { of: 1, which: 0 };

    /// What is this small and still does not fit has a key whose group alone is too large.
    pub fn is_smallest(self) -> bool {
        self.of >= 1 << 8
    }

    pub fn halves(self) -> [Self; 2] {
        let of = self.of * 2;
        [Self { of, which: self.which }, Self { of, which: self.which + self.of }]
    }
}

/// The rows of its input whose keys are of one share.
#[derive(Debug)]
pub(super) struct ShareExec {
    input: Arc<dyn ExecutionPlan>,
    by: Vec<Arc<dyn PhysicalExpr>>,
    share: Share,
}

impl ShareExec {
    pub fn new(input: Arc<dyn ExecutionPlan>, by: Vec<Arc<dyn PhysicalExpr>>, share: Share) -> Self {
        Self { input, by, share }
    }

    fn keep(batch: RecordBatch, by: &[Arc<dyn PhysicalExpr>], share: Share) -> Result<RecordBatch> {
        /// Of its own: a table of hashes must not see a pattern in the keys of a share.
        const SEED: u64 = 0x6c756f70616e;
        let rows = batch.num_rows();
        let keys = by.iter().map(|key| key.evaluate(&batch)?.into_array(rows)).collect::<Result<Vec<_>>>()?;
        let mut hashes = vec![0; rows];
        create_hashes(&keys, &RandomState::with_seed(SEED), &mut hashes)?;
        let is_of_it: BooleanArray = hashes.iter().map(|hash| Some(hash % share.of == share.which)).collect();
        Ok(filter_record_batch(&batch, &is_of_it)?)
    }
}

impl DisplayAs for ShareExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "ShareExec: {} of {}", self.share.which, self.share.of)
    }
}

impl ExecutionPlan for ShareExec {
    fn name(&self) -> &str {
        "ShareExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        apply_expression_roots(self.by.iter(), f)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self { input: only_child(children)?, by: self.by.clone(), share: self.share }))
    }

    fn execute(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (by, share) = (self.by.clone(), self.share);
        let rows = self.input.execute(part, context)?.map(move |batch| Self::keep(batch?, &by, share));
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.input.schema(), rows)))
    }
}
