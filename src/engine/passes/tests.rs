use std::{fs::File, path::Path};

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch, StringArray},
    util::display::{ArrayFormatter, FormatOptions},
};
use datafusion::{
    common::ParamValues,
    execution::memory_pool::{MemoryConsumer, MemoryPool},
    prelude::ParquetReadOptions,
};
use futures::TryStreamExt;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::{share::Share, *};
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
fn answer(folder: &Path, sql: &str, threads: usize, memory: Option<usize>) -> Result<(Vec<String>, String)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = Engine::new(threads, memory.map(MemoryLimit)).unwrap();
        let session = engine.session([("public", Arc::default())]).unwrap();
        session.register_parquet("t", folder.to_str().unwrap(), ParquetReadOptions::default()).await?;
        let planned = query(&session, sql, &ParamValues::Map(Default::default())).await?;
        let plan = planned.clone().create_physical_plan().await?;
        let shown = datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string();
        let batches: Vec<RecordBatch> = rows_of(planned).await?.try_collect().await?;
        Ok((lines(&batches)?, shown))
    })
}

/// A line for each row, sorted.
fn lines(batches: &[RecordBatch]) -> Result<Vec<String>> {
    let options = FormatOptions::default();
    let mut lines = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options));
        let columns: Vec<_> = columns.collect::<std::result::Result<_, _>>()?;
        let line = |row| columns.iter().map(|column| format!("{} ", column.value(row))).collect();
        lines.extend((0..batch.num_rows()).map(line));
    }
    lines.sort();
    Ok(lines)
}

fn found_in(plan: &Arc<dyn ExecutionPlan>) -> Option<&PassesExec> {
    plan.downcast_ref().or_else(|| plan.children().into_iter().find_map(found_in))
}

const SUMS: &str = "SELECT name, count(*) AS n, sum(value) AS total, min(value) AS least FROM t \
                    WHERE value % 7 <> 3 GROUP BY name";

#[test]
fn what_does_not_fit_is_grouped_in_passes() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..400_000).map(|i| (Some(format!("customer {}", i % 200_000)), i)).collect();
    write(folder.path(), &rows, 3);
    let (all_at_once, plan) = answer(folder.path(), SUMS, 1, None).unwrap();
    assert!(!plan.contains("PassesExec"), "{plan}");
    // Queries share 40 % of it.
    for (threads, grouped_by) in [(1, "mode=Single,"), (3, "mode=FinalPartitioned")] {
        let (in_passes, plan) = answer(folder.path(), SUMS, threads, Some(24 << 20)).unwrap();
        let grouping = plan.lines().skip_while(|line| !line.contains("PassesExec")).nth(1);
        assert!(grouping.is_some_and(|line| line.contains(grouped_by)), "{plan}");
        assert_eq!(in_passes, all_at_once);
    }
}

#[test]
fn a_group_that_is_too_large_alone_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..60_000).map(|i| (Some("one".into()), i)).collect();
    write(folder.path(), &rows, 2);
    let sql = "SELECT name, array_agg(value) AS all_of_them FROM t GROUP BY name";
    for threads in [1, 2] {
        let error = answer(folder.path(), sql, threads, Some(1 << 20)).unwrap_err().to_string();
        assert!(error.contains("one group takes more than"), "{error}");
    }
}

#[test]
fn other_groupings_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[(None, 1), (Some("x".into()), 2)], 2);
    let elsewhere = [
        "SELECT sum(value) FROM t",
        "SELECT a.name, sum(a.value) FROM t a JOIN t b ON a.name = b.name GROUP BY a.name",
        "SELECT name, sum(value) FROM (SELECT name, value + random() AS value FROM t) GROUP BY name",
        "SELECT random() > 0.5 AS side, sum(value) FROM t GROUP BY 1",
        "SELECT name, sum(value * random()) FROM t GROUP BY name",
        "SELECT name, sum(value) FILTER (WHERE random() > 0.5) FROM t GROUP BY name",
        "SELECT name, value, count(*) FROM t GROUP BY ROLLUP (name, value)",
    ];
    for threads in [1, 2] {
        let plan = |sql: &str| answer(folder.path(), sql, threads, Some(64 << 20)).unwrap().1;
        assert!(plan("SELECT name, sum(value) FROM t GROUP BY name").contains("PassesExec"));
        for sql in elsewhere {
            assert!(!plan(sql).contains("PassesExec"), "{sql}");
        }
    }
}

