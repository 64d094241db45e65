//! What readers and the next run find after failed writes, second writers and damage.

use std::sync::Arc;

use object_store::{ObjectStoreExt, memory::InMemory};

use super::{faulty::FaultyStore, *};

/// Every single write or deletion of a publication fails once, or is where the process dies: readers see the old set or
/// the new one, whole, and after the next run no file of an unused set is left.
#[tokio::test]
async fn whichever_write_fails_readers_see_one_whole_set() {
    for dead in [false, true] {
        for local in [false, true] {
            let (mut failures, mut left_behind) = (0, 0);
            for from in 0.. {
                let dir = tempfile::tempdir().unwrap();
                let sound = if local { in_folder(dir.path()) } else { in_memory(Arc::new(InMemory::new())) };
                publish(&sound, draft(1, &[7])).await.unwrap();
                publish(&sound, draft(2, &[1])).await.unwrap();
                let before = listing(&sound).await;
                let mut faulty = sound.clone();
                faulty.location.store = FaultyStore::new(sound.location.store.clone(), from, dead);
                let lock = sound.lock(&holder("test")).await.unwrap();
                let outcome = faulty.publish(&lock, draft(2, &[2, 3])).await;
                lock.release().await.unwrap();
                let undisturbed = outcome.as_ref().is_ok_and(|p| p.warnings.is_empty());
                let wanted = if outcome.is_ok() { vec![2, 3] } else { vec![1] };
                if let Err(problem) = outcome {
                    failures += 1;
                    assert!(problem.message.contains("readers see what they saw before"), "{problem}");
                    if !dead {
                        assert_eq!(tables_and_sets(listing(&sound).await), tables_and_sets(before));
                    }
                } else {
                    left_behind += usize::from(!undisturbed);
                }
                assert_eq!(values(&sound, 2).await.as_ref(), Some(&wanted));
                // The next night, another day, all is well again.
                publish(&sound, draft(3, &[4])).await.unwrap();
                assert_eq!(values(&sound, 2).await, Some(wanted));
                assert_eq!(values(&sound, 1).await, Some(vec![7]));
                let all = tables_and_sets(listing(&sound).await);
                assert_eq!(all.len(), 3 * (2 + 1), "{all:?}");
                if undisturbed {
                    break;
                }
            }
            // Manifest, two tables, a model, and the pointer (in a folder: the next one, and its renaming).
            assert_eq!(failures, if local { 6 } else { 5 });
            // The old set's two tables and its manifest: readers have the new set, and the next run sweeps.
            assert_eq!(left_behind, 3);
        }
    }
}

fn tables_and_sets(mut paths: Vec<String>) -> Vec<String> {
    paths.retain(|path| path.ends_with(".parquet") || path.starts_with(layout::SETS));
    paths
}

#[tokio::test]
async fn a_second_writer_is_told_who_the_first_is() {
    let dir = tempfile::tempdir().unwrap();
    for warehouse in [in_memory(Arc::new(InMemory::new())), in_folder(dir.path())] {
        let lock = warehouse.lock(&holder("run nightly as of 2026-04-01")).await.unwrap();
        let problem = warehouse.lock(&Holder { pid: 1, ..holder("other") }).await.unwrap_err();
        let said = problem.to_string();
        let pid = format!("process {} on ", std::process::id());
        for part in [pid.as_str(), "since 2026-04-01T02:00:00Z", "run nightly as of 2026-04-01"] {
            assert!(said.contains(part), "{said}");
        }
        assert_eq!(problem.exit_status(), 1);
        lock.release().await.unwrap();
        warehouse.lock(&holder("next")).await.unwrap().release().await.unwrap();
    }
    let folder = in_folder(dir.path());
    drop(folder.lock(&holder("dropped")).await.unwrap());
    folder.lock(&holder("next")).await.unwrap().release().await.unwrap();
}

#[tokio::test]
async fn a_lock_taken_away_stops_the_swap() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    let lock = warehouse.lock(&holder("slow")).await.unwrap();
    warehouse.delete(layout::REMOTE_LOCK).await.unwrap();
    let problem = warehouse.publish(&lock, draft(1, &[2])).await.unwrap_err().to_string();
    assert!(problem.contains("was taken away"), "{problem}");
    assert_eq!(values(&warehouse, 1).await, Some(vec![1]));
}

/// The lock can be taken away between its last check and the swap.
#[tokio::test]
async fn a_pointer_moved_meanwhile_is_not_overwritten() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    let seen = warehouse.see_pointer().await.unwrap();
    publish(&warehouse, draft(2, &[2])).await.unwrap();
    let next = seen.pointer.with(day(1), "0123456789ab");
    let problem = warehouse.move_pointer(seen, &next).await.unwrap_err().to_string();
    assert!(problem.contains("changed by another run"), "{problem}");
    assert_eq!((values(&warehouse, 1).await, values(&warehouse, 2).await), (Some(vec![1]), Some(vec![2])));
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
