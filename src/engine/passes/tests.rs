use std::{fs::File, path::Path};

use arrow::{
    array::{ArrayRef, Int64Array, StringArray},
    util::pretty::pretty_format_batches,
};
use datafusion::{common::ParamValues, prelude::ParquetReadOptions};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::*;
use crate::engine::{Engine, MemoryLimit, query, rows_of};

type Row = (Option<String>, i64);

/// Files of `rows`, dealt out one by one.
fn write(folder: &Path, rows: &[Row], files: usize) {
    for file in 0..files {
        let own = || rows.iter().skip(file).step_by(files);
        let name: ArrayRef = Arc::new(StringArray::from_iter(own().map(|(name, _)| name.as_deref())));
        let value: ArrayRef = Arc::new(Int64Array::from_iter_values(own().map(|(_, value)| *value)));
        let batch =
            RecordBatch::try_from_iter_with_nullable([("name", name, true), ("value", value, true)]).unwrap();
        let out = File::create(folder.join(format!("{file}.parquet"))).unwrap();
        let mut writer = ArrowWriter::try_new(out, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
}

/// What a query over the files of a folder gives, and its plan.
fn answer(
    folder: &Path,
    sql: &str,
    memory: Option<usize>,
) -> std::result::Result<(String, String), DataFusionError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = Engine::new(1, memory.map(MemoryLimit)).unwrap();
        let session = engine.session([("public", Arc::default())]).unwrap();
        session.register_parquet("t", folder.to_str().unwrap(), ParquetReadOptions::default()).await?;
        let planned = query(&session, sql, &ParamValues::Map(Default::default())).await?;
        let plan = planned.clone().create_physical_plan().await?;
        let shown = datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string();
        let mut rows = rows_of(planned).await?;
        let mut batches = Vec::new();
        while let Some(batch) = rows.next().await {
            batches.push(batch?);
        }
        Ok((pretty_format_batches(&batches)?.to_string(), shown))
    })
}

fn found_in(plan: &Arc<dyn ExecutionPlan>) -> Option<&PassesExec> {
    plan.downcast_ref().or_else(|| plan.children().into_iter().find_map(found_in))
}

const SUMS: &str = "SELECT name, count(*) AS n, sum(value) AS total, min(value) AS least FROM t WHERE value % 7 <> 3 GROUP BY name \
                    ORDER BY name";

#[test]
fn what_does_not_fit_is_grouped_in_passes() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..400_000).map(|i| (Some(format!("customer {}", i % 200_000)), i)).collect();
    write(folder.path(), &rows, 3);
    let (all_at_once, plan) = answer(folder.path(), SUMS, None).unwrap();
    assert!(!plan.contains("PassesExec"), "{plan}");
    // Queries share 40 % of it.
    let (in_passes, plan) = answer(folder.path(), SUMS, Some(48 << 20)).unwrap();
    assert!(plan.contains("PassesExec"), "{plan}");
    assert_eq!(in_passes, all_at_once);
}

#[test]
fn a_group_that_is_too_large_alone_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..60_000).map(|i| (Some("one".into()), i)).collect();
    write(folder.path(), &rows, 1);
    let sql = "SELECT name, array_agg(value) AS all_of_them FROM t GROUP BY name";
    let error = answer(folder.path(), sql, Some(1 << 20)).unwrap_err().to_string();
    assert!(error.contains("one group takes more than"), "{error}");
}

#[test]
fn other_groupings_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[(None, 1), (Some("x".into()), 2)], 1);
    let plan = |sql: &str| answer(folder.path(), sql, Some(64 << 20)).unwrap().1;
    assert!(plan("SELECT name, sum(value) FROM t GROUP BY name").contains("PassesExec"));
    let elsewhere = [
        "SELECT sum(value) FROM t",
        "SELECT a.name, sum(a.value) FROM t a JOIN t b ON a.name = b.name GROUP BY a.name",
        "SELECT name, sum(value) FROM (SELECT name, value + random() AS value FROM t) GROUP BY name",
        "SELECT name, value, count(*) FROM t GROUP BY ROLLUP (name, value)",
    ];
    for sql in elsewhere {
        assert!(!plan(sql).contains("PassesExec"), "{sql}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Every group is in one share, whole, at any depth of halving.
    #[test]
    fn halves_are_the_whole(
        rows in prop::collection::vec((prop::option::of("[a-f]{1,2}"), 0i64..100), 0..60),
        depth in 0usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &rows, 2);
        let mut shares = vec![Share::WHOLE];
        for _ in 0..depth {
            shares = shares.into_iter().flat_map(Share::halves).collect();
        }
        prop_assert_eq!(shares.len(), 1 << depth);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (parts, whole) = runtime.block_on(async {
            let session = Engine::new(1, Some(MemoryLimit(64 << 20))).unwrap().session([("public", Arc::default())]).unwrap();
            session.register_parquet("t", folder.path().to_str().unwrap(), ParquetReadOptions::default()).await.unwrap();
            let sql = "SELECT name, count(*) AS n, sum(value) AS total FROM t GROUP BY name";
            let planned = query(&session, sql, &ParamValues::Map(Default::default())).await.unwrap();
            let context = Arc::new(planned.task_ctx());
            let plan = planned.create_physical_plan().await.unwrap();
            let passes = found_in(&plan).expect("a grouping of files");
            let mut found = Vec::new();
            for open in [shares, vec![Share::WHOLE]] {
                let passes = Passes {
                    grouping: reset_plan_states(Arc::clone(&passes.grouping)).unwrap(),
                    part: 0,
                    context: Arc::clone(&context),
                    open,
                    running: None,
                };
                let batches: Vec<_> = stream::try_unfold(passes, Passes::next).map(Result::unwrap).collect().await;
                let mut lines: Vec<String> =
                    pretty_format_batches(&batches).unwrap().to_string().lines().skip(3).map(|line| line.replace(' ', "")).collect();
                lines.retain(|line| line.starts_with('|'));
                lines.sort();
                found.push(lines);
            }
            let whole = found.pop().unwrap();
            (found.pop().unwrap(), whole)
        });
        prop_assert_eq!(parts, whole);
    }
}
