//! Several at one warehouse at the same time: runs, readers, repairs; in a folder and in a store in memory.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use chrono::Utc;
use luopan::{
    lake::store::Location,
    problem::Problem,
    run::summary::Summary,
    warehouse::{Finding, Holder, Warehouse},
};
use object_store::ObjectStoreExt;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    shop::{self, EARLY, LATE, Sets, State},
    tiny::Project,
};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A folder and a store in memory that hold this.
async fn both(state: &State, dir: &TempDir) -> [Location; 2] {
    let folder = dir.path().join("wh");
    [shop::holding(state, Some(&folder)).await, shop::holding(state, None).await]
}

fn spawn(
    project: &Project,
    day: &'static str,
    at: &Location,
) -> tokio::task::JoinHandle<Result<Summary, Problem>> {
    let (project, at) = (project.root().to_owned(), at.clone());
    let here = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || here.block_on(shop::run(&project, day, at)))
}

#[test]
fn of_two_runs_one_publishes_and_the_other_says_who() {
    let project = shop::project();
    runtime().block_on(async {
        let (mut both_done, mut one_told) = (0, 0);
        for round in 0..12 {
            let dir = tempfile::tempdir().unwrap();
            for location in both(&State::new(), &dir).await {
                // One day twice, or two days, in both orders.
                let days = [[LATE, LATE], [EARLY, LATE], [LATE, EARLY]][round % 3];
                let runs = days.map(|day| spawn(&project, day, &location));
                let mut published = Vec::new();
                for (run, day) in runs.into_iter().zip(days) {
                    match run.await.unwrap() {
                        Ok(_) => published.push(day),
                        Err(problem) => {
                            let said = problem.to_string();
                            assert!(said.contains("another run is publishing"), "{said}");
                            one_told += 1;
                        }
                    }
                }
                both_done += usize::from(published.len() == 2);
                let seen = shop::read_by_pointer(&shop::standing(&location).await);
                published.sort_unstable();
                published.dedup();
                assert_eq!(seen.keys().collect::<Vec<_>>(), published, "what a run said is so");
            }
        }
        println!(
            "of 24 pairs: one was told to wait {one_told} times, one came after the other {both_done} times"
        );
        assert!(one_told > 0);
    });
}

/// Pointer, manifests, files, one after the other, while others write; nothing if a set was replaced on the way.
async fn read_live(location: &Location) -> Option<Sets> {
    let get = async |path: &str| -> Option<Bytes> {
        match location.store.get(&location.path(path)).await {
            Ok(got) => Some(got.bytes().await.unwrap()),
            Err(object_store::Error::NotFound { .. }) => None,
            Err(e) => panic!("{path}: {e}"),
        }
    };
    let mut state = State::new();
    state.insert("_luopan/current.json".into(), get("_luopan/current.json").await?);
    for (day, set) in shop::sets(&state) {
        let at = format!("_luopan/sets/{day}/{set}.json");
        let manifest = get(&at).await?;
        let read: Value = serde_json::from_slice(&manifest).expect("a manifest is whole");
        for table in read["tables"].as_array().unwrap() {
            let path = table["files"][0]["path"].as_str().unwrap();
            state.insert(path.into(), get(path).await?);
        }
        state.insert(at, manifest);
    }
    Some(shop::read_by_pointer(&state))
}

#[test]
fn a_reader_sees_whole_sets_whatever_runs() {
    let project = shop::project();
    runtime().block_on(async {
        let dir = tempfile::tempdir().unwrap();
        for location in both(&State::new(), &dir).await {
            let mut wanted: Vec<Sets> = Vec::new();
            shop::run(project.root(), EARLY, location.clone()).await.unwrap();
            for late in [false, true] {
                deliver(&project, late);
                shop::run(project.root(), LATE, location.clone()).await.unwrap();
                wanted.push(shop::sets(&shop::standing(&location).await));
            }
            let done = Arc::new(AtomicBool::new(false));
            let reader = {
                let (location, done) = (location.clone(), Arc::clone(&done));
                tokio::spawn(async move {
                    let (mut seen, mut again) = (Vec::new(), 0);
                    while !done.load(Ordering::SeqCst) {
                        match read_live(&location).await {
                            Some(sets) => seen.push(sets),
                            None => again += 1,
                        }
                        tokio::task::yield_now().await;
                    }
                    (seen, again)
                })
            };
            for round in 0..10 {
                deliver(&project, round % 2 == 1);
                shop::run(project.root(), LATE, location.clone()).await.unwrap();
            }
            done.store(true, Ordering::SeqCst);
            let (seen, again) = reader.await.unwrap();
            println!("{location:?}: read {} times, {again} times a set was replaced on the way", seen.len());
            assert!(seen.len() > 10);
            for sets in &wanted {
                assert!(seen.contains(sets), "each of the two was seen");
            }
            assert!(seen.iter().all(|sets| wanted.contains(sets)));
        }
    });
}

