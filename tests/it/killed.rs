//! The program itself, killed without warning at moments spread over its run.

#![cfg(unix)]

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use luopan::warehouse::Warehouse;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::shop::{self, EARLY, LATE, State};

/// Runs the program and kills it after `delay`; whether it was still there.
pub fn run_killed_after(folder: &Path, args: &[&str], variables: &[(&str, &str)], delay: Duration) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luopan"));
    command.current_dir(folder).args(args).envs(variables.iter().copied());
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    run.kill().unwrap();
    run.wait().unwrap().code().is_none()
}

/// `LUOPAN_KILLS` says how often; the moments are the same each time, as parts of the time that a whole run takes.
#[test]
fn a_run_that_is_killed_leaves_a_whole_set_and_the_next_run_ends_its_work() {
    let kills: u64 = std::env::var("LUOPAN_KILLS").map_or(25, |n| n.parse().expect("a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let project = shop::project();
    let folder = project.warehouse();
    let standing = |folder: &Path| runtime.block_on(shop::standing(&shop::in_folder(folder)));
    let holding = |state: &State, folder: &Path| {
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
        runtime.block_on(shop::holding(state, Some(folder)));
    };
    project.luopan(&["run", "--as-of", EARLY]).done();
    project.luopan(&["run", "--as-of", LATE]).done();
    let before = standing(&folder);
    shop::deliver_late(&project);
    let begun = Instant::now();
    project.luopan(&["run", "--as-of", LATE]).done();
    let whole = begun.elapsed();
    let after = standing(&folder);

    let mut chance = ChaCha8Rng::seed_from_u64(6);
    let (mut killed, mut saw_new, mut left_something) = (0, 0, 0);
    for n in 0..kills {
        holding(&before, &folder);
        // Every other one in the last part, in which it writes.
        let part = if n % 2 == 0 { chance.random_range(0.0..1.05) } else { chance.random_range(0.7..1.05) };
        let delay = whole.mul_f64(part);
        let died = run_killed_after(project.root(), &["run", "--as-of", LATE], &[], delay);
        killed += usize::from(died);
        let told = format!("killed after {delay:?} of {whole:?}");
        let seen = shop::read_by_pointer(&standing(&folder));
        let new = seen == shop::sets(&after);
        assert!(new || seen == shop::sets(&before), "{told}: {seen:?}");
        saw_new += usize::from(new);
        let found = runtime.block_on(Warehouse::open(shop::in_folder(&folder)).survey(true)).unwrap();
        left_something += usize::from(!found.is_empty());
        // Every fourth is mended first, the others by the next run alone.
        if n % 4 == 0 {
            let told = project.luopan(&["repair", "--verify"]);
            assert_eq!(told.status, i32::from(!found.is_empty()), "{}{}", told.out, told.err);
            project.luopan(&["repair", "--apply", "--verify"]).done();
            project.luopan(&["repair", "--verify"]).done();
            assert_eq!(shop::read_by_pointer(&standing(&folder)), seen, "{told}", told = told.out);
        }
        project.luopan(&["run", "--as-of", LATE]).done();
        assert!(standing(&folder) == after, "{told}: the same bytes");
        project.luopan(&["repair", "--apply"]).done();
        assert!(standing(&folder) == after, "{told}: and repair takes none of them away");
    }
    println!(
        "killed {killed} of {kills} within {whole:?}: readers had the new set {saw_new} times, something was left {left_something} times"
    );
}