/// The passes of a query over a folder's files, none of them made.
async fn passes(folder: &Path, sql: &str, threads: usize, most: usize) -> Result<Passes> {
    let engine = Engine::new(threads, Some(MemoryLimit(64 << 20))).unwrap();
    let session = engine.session([("public", Arc::default())]).unwrap();
    session.register_parquet("t", folder.to_str().unwrap(), ParquetReadOptions::default()).await?;
    let planned = query(&session, sql, &ParamValues::Map(Default::default())).await?;
    let context = planned.task_ctx();
    let plan = planned.create_physical_plan().await?;
    let grouping = Arc::clone(&found_in(&plan).expect("a grouping of files").grouping);
    Passes::new(grouping, most, &context)
}

/// The groups of a folder's files, made of these shares of the keys.
async fn in_shares(folder: &Path, threads: usize, shares: Vec<Share>) -> Result<Vec<String>> {
    const SUMS_OF_ALL: &str = "SELECT name, count(*) AS n, sum(value) AS total FROM t GROUP BY name";
    let passes = Passes { open: shares, ..passes(folder, SUMS_OF_ALL, threads, usize::MAX).await? };
    let batches: Vec<RecordBatch> = stream::try_unfold(passes, Passes::next).try_collect().await?;
    lines(&batches)
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_are_as_many_as_it_takes_and_hold_no_more_than_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..100_000).map(|i| (Some(format!("customer {i}")), i)).collect();
    write(folder.path(), &rows, 3);
    for threads in [1, 3] {
        let mut passes = passes(folder.path(), SUMS, threads, 6 << 20).await.unwrap();
        let pool = Arc::clone(&passes.pool);
        let (mut groups, mut open) = (0, 0);
        while let Some((batch, after)) = passes.next().await.unwrap() {
            groups += batch.num_rows();
            open = open.max(after.open.len());
            passes = after;
        }
        assert!(open > 0, "one pass did it");
        assert_eq!(groups, rows.iter().filter(|(_, value)| value % 7 != 3).count());
        assert_eq!(pool.reserved(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_wait_to_be_put_together_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[(None, 1)], 1);
    let pool = passes(folder.path(), SUMS, 3, usize::MAX).await.unwrap().pool;
    let dealer =
        MemoryConsumer::new("RepartitionExec[0]").register(&(Arc::clone(&pool) as Arc<dyn MemoryPool>));
    let [half, _] = Share::WHOLE.halves();
    for (share, counted) in [(Share::WHOLE, 100), (half, 0)] {
        pool.begin(share);
        dealer.try_grow(100).unwrap();
        assert_eq!(pool.reserved(), counted);
        dealer.shrink(100);
        assert_eq!(pool.reserved(), 0);
    }
}

#[test]
fn groupings_of_one_table_leave_each_other_enough() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..100_000).map(|i| (Some(format!("customer {}", i % 50_000)), i)).collect();
    write(folder.path(), &rows, 3);
    let one = "SELECT name, sum(value) AS total FROM t GROUP BY name";
    let each = [one, one, one, one].join(" UNION ALL ");
    for threads in [1, 3] {
        let sql = format!("SELECT count(*) AS groups, sum(total) AS total FROM ({each}) AS all_of_them");
        let (answered, plan) = answer(folder.path(), &sql, threads, Some(24 << 20)).unwrap();
        assert_eq!(plan.matches("PassesExec").count(), 4, "{plan}");
        assert_eq!(answered, [format!("200000 {} ", 4 * (0..100_000i64).sum::<i64>())]);
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_passes() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..400_000).map(|i| (Some(format!("customer {}", i % 200_000)), i)).collect();
    write(folder.path(), &rows, 3);
    for threads in [1, 3] {
        let (few, plan) = answer(folder.path(), &format!("{SUMS} LIMIT 5"), threads, Some(24 << 20)).unwrap();
        assert!(plan.contains("PassesExec"), "{plan}");
        assert_eq!(few.len(), 5);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Every group is in one share, whole, at any depth of halving.
    #[test]
    fn halves_are_the_whole(
        rows in prop::collection::vec((prop::option::of("[a-f]{1,2}"), 0i64..100), 0..60),
        depth in 0usize..4,
        threads in 1usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &rows, 2);
        let mut shares = vec![Share::WHOLE];
        for _ in 0..depth {
            shares = shares.into_iter().flat_map(Share::halves).collect();
        }
        prop_assert_eq!(shares.len(), 1 << depth);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let made = |shares| runtime.block_on(in_shares(folder.path(), threads, shares)).unwrap();
        prop_assert_eq!(made(shares), made(vec![Share::WHOLE]));
    }
}