/// With the late delivery or without it.
fn deliver(project: &Project, late: bool) {
    if late {
        shop::deliver_late(project);
    } else {
        let _ = std::fs::remove_file(project.lake().join("visits/b.parquet"));
    }
}

async fn repair(location: &Location) -> Result<Vec<Finding>, Problem> {
    let warehouse = Warehouse::open(location.clone());
    let lock = warehouse.lock(&Holder::this_process(Utc::now(), "repair")).await?;
    let found = warehouse.repair(&lock, false).await;
    lock.release().await?;
    found
}

/// A day that is replaced, with a whole set that no pointer names beside it.
async fn with_leftovers(project: &Project) -> State {
    let location = shop::holding(&State::new(), None).await;
    shop::run(project.root(), EARLY, location.clone()).await.unwrap();
    shop::run(project.root(), LATE, location.clone()).await.unwrap();
    let mut state = shop::standing(&location).await;
    let other = shop::holding(&State::new(), None).await;
    shop::deliver_late(project);
    shop::run(project.root(), LATE, other.clone()).await.unwrap();
    let mut left = shop::standing(&other).await;
    left.retain(|path, _| !path.ends_with("current.json"));
    state.extend(left);
    state
}

#[test]
fn a_run_and_a_repair_or_two_repairs_do_each_other_no_harm() {
    let project = shop::project();
    runtime().block_on(async {
        let before = with_leftovers(&project).await;
        assert_eq!(shop::glob(&before).len(), 6);
        for round in 0..6 {
            let dir = tempfile::tempdir().unwrap();
            for location in both(&before, &dir).await {
                let run = (round % 2 == 0).then(|| spawn(&project, LATE, &location));
                let repairs = [0, 1].map(|_| {
                    let location = location.clone();
                    let here = tokio::runtime::Handle::current();
                    tokio::task::spawn_blocking(move || here.block_on(repair(&location)))
                });
                let mut told = Vec::new();
                for repair in repairs {
                    told.extend(repair.await.unwrap().err());
                }
                if let Some(run) = run {
                    told.extend(run.await.unwrap().err());
                }
                for problem in told {
                    assert!(problem.to_string().contains("another run is publishing"), "{problem}");
                }
                // Whoever came first: all is whole, and one repair more finds nothing but what nobody had the lock for.
                repair(&location).await.unwrap();
                let state = shop::standing(&location).await;
                assert_eq!(shop::read_by_pointer(&state).len(), 2);
                assert_eq!(shop::glob(&state).len(), 4);
                assert!(repair(&location).await.unwrap().is_empty());
            }
        }
    });
}

#[test]
fn a_repair_waits_for_nobody_and_looks_without_a_lock() {
    let project = shop::project();
    let runtime = runtime();
    let state = runtime.block_on(with_leftovers(&project));
    let location = runtime.block_on(shop::holding(&state, Some(&project.warehouse())));
    let holder = Holder::this_process(Utc::now(), "a test that holds the lock");
    let lock = runtime.block_on(Warehouse::open(location).lock(&holder)).unwrap();
    project.luopan(&["repair"]).with(1).says(&["to be repaired", ": 1; nothing was changed"]);
    project.luopan(&["repair", "--apply"]).with(1).says(&["a test that holds the lock"]);
    assert_eq!(files(&project.warehouse()), 6);
    drop(lock);
    project.luopan(&["repair", "--apply"]).done();
    assert_eq!(files(&project.warehouse()), 4);
}

fn files(warehouse: &Path) -> usize {
    [EARLY, LATE]
        .iter()
        .flat_map(|day| {
            ["visit_list", "visit_totals"].map(|table| warehouse.join(table).join(format!("as_of={day}")))
        })
        .map(|folder| std::fs::read_dir(folder).unwrap().count())
        .sum()
}
