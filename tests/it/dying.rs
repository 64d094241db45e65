//! A process that dies at, in and after every write of its storage, and what those find who come later.

#![cfg(unix)]

use std::{
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
};

use luopan::lake::store::Location;

use super::{
    crashes::{Counts, ShownIfItPanics, all, cases, check_next_run, check_readers, check_repair, print},
    faulty::{Fault, FaultyStore},
    shop::{self, LATE},
};

const CHILD: &str = "LUOPAN_CRASH";

/// Not a test: the process that is killed. The test below starts it.
#[test]
#[ignore = "dies"]
fn dies() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let told: Vec<&str> = told.split('\n').collect();
    let fault = match told[2] {
        "Kill" => Fault::Kill,
        "KillShort" => Fault::KillShort,
        _ => Fault::KillAfter,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let sound = shop::in_folder(Path::new(told[1]));
        let store = FaultyStore::new(sound.store.clone(), fault, told[3].parse().unwrap());
        shop::run(Path::new(told[0]), LATE, Location { store, ..sound }).await.unwrap();
    });
}

/// A process that dies at, in and after every write, renaming and deletion in a folder. (What is read changes nothing, and
/// in memory nothing outlives its process: `Fault::Dead` is that, at every operation.)
#[test]
fn wherever_the_process_dies_readers_see_a_whole_set_and_the_next_run_mends_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let project = shop::project();
    let cases = runtime.block_on(cases(&project));
    let mut counts = Counts::new();
    for case in &cases {
        for fault in [Fault::Kill, Fault::KillShort, Fault::KillAfter] {
            let count = counts.entry((fault, "folder", case.name)).or_default();
            for at in 0.. {
                let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
                let folder = |n: usize| dirs[n].path().join("wh");
                let sound = runtime.block_on(shop::holding(&case.before, Some(&folder(0))));
                let told = format!("{}\n{}\n{fault:?}\n{at}", project.root().display(), folder(0).display());
                let status = Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", "dying::dies", "--ignored", "--test-threads=1"])
                    .env(CHILD, &told)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()
                    .unwrap();
                let told = format!("{fault:?} of operation {at}, {}", case.name);
                let _shown_if_it_panics = ShownIfItPanics(&told);
                runtime.block_on(async {
                    let state = shop::standing(&sound).await;
                    let seen = check_readers(case, &state, fault != Fault::KillShort);
                    if !status.success() {
                        let copy = shop::holding(&all(&sound).await, Some(&folder(1))).await;
                        let found = check_repair(&copy, &seen).await;
                        check_next_run(case, &project, sound.clone()).await;
                        count.add(case, false, &seen, found);
                    }
                });
                if status.success() {
                    break;
                }
                assert!(status.signal().is_some(), "{status}");
            }
        }
    }
    print(&counts);
}
