//! Same input, same bytes: at any number of threads, in any warehouse, and however often.

use std::{collections::BTreeMap, path::PathBuf, time::SystemTime};

use serde_json::json;

use super::{
    published,
    tiny::{DAY, Project, VISITS},
    vendor,
};

#[test]
fn one_thread_publishes_what_two_do() {
    let night = vendor::night();
    let dir = tempfile::tempdir().unwrap();
    vendor::run(&night.project, vendor::lake(), dir.path(), &["--threads", "1"]).done();
    published::assert_same(
        &published::tables(&night.warehouse, vendor::DAY),
        &published::tables(dir.path(), vendor::DAY),
    );
    assert_eq!(published::set(&night.warehouse, vendor::DAY), published::set(dir.path(), vendor::DAY));
}

#[test]
fn a_second_night_over_the_same_lake_publishes_the_same_in_another_warehouse() {
    let night = vendor::night();
    let dir = tempfile::tempdir().unwrap();
    vendor::run(&night.project, vendor::lake(), dir.path(), &["--threads", "3", "--memory-limit", "1GB"])
        .done();
    published::assert_same(
        &published::tables(&night.warehouse, vendor::DAY),
        &published::tables(dir.path(), vendor::DAY),
    );
    let models = |warehouse: &std::path::Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let files = published::files(&warehouse.join("_luopan/models"));
        files.into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
    };
    assert_eq!(models(&night.warehouse).len(), 6, "an artifact and two cards of each");
    assert_eq!(models(&night.warehouse), models(dir.path()));
}

#[test]
fn the_next_night_knows_the_quadrants_of_the_last_and_leaves_its_tables_alone() {
    let night = vendor::night();
    let dir = tempfile::tempdir().unwrap();
    let warehouse = dir.path().join("warehouse");
    vendor::copy(&night.warehouse, &warehouse);
    let next = "2026-01-16";
    vendor::run_at(next, &night.project, vendor::lake(), &warehouse, &[]).done();
    published::assert_same(
        &published::tables(&night.warehouse, vendor::DAY),
        &published::tables(&warehouse, vendor::DAY),
    );
    let before = published::rows(&warehouse, "customer_snapshot", vendor::DAY);
    let quadrant = |id: &serde_json::Value| {
        before.iter().find(|c| c["customer_id"] == *id).map(|c| c["quadrant"].clone())
    };
    let rows = published::rows(&warehouse, "customer_snapshot", next);
    for row in &rows {
        assert_eq!(row["previous_quadrant"], quadrant(&row["customer_id"]).unwrap_or_default(), "{row}");
        let since = if row["quadrant"] == row["previous_quadrant"] { vendor::DAY } else { next };
        assert_eq!(row["quadrant_since"], since, "{row}");
    }
    assert!(rows.iter().filter(|r| !r["previous_quadrant"].is_null()).count() > 100);
}

/// Five visits on the last five days before [`DAY`].
fn visited() -> Project {
    let project = Project::of_visits(VISITS);
    let visit = |n: u32| json!({ "visit_id": format!("v{n}"), "seen_at": format!("2026-03-{}T12:00:00Z", 26 + n), "spent": n });
    project.rows("shop_visits", "visits/a.parquet", &(1..=5).map(visit).collect());
    project
}

/// All of the warehouse but the records of runs and the lock, which say who came and not what stands.
fn standing(project: &Project) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut files = published::files(&project.warehouse());
    files.retain(|path, _| !path.starts_with("_luopan/runs") && path != &PathBuf::from("_luopan/lock"));
    files
}

fn records(project: &Project) -> usize {
    published::files(&project.warehouse().join("_luopan/runs")).len()
}

#[test]
fn a_rerun_writes_nothing_but_its_record() {
    let project = visited();
    assert!(project.run().done().out.contains("(published)"));
    let (before, runs) = (standing(&project), records(&project));
    assert!(project.run().done().out.contains("unchanged: the same set stood there"));
    assert_eq!(standing(&project), before);
    assert_eq!((runs, records(&project)), (1, 2));
}

#[test]
fn another_day_stands_beside_and_a_changed_input_replaces_one_day_only() {
    let project = visited();
    for day in ["2026-03-30", DAY] {
        project.luopan(&["run", "--as-of", day]).done();
    }
    let set = |day| published::set(&project.warehouse(), day).unwrap();
    let (early, late) = (set("2026-03-30"), set(DAY));
    assert_eq!(published::rows(&project.warehouse(), "visit_list", "2026-03-30").len(), 3);
    assert_eq!(project.published("visit_list").len(), 5);

    // A row that was delivered late, of a day between the two.
    let late_row = json!([{ "visit_id": "v6", "seen_at": "2026-03-31T00:00:00Z" }]);
    project.rows("shop_visits", "visits/b.parquet", &late_row);
    let before = standing(&project);
    project.luopan(&["run", "--as-of", "2026-03-30"]).done();
    assert_eq!(standing(&project), before, "the earlier day does not know the row");
    project.run().done();
    assert_eq!(set("2026-03-30"), early);
    assert_ne!(set(DAY), late);
    assert_eq!(project.published("visit_list").len(), 6);
    let kept = before.iter().filter(|(path, _)| path.to_string_lossy().contains("2026-03-30"));
    let after = standing(&project);
    let kept: Vec<_> = kept.map(|(path, file)| (path, after.get(path) == Some(file))).collect();
    assert_eq!(
        kept.iter().filter(|(_, same)| *same).count(),
        2,
        "table and manifest of the earlier day: {kept:?}"
    );
    assert!(kept.iter().all(|(_, same)| *same), "{kept:?}");
    let stray = after.keys().find(|path| path.to_string_lossy().contains(&late));
    assert_eq!(stray, None, "nothing of the replaced set is left");
}

#[test]
fn input_that_says_the_same_in_other_files_changes_nothing() {
    let project = visited();
    project.run().done();
    let before = published::tables(&project.warehouse(), DAY);
    let lake = project.lake();
    std::fs::rename(lake.join("visits/a.parquet"), lake.join("visits/z.parquet")).unwrap();
    assert!(project.run().done().out.contains("unchanged"));
    published::assert_same(&before, &published::tables(&project.warehouse(), DAY));
}
