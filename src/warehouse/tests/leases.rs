//! One writer at a time, also where the first one died, sleeps, or wakes up again.

use std::sync::Arc;

use object_store::memory::InMemory;

use super::{
    faulty::{Fault, FaultyStore},
    *,
};

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

/// A process of this machine that has ended.
fn dead() -> Holder {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    Holder { pid: child.id(), ..holder("run that was killed") }
}

/// The same warehouse, as it is seen so many minutes later.
fn later(warehouse: &Warehouse, minutes: i64) -> Warehouse {
    let mut later = warehouse.clone();
    later.location.store = FaultyStore::later(warehouse.location.store.clone(), minutes);
    later
}

#[tokio::test]
async fn a_lock_that_nobody_renews_is_taken_over_and_said() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    // The guard is forgotten, as by a process that was killed.
    std::mem::forget(warehouse.lock(&holder("run on a lost machine")).await.unwrap());
    let problem = later(&warehouse, 9).lock(&holder("next")).await.unwrap_err().to_string();
    assert!(problem.contains("run on a lost machine") && problem.contains("the lock opens at"), "{problem}");
    let lock = later(&warehouse, 11).lock(&holder("next")).await.unwrap();
    assert!(lock.taken_over().unwrap().contains("run on a lost machine"), "{:?}", lock.taken_over());
    lock.release().await.unwrap();
    assert_eq!(warehouse.lock(&holder("next")).await.unwrap().taken_over(), None);
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_lock_of_a_dead_process_of_this_machine_opens_at_once() {
    let dir = tempfile::tempdir().unwrap();
    for warehouse in [in_memory(Arc::new(InMemory::new())), in_folder(dir.path())] {
        let guard = warehouse.lock(&dead()).await.unwrap();
        let local = warehouse.location.local.is_some();
        if local {
            // Held by somebody who has not yet written his name over that of the dead one.
            let problem = warehouse.lock(&holder("next")).await.unwrap_err().to_string();
            assert!(
                problem.contains("it has not said which") && !problem.contains("was killed"),
                "{problem}"
            );
            // What kill -9 leaves: the name stands in the file, and the system has opened the lock.
            let text = std::fs::read(dir.path().join("wh/_luopan/lock")).unwrap();
            drop(guard);
            std::fs::write(dir.path().join("wh/_luopan/lock"), text).unwrap();
        } else {
            std::mem::forget(guard);
        }
        let lock = warehouse.lock(&holder("next")).await.unwrap();
        assert_eq!(lock.taken_over().is_some(), !local);
        lock.release().await.unwrap();
    }
}

/// The former holder wakes up after its lock was taken over: before its look at the lock, or after it.
#[tokio::test]
async fn a_holder_that_wakes_up_too_late_changes_nothing() {
    let warehouse = in_memory(Arc::new(InMemory::new()));
    publish(&warehouse, draft(1, &[1])).await.unwrap();
    let former = warehouse.lock(&holder("former")).await.unwrap();
    let seen = warehouse.see_pointer().await.unwrap();
    let theirs = later(&warehouse, 11);
    let lock = theirs.lock(&holder("next")).await.unwrap();
    // What the next one is about to publish is the very set that the former would take back on failing.
    let early = warehouse.publish(&former, draft(1, &[2])).await.unwrap_err().to_string();
    assert!(early.contains("was taken away"), "{early}");
    let swap = warehouse.move_pointer(seen, &Pointer::default().with(day(1), "0123456789ab")).await;
    assert!(swap.unwrap_err().message.contains("changed by another run"));
    theirs.publish(&lock, draft(1, &[2])).await.unwrap();
    assert!(former.release().await.is_err(), "it holds nothing to give up");
    assert_eq!(values(&warehouse, 1).await, Some(vec![2]));
    lock.release().await.unwrap();
    publish(&warehouse, draft(1, &[2])).await.unwrap();
    assert_eq!(values(&warehouse, 1).await, Some(vec![2]));
}

/// Every write of the lock itself is done, and not confirmed or told to be refused.
#[tokio::test]
async fn a_lock_whose_writing_is_not_confirmed_is_held_all_the_same() {
    for fault in [Fault::Unconfirmed, Fault::Refused, Fault::Exists, Fault::Once] {
        for at in 0..2 {
            let sound = in_memory(Arc::new(InMemory::new()));
            let mut faulty = sound.clone();
            let store = FaultyStore::new(sound.location.store.clone(), fault, at);
            faulty.location.store = store.clone();
            if let Ok(lock) = faulty.lock(&holder("test")).await {
                sound.lock(&holder("other")).await.unwrap_err();
                let _ = lock.release().await;
                assert!(store.struck());
            } else {
                assert_eq!(fault, Fault::Once, "only what was not done fails");
            }
            sound.lock(&holder("next")).await.unwrap().release().await.unwrap();
        }
    }
}
