//! Where everything of a warehouse is, relative to its root. Names that become folders are checked here, once.

use chrono::NaiveDate;

use crate::problem::{Problem, Result};

/// The Hive partition column: in every table's paths, in no file.
pub const PARTITION: &str = "as_of";

pub const POINTER: &str = "_luopan/current.json";
/// The next pointer of a local warehouse, until it is renamed to [`POINTER`].
pub const NEXT_POINTER: &str = "_luopan/current.json.next";
pub const LOCAL_LOCK: &str = "_luopan/lock";
pub const REMOTE_LOCK: &str = "_luopan/lock.json";
pub const SETS: &str = "_luopan/sets";
pub const RUNS: &str = "_luopan/runs";
pub const MODELS: &str = "_luopan/models";
pub const PROJECTS: &str = "_luopan/projects";
pub const CACHE: &str = "_luopan/cache";
/// Where pages go that say for people what was published, unless a pipeline wants them elsewhere.
pub const REPORTS: &str = "reports";

pub fn table_file(table: &str, as_of: NaiveDate, set: &str) -> String {
    format!("{table}/{PARTITION}={as_of}/part-00000-{set}.parquet")
}

pub fn manifest_file(as_of: NaiveDate, set: &str) -> String {
    format!("{SETS}/{as_of}/{set}.json")
}

pub fn model_file(name: &str, version: &str, file: &str) -> String {
    format!("{MODELS}/{name}/{version}/{file}")
}

pub fn decisions_file(model: &str) -> String {
    format!("{MODELS}/{model}/decisions.json")
}

/// The texts of a project, named by the SHA-256 of the file.
pub fn project_file(sha256: &str) -> String {
    format!("{PROJECTS}/{sha256}.json")
}

pub fn run_file(run: &str) -> String {
    format!("{RUNS}/{run}.json")
}

/// The day and name of the set whose manifest `path` is (the inverse of [`manifest_file`]).
pub fn set_of_manifest(path: &str) -> Option<(NaiveDate, &str)> {
    let (day, file) = path.strip_prefix(SETS)?.strip_prefix('/')?.split_once('/')?;
    let (as_of, set) = (day.parse().ok()?, file.strip_suffix(".json")?);
    (manifest_file(as_of, set) == path && is_set_name(set)).then_some((as_of, set))
}

/// Table, day and set of a table's file (the inverse of [`table_file`]); `None` for whatever is named otherwise.
pub fn parts_of_table_file(path: &str) -> Option<(&str, NaiveDate, &str)> {
    let (table, rest) = path.split_once('/')?;
    let (partition, file) = rest.split_once('/')?;
    let as_of = partition.strip_prefix(PARTITION)?.strip_prefix('=')?.parse().ok()?;
    let set = file.strip_prefix("part-00000-")?.strip_suffix(".parquet")?;
    let ours =
        check_name("table", table).is_ok() && is_set_name(set) && table_file(table, as_of, set) == path;
    ours.then_some((table, as_of, set))
}

/// 12 hex digits.
pub fn is_set_name(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether `name` can be a folder or file on every store: letters, digits, `_`, `-` and `.`, and no `.` at the start.
/// A table's name starts with no `_` either: that is how readers of a folder tell tables from the rest.
pub fn check_name(what: &str, name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let hidden = name.starts_with('.') || (what == "table" && name.starts_with('_'));
    if name.is_empty() || hidden || !name.chars().all(plain) {
        return Err(Problem::failed(format!("{what} `{name}` cannot be published under that name"))
            .help("use letters, digits, `_` and `-`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_the_warehouse_documents_them() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let set = "0123456789ab";
        let file = format!("alerts/as_of=2026-04-01/part-00000-{set}.parquet");
        assert_eq!(table_file("alerts", day, set), file);
        assert_eq!(parts_of_table_file(&file), Some(("alerts", day, set)));
        assert_eq!(set_of_manifest(&manifest_file(day, set)), Some((day, set)));
        assert_eq!(set_of_manifest("_luopan/sets/today/0123456789ab.json"), None);
        for foreign in ["2026-4-1", "today", "2026-04-01/x"] {
            assert_eq!(parts_of_table_file(&file.replace("2026-04-01", foreign)), None);
        }
        for foreign in
            ["part-0.parquet", "part-00000-0123456789AB.parquet", "part-00000-0123456789ab.parquet#1"]
        {
            assert_eq!(parts_of_table_file(&format!("alerts/as_of=2026-04-01/{foreign}")), None);
        }
        assert_eq!(parts_of_table_file(&file.replace("alerts", "_luopan")), None);
    }

    #[test]
    fn names_cannot_leave_their_folder() {
        for name in ["", "..", ".x", "a/b", "a b", "a=b", "_luopan"] {
            assert!(check_name("table", name).is_err(), "{name}");
        }
        assert!(
            check_name("table", "customer_snapshot").is_ok()
                && check_name("run", "2026-04-01T00.00-1").is_ok()
        );
    }
}
