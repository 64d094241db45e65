//! What readers and the next run find after failed writes, second writers and damage.

use std::sync::Arc;

use object_store::{ObjectStoreExt, memory::InMemory};

use super::{
    faulty::{Fault, FaultyStore},
    *,
};

/// Every single operation of a publication fails once, or is where the store dies: readers see the old set or the new one,
/// whole, and after the next run no file of an unused set is left. (The crash harness in `tests/it` does the same with whole
/// runs; here with models.)
#[tokio::test]
async fn whichever_operation_fails_readers_see_one_whole_set() {
    for fault in [Fault::Once, Fault::Dead, Fault::Unconfirmed, Fault::Short] {
        for local in [false, true] {
            let (mut failed, mut ended_well) = (0, 0);
            for at in 0.. {
                let dir = tempfile::tempdir().unwrap();
                let sound = if local { in_folder(dir.path()) } else { in_memory(Arc::new(InMemory::new())) };
                publish(&sound, draft(1, &[7])).await.unwrap();
                publish(&sound, draft(2, &[1])).await.unwrap();
                let mut faulty = sound.clone();
                let store = FaultyStore::new(sound.location.store.clone(), fault, at);
                faulty.location.store = store.clone();
                let lock = sound.lock(&holder("test")).await.unwrap();
                let outcome = faulty.publish(&lock, draft(2, &[2, 3])).await;
                lock.release().await.unwrap();
                let seen = values(&sound, 2).await;
                match &outcome {
                    Ok(_) => assert_eq!(seen, Some(vec![2, 3])),
                    Err(problem) => {
                        let said = problem.message.contains("readers see what they saw before");
                        assert!(!said || seen == Some(vec![1]), "{problem}");
                        assert!(seen == Some(vec![1]) || seen == Some(vec![2, 3]), "{seen:?}");
                    }
                }
                // The next night, another day, all is well again.
                let next = publish(&sound, draft(3, &[4])).await.unwrap();
                assert!(next.warnings.is_empty(), "{:?}", next.warnings);
                assert_eq!((values(&sound, 2).await, values(&sound, 1).await), (seen, Some(vec![7])));
                let all = tables_and_sets(listing(&sound).await);
                assert_eq!(all.len(), 3 * (2 + 1), "{all:?}");
                if !store.struck() {
                    break;
                }
                *(if outcome.is_ok() { &mut ended_well } else { &mut failed }) += 1;
            }
            // At the least: manifest, two tables, a model.
            assert!(failed >= 4, "{fault:?}: {failed} failed, {ended_well} ended well");
        }
    }
}

#[tokio::test]
async fn parts_of_an_upload_that_failed_are_given_up() {
    let bytes = bytes::Bytes::from(vec![7u8; (35 << 20) + 1]);
    // Its beginning, three parts, its end.
    for at in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let mut warehouse = in_folder(dir.path());
        let store = FaultyStore::new(warehouse.location.store.clone(), Fault::Once, at);
        warehouse.location.store = store.clone();
        warehouse.put("a/large", bytes.clone()).await.unwrap_err();
        assert!(store.struck());
        let left = std::fs::read_dir(dir.path().join("wh/a")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "after part {at}");
    }
}

fn tables_and_sets(mut paths: Vec<String>) -> Vec<String> {
    paths.retain(|path| path.ends_with(".parquet") || path.starts_with(layout::SETS));
    paths
}

#[tokio::test]
async fn a_damaged_file_is_named_and_a_missing_one_written_again() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    let set = publish(&warehouse, draft(1, &[1, 2])).await.unwrap().set;
    let manifest = warehouse.manifest(day(1)).await.unwrap().unwrap();
    let file = manifest.table("customers").unwrap().files[0].path.clone();

    let sound = warehouse.get(&file).await.unwrap().unwrap().bytes;
    let mut flipped = sound.to_vec();
    flipped[sound.len() / 2] ^= 1;
    warehouse.put(&file, flipped.into()).await.unwrap();
    let problem = warehouse.read_table(&manifest, "customers").await.unwrap_err().to_string();
    assert!(problem.contains(&file) && problem.contains("damaged"), "{problem}");
    assert!(publish(&warehouse, draft(1, &[1, 2])).await.unwrap().changed, "of the same size, and yet");
    assert_eq!(warehouse.get(&file).await.unwrap().unwrap().bytes, sound);

    warehouse.delete(&file).await.unwrap();
    assert!(warehouse.read_table(&manifest, "customers").await.unwrap_err().to_string().contains("gone"));
    let again = publish(&warehouse, draft(1, &[1, 2])).await.unwrap();
    assert!(again.changed && again.set == set && again.replaced.is_none());
    assert_eq!(warehouse.get(&file).await.unwrap().unwrap().bytes, sound);

    let at = layout::manifest_file(day(1), &set);
    for text in ["{", "{}", r#"{"version":2}"#, r#"{"version":1,"as_of":"2026-04-01"}"#] {
        warehouse.put(&at, text.into()).await.unwrap();
        let problem = warehouse.manifest(day(1)).await.unwrap_err().to_string();
        assert!(problem.contains(&at), "{problem}");
    }
    assert!(publish(&warehouse, draft(1, &[1, 2])).await.unwrap().changed);
    assert_eq!(warehouse.manifest(day(1)).await.unwrap().unwrap(), manifest);
}

#[tokio::test]
async fn a_damaged_or_lost_pointer_is_said_and_costs_no_set() {
    let store = Arc::new(InMemory::new());
    let warehouse = in_memory(store.clone());
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    let misfit = r#"{"version":1,"newest":"2026-04-02","sets":{"2026-04-01":"0123456789ab"}}"#;
    for text in
        ["", "[]", r#"{"version":9}"#, misfit, r#"{"version":1,"newest":null,"sets":{"1 April":"x"}}"#]
    {
        warehouse.put(layout::POINTER, text.into()).await.unwrap();
        let problem = publish(&warehouse, draft(2, &[1])).await.unwrap_err();
        assert!(problem.message.contains("current.json") && problem.help.is_some(), "{problem}");
    }
    store.delete(&warehouse.location.path(layout::POINTER)).await.unwrap();
    let before = listing(&warehouse).await;
    let problem = publish(&warehouse, draft(2, &[1])).await.unwrap_err().to_string();
    assert!(problem.contains("is gone, but there are sets"), "{problem}");
    assert_eq!(listing(&warehouse).await, before);
}
