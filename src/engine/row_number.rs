//! `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)` over rows that are sorted already, a batch at a time.
//!
//! "The newest row of each key" is how half of the SQL here is cleaned, with as many partitions as rows. DataFusion 55 makes
//! a batch of its own for each partition, some 5 µs each: two thirds of the time of `contracts` and `customers`.

use std::{fmt, sync::Arc};

use arrow::{
    array::{ArrayRef, RecordBatch, UInt64Array},
    compute::{SortOptions, partition},
    datatypes::SchemaRef,
};
use datafusion::{
    common::{
        Result,
        config::ConfigOptions,
        tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion},
    },
    error::DataFusionError,
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{PhysicalExpr, window::StandardWindowExpr},
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode, PlanProperties,
        stream::RecordBatchStreamAdapter,
        windows::{BoundedWindowAggExec, WindowUDFExpr},
    },
};
use futures::StreamExt;

use super::only_child;

/// Puts [`RowNumberExec`] in the place of what numbers rows one partition at a time. One of the last rules: others
/// would not know it.
#[derive(Debug)]
pub struct NumberRowsByBatch;

impl PhysicalOptimizerRule for NumberRowsByBatch {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let replace = |node: Arc<dyn ExecutionPlan>| match RowNumberExec::for_window(&node) {
            Some(numbered) => Ok(Transformed::yes(Arc::new(numbered) as Arc<dyn ExecutionPlan>)),
            None => Ok(Transformed::no(node)),
        };
        plan.transform_up(replace).data()
    }

    fn name(&self) -> &str {
        "NumberRowsByBatch"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Its input's columns, and the number of each row among those of its partition.
#[derive(Debug)]
struct RowNumberExec {
    input: Arc<dyn ExecutionPlan>,
    partition_by: Vec<Arc<dyn PhysicalExpr>>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl RowNumberExec {
    /// None for a window of anything but one ROW_NUMBER, or over rows whose partitions are not together.
    fn for_window(plan: &Arc<dyn ExecutionPlan>) -> Option<Self> {
        let window = plan.downcast_ref::<BoundedWindowAggExec>()?;
        let [one] = window.window_expr() else { return None };
        let function = one.as_any().downcast_ref::<StandardWindowExpr>()?.get_standard_func_expr();
        let is_row_number =
            function.as_any().downcast_ref::<WindowUDFExpr>().is_some_and(|f| f.fun().name() == "row_number");
        let together = window.input_order_mode == InputOrderMode::Sorted;
        (is_row_number && together).then(|| Self {
            input: Arc::clone(window.input()),
            partition_by: one.partition_by().to_vec(),
            schema: window.schema(),
            properties: Arc::clone(window.properties()),
        })
    }
}

impl DisplayAs for RowNumberExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter) -> fmt::Result {
        let by: Vec<String> = self.partition_by.iter().map(ToString::to_string).collect();
        write!(f, "RowNumberExec: partition_by=[{}]", by.join(", "))
    }
}

impl ExecutionPlan for RowNumberExec {
    fn name(&self) -> &str {
        "RowNumberExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
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
        datafusion::physical_plan::apply_expression_roots(self.partition_by.iter(), f)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self {
            input: only_child(children)?,
            partition_by: self.partition_by.clone(),
            schema: Arc::clone(&self.schema),
            properties: Arc::clone(&self.properties),
        }))
    }

    fn execute(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(part, context)?;
        let (schema, by) = (Arc::clone(&self.schema), self.partition_by.clone());
        let mut last = None;
        let numbered = input.map(move |batch| number(&batch?, &by, &schema, &mut last));
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), numbered)))
    }
}

/// The partition of the row before, and the number of that row in it.
type Last = Option<(Vec<ArrayRef>, u64)>;

