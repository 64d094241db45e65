//! The promises of `warehouse/mod.rs`, on a store in memory and in a folder.

mod faults;
mod faulty;
mod leases;
mod repairs;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::SystemTime};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use chrono::{NaiveDate, Utc};
use object_store::{ObjectStore, memory::InMemory};
use serde_json::json;

use super::*;
use crate::project::pipeline::StorageSettings;

fn in_memory(store: Arc<dyn ObjectStore>) -> Warehouse {
    Warehouse::open(Location {
        store,
        prefix: "wh".into(),
        url: "memory://wh".into(),
        object_store_url: "memory://".parse().unwrap(),
        local: None,
    })
}

fn in_folder(folder: &Path) -> Warehouse {
    Warehouse::open(Location::resolve("wh", folder, &StorageSettings::default()).unwrap())
}

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, d).unwrap()
}

fn holder(what: &str) -> Holder {
    Holder::this_process("2026-04-01T02:00:00Z".parse().unwrap(), what)
}

fn table(name: &str, values: &[i64]) -> DraftTable {
    let text: Vec<_> = values.iter().map(|v| format!("customer {v}")).collect();
    let batch = RecordBatch::try_from_iter([
        ("customer_id", Arc::new(StringArray::from(text)) as ArrayRef),
        ("value", Arc::new(Int64Array::from(values.to_vec()))),
    ])
    .unwrap();
    let mut writer = DraftWriter::new(name, &batch.schema(), &BTreeMap::new()).unwrap();
    writer.push(&batch).unwrap();
    writer.finish().unwrap()
}

fn draft(d: u32, values: &[i64]) -> DraftSet {
    DraftSet {
        as_of: day(d),
        pipeline: "nightly".into(),
        tables: vec![table("customers", values), table("alerts", &[])],
        inputs: json!({"crm_accounts": {"files": 2}}),
        settings: json!({}),
        project: BTreeMap::new(),
        models: vec![DraftModel {
            entry: ModelEntry {
                name: "churn_risk".into(),
                version: format!("v{}", values.len()),
                role: Role::Champion,
                fitted_on: Some(day(d)),
                champion_since: Some(day(d)),
                gates: json!(null),
                files: Vec::new(),
            },
            files: vec![("card.json".into(), "{}".into())],
        }],
    }
}

async fn publish(warehouse: &Warehouse, draft: DraftSet) -> Result<Published, crate::problem::Problem> {
    let lock = warehouse.lock(&holder("test")).await?;
    let published = warehouse.publish(&lock, draft).await;
    lock.release().await?;
    published
}

/// The values of table `customers` on a day, as a reader sees them.
async fn values(warehouse: &Warehouse, d: u32) -> Option<Vec<i64>> {
    let manifest = warehouse.manifest(day(d)).await.unwrap()?;
    let batches = warehouse.read_table(&manifest, "customers").await.unwrap();
    let column =
        |b: &RecordBatch| b.column(1).as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec();
    Some(batches.iter().flat_map(column).collect())
}

async fn listing(warehouse: &Warehouse) -> Vec<String> {
    warehouse.list("").await.unwrap()
}

#[tokio::test]
async fn a_rerun_changes_nothing_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let warehouse = in_folder(dir.path());
    let first = publish(&warehouse, draft(1, &[1, 2])).await.unwrap();
    assert!(first.changed && first.replaced.is_none() && first.files == 2, "{first:?}");
    let times = || async {
        let mut seen: Vec<(String, SystemTime)> = Vec::new();
        for path in listing(&warehouse).await.into_iter().filter(|p| !p.ends_with("/lock")) {
            let modified = std::fs::metadata(dir.path().join("wh").join(&path)).unwrap().modified().unwrap();
            seen.push((path, modified));
        }
        seen
    };
    let before = times().await;
    let again = publish(&warehouse, draft(1, &[1, 2])).await.unwrap();
    assert!(!again.changed && again.set == first.set && again.warnings.is_empty());
    assert_eq!(times().await, before);
    let paths: Vec<_> = before.iter().map(|(path, _)| path.replace(&first.set, "SET")).collect();
    assert_eq!(
        paths,
        [
            "_luopan/current.json",
            "_luopan/models/churn_risk/v2/card.json",
            "_luopan/sets/2026-04-01/SET.json",
            "alerts/as_of=2026-04-01/part-00000-SET.parquet",
            "customers/as_of=2026-04-01/part-00000-SET.parquet",
        ]
    );
}

