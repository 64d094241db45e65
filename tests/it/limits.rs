//! What a run does at the ends of memory and disk.

#![cfg(target_os = "linux")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use super::{
    program::luopan_with,
    published,
    tiny::{DAY, Project, VISITS},
    vendor,
};

#[test]
fn a_night_with_little_memory_publishes_the_same_bytes_and_leaves_no_file_behind() {
    let night = vendor::night();
    let dir = tempfile::tempdir().unwrap();
    let (warehouse, temporary) = (dir.path().join("warehouse"), dir.path().join("temporary"));
    fs::create_dir(&temporary).unwrap();
    let [lake, to] = [vendor::lake(), &warehouse].map(|path| path.to_str().unwrap());
    let args = ["run", "--as-of", vendor::DAY, "--lake", lake, "--warehouse", to, "--memory-limit", "320MB"];
    let variables = [("TMPDIR", temporary.to_str().unwrap())];
    luopan_with(night.project.root(), &args, &variables).done();
    published::assert_same(
        &published::tables(&night.warehouse, vendor::DAY),
        &published::tables(&warehouse, vendor::DAY),
    );
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "what waited in files is gone");
}

#[test]
fn where_threads_cannot_be_had_the_program_says_so_and_ends() {
    let project = Project::of_visits(VISITS);
    let query = r#"ulimit -v 3000000; exec "$0" query "SELECT 1 AS one" --threads 64"#;
    let mut program = Command::new("sh");
    program.args(["-c", query, env!("CARGO_BIN_EXE_luopan")]).current_dir(project.root());
    let ended = program.output().expect("a shell");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: cannot start threads") && said.contains("lower --threads"), "{said}");
}

/// A disk that goes with it.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// A disk of so many KiB. None where this user may not mount one.
fn small_disk(folder: &Path, kib: usize) -> Option<Mounted> {
    fs::create_dir_all(folder).unwrap();
    let size = format!("size={kib}k");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
    if mounted.is_ok_and(|done| done.status.success()) {
        return Some(Mounted(folder.to_owned()));
    }
    eprintln!("SKIPPED: this user cannot mount a small disk");
    None
}

/// So many visits, with notes that do not compress.
fn visits(project: &Project, count: usize, seed: usize) {
    let word =
        |i: usize, j: usize| format!("{:x}", (i + seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 + 2 * j));
    let visit = |i: usize| {
        json!({
            "visit_id": format!("v{i}"), "customer_id": "c", "seen_at": "2026-03-01T10:00:00Z", "day": "2026-03-01",
            "spent": "1.00", "minutes": 1, "weight": 1.0, "rated": null,
            "note": (0..8).map(|j| word(i, j)).collect::<String>()
        })
    };
    project.rows("shop_visits", "visits/a.parquet", &(0..count).map(visit).collect());
}

#[test]
fn a_full_disk_of_tables_that_wait_is_named() {
    let project = Project::of_visits(VISITS);
    visits(&project, 50_000, 0);
    let temporary = project.root().join("temporary");
    let Some(_disk) = small_disk(&temporary, 64) else { return };
    let temporary = temporary.to_str().unwrap();
    let args = ["run", "--memory-limit", "256MB"];
    luopan_with(project.root(), &args, &[("TMPDIR", temporary)]).with(1).says(&[
        temporary,
        "No space left on device",
        "TMPDIR",
    ]);
    assert!(published::set(&project.warehouse(), DAY).is_none());
    // A run that was never begun has nothing to put away, and says where it would.
    let missing = project.root().join("not there");
    let ended = luopan_with(project.root(), &args, &[("TMPDIR", missing.to_str().unwrap())]);
    ended.with(1).says(&["not there", "TMPDIR"]);
}

#[test]
fn a_full_disk_of_the_warehouse_is_named_and_readers_see_what_they_saw() {
    let project = Project::of_visits(VISITS);
    let Some(_disk) = small_disk(&project.warehouse(), 256) else { return };
    visits(&project, 20, 0);
    project.run().done();
    let before = published::tables(&project.warehouse(), DAY);
    visits(&project, 20_000, 1);
    let shown = project.warehouse().display().to_string();
    project.run().with(1).says(&["readers see what they saw before", &shown, "No space left on device"]);
    published::assert_same(&before, &published::tables(&project.warehouse(), DAY));
    // With room again the night is done as if nothing had been.
    visits(&project, 30, 2);
    project.run().done();
    assert_eq!(project.published("visit_list").len(), 30);
}