fn number(
    batch: &RecordBatch,
    by: &[Arc<dyn PhysicalExpr>],
    schema: &SchemaRef,
    last: &mut Last,
) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let value = |by: &Arc<dyn PhysicalExpr>| by.evaluate(batch)?.into_array(rows);
    let keys: Vec<ArrayRef> = by.iter().map(value).collect::<Result<_>>()?;
    let mut numbers: Vec<u64> = Vec::with_capacity(rows);
    // Without PARTITION BY all rows are one partition.
    let ranges = match keys.is_empty() {
        true => std::iter::once(0..rows).filter(|all| !all.is_empty()).collect(),
        false => partition(&keys)?.ranges(),
    };
    for range in ranges {
        let before = match last {
            Some((key, number)) if range.start == 0 && same(key, &keys)? => *number,
            _ => 0,
        };
        numbers.extend((1..=range.len() as u64).map(|n| before + n));
    }
    if let Some(number) = numbers.last() {
        *last = Some((keys.iter().map(|key| key.slice(rows - 1, 1)).collect(), *number));
    }
    let mut columns = batch.columns().to_vec();
    columns.push(Arc::new(UInt64Array::from(numbers)));
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(DataFusionError::from)
}

/// Whether the first row of `keys` is of this partition; of nulls, too, there is one.
fn same(partition: &[ArrayRef], keys: &[ArrayRef]) -> Result<bool> {
    for (one, other) in partition.iter().zip(keys) {
        let order = arrow::array::make_comparator(one, other, SortOptions::default())?(0, 0);
        if order.is_ne() {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use arrow::util::pretty::pretty_format_batches;
    use datafusion::common::ParamValues;
    use proptest::prelude::*;

    use super::*;
    use crate::engine::{Engine, query};

    const SQL: &str = "SELECT a, b, ROW_NUMBER() OVER (PARTITION BY a, c ORDER BY b DESC) AS n FROM t ORDER BY a, c, b DESC";

    fn answer(sql: &str, rows: &[(Option<i64>, Option<&'static str>)], ours: bool) -> (String, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let session = match ours {
                true => Engine::new(2, None).unwrap().session([("public", Arc::default())]).unwrap(),
                false => datafusion::prelude::SessionContext::new(),
            };
            let a = arrow::array::Int64Array::from_iter(rows.iter().map(|(a, _)| *a));
            let c = arrow::array::StringArray::from_iter(rows.iter().map(|(_, c)| *c));
            let b = arrow::array::Int64Array::from_iter_values(0..rows.len() as i64);
            let columns: [(&str, ArrayRef); 3] = [("a", Arc::new(a)), ("b", Arc::new(b)), ("c", Arc::new(c))];
            let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true))).unwrap();
            session.sql("SET datafusion.execution.batch_size = 3").await.unwrap();
            session.register_batch("t", batch).unwrap();
            let parameters = ParamValues::Map(HashMap::new());
            let planned = query(&session, sql, &parameters).await.unwrap();
            let plan = planned.clone().create_physical_plan().await.unwrap();
            let shown = datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string();
            (pretty_format_batches(&planned.collect().await.unwrap()).unwrap().to_string(), shown)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn rows_are_numbered_as_datafusion_numbers_them(
            rows in prop::collection::vec(
                (prop::option::of(0i64..4), prop::option::of(prop::sample::select(vec!["x", "y"]))), 0..40),
        ) {
            for sql in [SQL, "SELECT b, ROW_NUMBER() OVER (ORDER BY b) AS n FROM t ORDER BY b"] {
                let (ours, plan) = answer(sql, &rows, true);
                prop_assert!(plan.contains("RowNumberExec"), "{plan}");
                prop_assert_eq!(ours, answer(sql, &rows, false).0);
            }
        }
    }

    #[test]
    fn other_windows_are_left_alone() {
        let two = "SELECT a, RANK() OVER (PARTITION BY a ORDER BY b) AS n FROM t ORDER BY a, b";
        assert!(!answer(two, &[(Some(1), None)], true).1.contains("RowNumberExec"));
    }
}
