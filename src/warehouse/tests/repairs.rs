//! What `repair` finds, mends, and leaves alone.

use std::sync::Arc;

use object_store::memory::InMemory;

use super::*;

async fn repair(warehouse: &Warehouse) -> Vec<Finding> {
    let lock = warehouse.lock(&holder("repair")).await.unwrap();
    let done = warehouse.repair(&lock, true).await.unwrap();
    lock.release().await.unwrap();
    done
}

async fn told(warehouse: &Warehouse) -> Vec<String> {
    warehouse.survey(true).await.unwrap().into_iter().map(|finding| finding.what).collect()
}

/// A whole set that the pointer does not name, as a run leaves it that died before the swap.
async fn leave_behind(warehouse: &Warehouse, d: u32, values: &[i64]) -> String {
    let pointer = warehouse.get(layout::POINTER).await.unwrap().unwrap().bytes;
    let scratch = in_memory(Arc::new(InMemory::new()));
    let set = publish(&scratch, draft(d, values)).await.unwrap().set;
    let own = [layout::POINTER, layout::REMOTE_LOCK];
    for path in listing(&scratch).await.iter().filter(|path| !own.contains(&path.as_str())) {
        warehouse.put(path, scratch.get(path).await.unwrap().unwrap().bytes).await.unwrap();
    }
    assert_eq!(warehouse.get(layout::POINTER).await.unwrap().unwrap().bytes, pointer);
    set
}

#[tokio::test]
async fn leftovers_are_told_then_removed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    for warehouse in [in_memory(Arc::new(InMemory::new())), in_folder(dir.path())] {
        assert!(told(&warehouse).await.is_empty());
        publish(&warehouse, draft(1, &[1])).await.unwrap();
        assert!(told(&warehouse).await.is_empty());
        publish(&warehouse, draft(2, &[1, 2])).await.unwrap();
        let before = listing(&warehouse).await;

        let set = leave_behind(&warehouse, 1, &[1, 2]).await;
        let own = warehouse.manifest(day(1)).await.unwrap().unwrap().set;
        let orphans = [
            "customers/as_of=2026-04-07/part-00000-0123456789ab.parquet".to_owned(),
            format!("alarms/as_of=2026-04-01/part-00000-{own}.parquet"),
            layout::manifest_file(day(9), "ffffffffffff"),
            layout::NEXT_POINTER.to_owned(),
        ];
        for path in &orphans {
            warehouse.put(path, "{".into()).await.unwrap();
        }
        let foreign = ["notes.txt", "customers/as_of=2026-04-01/mine.parquet"];
        for path in foreign {
            warehouse.put(path, "x".into()).await.unwrap();
        }
        let local = warehouse.location.local.clone();
        if let Some(root) = &local {
            std::fs::write(root.join("_luopan/runs#1"), "x").unwrap();
            std::fs::write(root.join("notes#1"), "x").unwrap();
        }
        let all = listing(&warehouse).await;
        let said = told(&warehouse).await.join("\n");
        for part in [
            &set,
            "0123456789ab",
            "alarms/",
            "ffffffffffff",
            layout::NEXT_POINTER,
            "files that luopan did not write (2)",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert_eq!(said.contains("_luopan/runs#1, of a write that never ended"), local.is_some(), "{said}");
        assert_eq!(listing(&warehouse).await, all, "looking changes nothing");

        repair(&warehouse).await;
        let mut after = listing(&warehouse).await;
        assert!(after.contains(&orphans[0]), "tables without a manifest were not left by a run");
        after.retain(|path| !foreign.contains(&path.as_str()) && *path != orphans[0]);
        assert_eq!(after, before);
        assert!(!warehouse.survey(true).await.unwrap().iter().any(Finding::can_be_mended));
        if let Some(root) = &local {
            assert!(root.join("notes#1").exists() && !root.join("_luopan/runs#1").exists());
        }
    }
}

#[tokio::test]
async fn a_pointer_is_rebuilt_from_the_sets_that_are_whole() {
    let dir = tempfile::tempdir().unwrap();
    for (warehouse, damage) in
        [(in_memory(Arc::new(InMemory::new())), None), (in_folder(dir.path()), Some("{\"version\":1,"))]
    {
        for d in 1..=3 {
            publish(&warehouse, draft(d, &[i64::from(d)])).await.unwrap();
        }
        let pointer = warehouse.pointer().await.unwrap();
        let later = leave_behind(&warehouse, 1, &[1, 2]).await;
        let manifest = warehouse.manifest(day(2)).await.unwrap().unwrap();
        warehouse.delete(&manifest.tables[0].files[0].path).await.unwrap();
        match damage {
            Some(text) => warehouse.put(layout::POINTER, text.into()).await.unwrap(),
            None => warehouse.delete(layout::POINTER).await.unwrap(),
        }
        let said = told(&warehouse).await.join("\n");
        assert!(said.contains("from the sets that are there (days: 3)"), "{said}");
        assert!(said.contains(&format!("{later}, written last, is taken")), "{said}");
        assert!(said.contains("the set of 2026-04-02 is not whole"), "{said}");
        repair(&warehouse).await;
        let rebuilt = warehouse.pointer().await.unwrap();
        // The day that is not whole is named, too: nobody is to sweep away what is left of it.
        assert_eq!(
            rebuilt.sets,
            BTreeMap::from([
                (day(1), later.clone()),
                (day(2), pointer.sets[&day(2)].clone()),
                (day(3), pointer.sets[&day(3)].clone())
            ])
        );
        assert_eq!(values(&warehouse, 1).await, Some(vec![1, 2]));
        // What it does not name goes with the next call, and the day that was not whole comes back by running it.
        repair(&warehouse).await;
        assert_eq!(told(&warehouse).await.len(), 1);
        publish(&warehouse, draft(2, &[2])).await.unwrap();
        assert!(told(&warehouse).await.is_empty());
        assert_eq!(values(&warehouse, 2).await, Some(vec![2]));
    }
}

#[tokio::test]
async fn what_only_a_run_can_mend_is_told_with_its_day() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    let manifest = warehouse.manifest(day(1)).await.unwrap().unwrap();
    let table = &manifest.tables[0].files[0];
    let other = vec![b'x'; table.bytes as usize];
    warehouse.put(&table.path, other.into()).await.unwrap();
    warehouse.put(&manifest.models[0].files[0].path, "{ }".into()).await.unwrap();
    assert_eq!(warehouse.survey(false).await.unwrap().len(), 1, "the model's file has another size");
    let before = listing(&warehouse).await;
    let found = repair(&warehouse).await;
    assert_eq!(listing(&warehouse).await, before);
    let advice = |finding: &Finding| match &finding.remedy {
        Remedy::Advice(advice) => advice.clone(),
        other => panic!("{other:?}"),
    };
    assert!(advice(&found[0]).contains("`--as-of 2026-04-01`"), "{found:?}");
    assert!(found[1].what.contains("card.json") && advice(&found[1]).contains("backup"), "{found:?}");
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    assert!(told(&warehouse).await.is_empty(), "the same draft brings the model's file, too");
    let lost = in_memory(Arc::new(InMemory::new()));
    lost.put(&table.path, "x".into()).await.unwrap();
    repair(&lost).await;
    assert!(told(&lost).await[0].contains("neither pointer nor manifests"));
    assert!(lost.get(&table.path).await.unwrap().is_some(), "what may be all that is left is not removed");
    warehouse.put(layout::POINTER, r#"{"version":9}"#.into()).await.unwrap();
    let newer = warehouse.survey(false).await.unwrap_err().to_string();
    assert!(newer.contains("use the newer luopan"), "{newer}");
}
