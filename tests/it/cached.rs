//! What nights keep of past days: it spares work, and changes nothing.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{
    program::Ended,
    published,
    registry::vendor::{USUAL, vendor},
    tiny::Project,
};

const DAYS: [&str; 2] = ["2026-04-02", "2026-04-03"];

/// What one night did: tables of past days that were made, and that were found, and what was said of it.
struct Work {
    made: BTreeSet<String>,
    found: BTreeSet<String>,
    notes: Vec<String>,
    warnings: Vec<String>,
}

#[track_caller]
fn night(project: &Project, day: &str, more: &[&str]) -> Work {
    let ended: Ended = project.luopan(&[&["run", "--as-of", day], more].concat());
    ended.done();
    let records = published::files(&project.warehouse().join("_luopan/runs"));
    let (newest, _) = records.values().next_back().expect("a record");
    let record: Value = serde_json::from_slice(newest).expect("a record is JSON");
    let steps = |cached: bool| -> BTreeSet<String> {
        let steps = record["steps"].as_array().expect("steps").iter();
        let past = steps.filter(|step| step["as_of"] != day && step["cached"] == cached);
        past.map(|s| format!("{} {}", s["table"].as_str().unwrap(), s["as_of"].as_str().unwrap())).collect()
    };
    let texts = |key: &str| -> Vec<String> {
        record[key].as_array().expect(key).iter().map(|t| t.as_str().expect("text").to_owned()).collect()
    };
    Work { made: steps(false), found: steps(true), notes: texts("notes"), warnings: texts("warnings") }
}

/// Asserts that both days are what nights make that keep nothing, of what the project is now on the second one.
#[track_caller]
fn is_as_without(project: &Project, change: impl Fn(&Project)) {
    let other = vendor(&USUAL);
    night(&other, DAYS[0], &["--no-cache"]);
    change(&other);
    night(&other, DAYS[1], &["--no-cache"]);
    assert!(!other.warehouse().join("_luopan/cache").exists(), "nothing is kept that nobody asked for");
    for day in DAYS {
        published::assert_same(
            &published::tables(&project.warehouse(), day),
            &published::tables(&other.warehouse(), day),
        );
    }
}

fn kept(project: &Project) -> Vec<PathBuf> {
    let cache = project.warehouse().join("_luopan/cache");
    published::files(&cache).into_keys().map(|path| cache.join(path)).collect()
}

#[test]
fn a_new_day_makes_no_past_again() {
    let project = vendor(&USUAL);
    let first = night(&project, DAYS[0], &[]);
    assert!(first.made.len() >= 8 && first.found.is_empty() && first.notes.is_empty());
    let second = night(&project, DAYS[1], &[]);
    assert_eq!((second.made.len(), second.found.len()), (0, 0), "the fit itself was kept");
    assert_eq!(second.notes, ["as earlier nights kept it: 1 fit, no table of past days"]);
    is_as_without(&project, |_| {});
}

/// A complaint of a customer at the end of December, filed in March.
fn late(project: &Project) {
    let rows = json!([{ "customer_id": "c007", "filed_at": "2026-01-05T09:00:00Z" }]);
    project.rows("support_complaints", "complaints/late.parquet", &rows);
}

#[test]
fn late_data_has_only_those_days_made_again_that_it_touches_and_the_run_says_so() {
    let project = vendor(&USUAL);
    let first = night(&project, DAYS[0], &[]);
    late(&project);
    let second = night(&project, DAYS[1], &[]);
    let days = |work: &BTreeSet<String>, table: &str| -> Vec<String> {
        let of_table = work.iter().filter_map(|step| step.strip_prefix(table));
        of_table.map(|day| day.trim().to_owned()).collect()
    };
    assert_eq!(days(&first.made, "complained"), ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"]);
    // On the first of December nobody knew of it, nor twenty days after.
    assert_eq!(days(&second.found, "complained"), ["2025-12-01"]);
    assert_eq!(days(&second.made, "complained"), ["2026-01-01", "2026-02-01", "2026-03-01"]);
    assert_eq!(days(&second.found, "customer_features").len(), 4, "features know nothing of complaints");
    let said = second.notes.iter().find(|note| note.starts_with("made again")).expect("a note");
    assert_eq!(said, "made again of 2026-01-01, 2026-02-01, 2026-03-01: complaints/late.parquet is new");
    is_as_without(&project, late);
}

#[test]
fn what_is_kept_can_go_or_be_damaged_and_the_night_is_the_same() {
    for damage in ["gone", "cut", "flipped", "not ours"] {
        let project = vendor(&USUAL);
        night(&project, DAYS[0], &[]);
        assert!(kept(&project).len() > 8);
        match damage {
            "gone" => fs::remove_dir_all(project.warehouse().join("_luopan/cache")).unwrap(),
            _ => kept(&project).iter().for_each(|path| spoil(path, damage)),
        }
        let second = night(&project, DAYS[1], &[]);
        assert!(second.made.len() >= 8 && second.found.is_empty(), "{damage}: {:?}", second.found);
        assert_eq!(second.warnings, [""; 0], "{damage}");
        is_as_without(&project, |_| {});
    }
}

fn spoil(path: &PathBuf, damage: &str) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    match damage {
        "cut" => bytes.truncate(middle),
        "flipped" => bytes[middle] ^= 1,
        _ => bytes = b"notes".to_vec(),
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_comment_changes_nothing_and_another_definition_has_the_past_made_again() {
    let project = vendor(&USUAL);
    night(&project, DAYS[0], &[]);
    project.edit("sql/features/customer_features.sql", "SELECT customer_id", "-- who\nSELECT customer_id");
    assert_eq!(night(&project, DAYS[0], &[]).made.len(), 0);
    let narrow = |project: &Project| {
        project.edit("sql/features/customer_features.sql", "'25 days'", "'24 days'");
    };
    narrow(&project);
    let again = night(&project, DAYS[1], &[]);
    assert!(again.made.len() >= 8 && again.found.is_empty());
    assert!(again.notes[0].ends_with("`customer_features` is defined otherwise"), "{:?}", again.notes);
    is_as_without(&project, narrow);
}

#[test]
fn what_is_no_longer_used_is_removed() {
    let project = vendor(&USUAL);
    night(&project, DAYS[0], &[]);
    let first = kept(&project);
    late(&project);
    night(&project, DAYS[1], &[]);
    assert_eq!(kept(&project).len(), first.len(), "what was made again stands in the place of what was");
    night(&project, "2026-05-02", &[]);
    let days: BTreeSet<String> = kept(&project)
        .iter()
        .filter_map(|path| Some(path.parent()?.file_name()?.to_string_lossy().into_owned()))
        .filter(|folder| folder.starts_with("20"))
        .collect();
    let newest = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
    assert_eq!(
        days,
        newest.map(str::to_owned).into(),
        "the first of December is older than all that is learned from"
    );
    let repaired = project.luopan(&["repair"]).done();
    assert!(!repaired.out.contains("did not write"), "the cache is luopan's own: {}", repaired.out);
}

/// What cannot be kept is told, and ends no night.
#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_ends_no_night() {
    let project = vendor(&USUAL);
    fs::create_dir_all(project.warehouse().join("_luopan")).unwrap();
    fs::write(project.warehouse().join("_luopan/cache"), "a file where the folder should be").unwrap();
    let work = night(&project, DAYS[0], &[]);
    let unkept = work.warnings.iter().filter(|w| w.contains("could not be kept for the next night"));
    assert_eq!(unkept.count(), 1, "{:?}", work.warnings);
}