#[tokio::test]
async fn a_replaced_day_leaves_no_file_and_other_days_stay() {
    let dir = tempfile::tempdir().unwrap();
    for warehouse in [in_memory(Arc::new(InMemory::new())), in_folder(dir.path())] {
        publish(&warehouse, draft(1, &[1])).await.unwrap();
        let old = publish(&warehouse, draft(2, &[2])).await.unwrap();
        let new = publish(&warehouse, draft(2, &[2, 3])).await.unwrap();
        assert_eq!(new.replaced.as_deref(), Some(old.set.as_str()));
        assert!(!listing(&warehouse).await.iter().any(|path| path.contains(&old.set)));
        assert_eq!(
            (values(&warehouse, 1).await, values(&warehouse, 2).await),
            (Some(vec![1]), Some(vec![2, 3]))
        );
        let pointer = warehouse.pointer().await.unwrap();
        assert_eq!((pointer.newest, pointer.sets.len()), (Some(day(2)), 2));
        let previous = warehouse.previous_set(day(2)).await.unwrap().unwrap();
        assert_eq!(previous.as_of, day(1));
        assert!(warehouse.previous_set(day(1)).await.unwrap().is_none());
        assert!(warehouse.manifest(day(3)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_set_keeps_the_files_that_made_it_and_their_words_are_no_part_of_its_name() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    let with = |text: &str| {
        let file = ("sql/sources.toml".to_owned(), text.to_owned());
        DraftSet { project: [file].into(), ..draft(1, &[1]) }
    };
    let kept = || async {
        let manifest = warehouse.manifest(day(1)).await.unwrap().unwrap();
        (manifest.set.clone(), warehouse.project(&manifest).await.unwrap().unwrap())
    };
    let first = publish(&warehouse, with("a = 1")).await.unwrap();
    assert_eq!(kept().await, (first.set.clone(), with("a = 1").project));
    let again = publish(&warehouse, with("a = 1 # said")).await.unwrap();
    assert!(!again.changed && again.set == first.set);
    assert_eq!(kept().await, (first.set, with("a = 1 # said").project));
    let files: Vec<_> = listing(&warehouse).await.into_iter().filter(|p| p.contains("projects/")).collect();
    assert_eq!(files.len(), 2, "of the first, too: {files:?}");
    for file in &files {
        warehouse.put(file, "{}".into()).await.unwrap();
    }
    let manifest = warehouse.manifest(day(1)).await.unwrap().unwrap();
    assert!(warehouse.project(&manifest).await.unwrap_err().message.contains("is damaged"));
    assert!(warehouse.project(&Manifest { project: None, ..manifest }).await.unwrap().is_none());
}

#[tokio::test]
async fn an_empty_table_has_its_file_and_columns() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[])).await.unwrap();
    let manifest = warehouse.manifest(day(1)).await.unwrap().unwrap();
    let alerts = manifest.table("alerts").unwrap();
    assert_eq!((alerts.rows(), alerts.files.len()), (0, 1));
    assert_eq!(alerts.arrow_schema().unwrap().fields().len(), 2);
    assert!(warehouse.read_table(&manifest, "alerts").await.unwrap().is_empty());
    let problem = warehouse.read_table(&manifest, "alarms").await.unwrap_err().to_string();
    assert!(problem.contains("it has alerts, customers"), "{problem}");
}

#[tokio::test]
async fn a_models_damaged_file_is_mended_by_the_same_version() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    warehouse.put("_luopan/models/churn_risk/v1/card.json", "{\"x\":1}".into()).await.unwrap();
    let model = &warehouse.manifest(day(1)).await.unwrap().unwrap().models[0];
    assert!(warehouse.checked(&model.files[0]).await.is_err());
    publish(&warehouse, draft(2, &[1])).await.unwrap();
    assert_eq!(warehouse.checked(&model.files[0]).await.unwrap(), "{}");
}

#[tokio::test]
async fn a_large_file_goes_up_in_parts() {
    let dir = tempfile::tempdir().unwrap();
    for warehouse in [in_memory(Arc::new(InMemory::new())), in_folder(dir.path())] {
        let bytes = bytes::Bytes::from(vec![7u8; (35 << 20) + 1]);
        warehouse.put("a/large", bytes.clone()).await.unwrap();
        assert_eq!(warehouse.size("a/large").await.unwrap(), Some(bytes.len() as u64));
        assert!(warehouse.get("a/large").await.unwrap().unwrap().bytes == bytes);
    }
}

#[tokio::test]
async fn runs_come_newest_first_and_a_damaged_one_hides_no_other() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    assert!(warehouse.runs(5).await.unwrap().records.is_empty());
    let now = Utc::now();
    let step =
        Step { table: "t".into(), as_of: day(1), rows: Some(3), millis: 12, cached: false, error: None };
    let record = |n: u32| RunRecord {
        run: format!("2026040{n}T020000Z-1"),
        pipeline: "nightly".into(),
        as_of: Some(day(n)),
        started_at: now,
        ended_at: now,
        status: RunStatus::CouldNotRun,
        exit_status: 2,
        set: None,
        steps: vec![step.clone()],
        stages: vec![Stage { stage: "making".into(), seconds: 0.25, cpu_seconds: None, peak_mb: None }],
        notes: Vec::new(),
        warnings: Vec::new(),
        error: Some("no lake".into()),
    };
    for n in [2, 1, 3] {
        warehouse.write_run(&record(n)).await.unwrap();
    }
    warehouse.put("_luopan/runs/20260402T030000Z-1.json", "{".into()).await.unwrap();
    let runs = warehouse.runs(3).await.unwrap();
    assert_eq!(runs.records, [record(3), record(2)]);
    assert!(runs.unreadable[0].to_string().contains("20260402T030000Z-1.json"));
    assert!(warehouse.write_run(&RunRecord { run: "../x".into(), ..record(1) }).await.is_err());
}

/// A run is driven from a spawned task.
#[tokio::test]
async fn publishing_can_be_spawned() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    let task = tokio::spawn(async move { publish(&warehouse, draft(1, &[1])).await.map(|p| p.changed) });
    assert!(task.await.unwrap().unwrap());
}
