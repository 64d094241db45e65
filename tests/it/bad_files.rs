//! Files that cannot be read: which are left out, which stop a night, and what is told and published of it.

use std::fs;

use serde_json::{Value, json};

use super::{
    parquet_files::{scratch_column, without},
    published,
    tiny::{DAY, Project, VISITS, pipeline},
};

const DELIVERED: &str = r#"/*---
description = "What was delivered."
grain = ["source"]
[columns]
source = { type = "text" }
rows_known = { type = "int" }
files_skipped = { type = "int" }
skipped_example = { type = "text" }
files_lacking_columns = { type = "int" }
rows_without_known_at = { type = "int" }
unexpected_nulls = { type = "int" }
missing_months = { type = "int" }
missing_month_example = { type = "text" }
---*/
SELECT source, rows_known, files_skipped, skipped_example, files_lacking_columns, rows_without_known_at,
    unexpected_nulls, missing_months, missing_month_example
FROM luopan.sources
"#;

/// Visits by month, one file each with one row, and what was delivered.
fn by_month(months: &[&str], on_bad_file: &str) -> Project {
    let sources = VISITS.replace("visits/*.parquet", "visits/month=*/*.parquet");
    let project = Project::of_visits(&sources);
    project.file("sql/snapshots/delivered.sql", DELIVERED);
    project.file("pipelines/nightly.toml", &with_skip(on_bad_file));
    for month in months {
        let seen = format!("{month}-02T00:00:00Z");
        let row = json!([{ "visit_id": month, "customer_id": "ada", "seen_at": seen, "note": "x" }]);
        project.rows("shop_visits", &format!("visits/month={month}/a.parquet"), &row);
    }
    project
}

fn with_skip(on_bad_file: &str) -> String {
    format!("{on_bad_file}\n{}", pipeline(&["visit_list", "delivered"], ""))
}

const SKIP: &str = "on_bad_file = \"skip\"";

fn delivered(project: &Project) -> Value {
    project.published("delivered").remove(0)
}

#[test]
fn a_source_that_skips_goes_on_and_one_that_does_not_stops() {
    let project = by_month(&["2026-01", "2026-02", "2026-03"], SKIP);
    fs::write(project.lake().join("visits/month=2026-02/b.parquet"), "").unwrap();
    let says = ["shop_visits: 1 of 4 files are bad and left out: visits/month=2026-02/b.parquet", "0 bytes"];
    project.run().done().says(&says);
    let row = delivered(&project);
    assert_eq!((&row["rows_known"], &row["files_skipped"]), (&json!(3), &json!(1)));
    assert_eq!(row["skipped_example"], "visits/month=2026-02/b.parquet");
    let runs = project.luopan(&["runs"]).done().out;
    let name = runs.lines().nth(1).and_then(|l| l.split_whitespace().next()).unwrap().to_owned();
    assert!(project.luopan(&["runs", &name]).done().out.contains(says[0]));
    let set = published::set(&project.warehouse(), DAY).unwrap();
    let manifest =
        fs::read_to_string(project.warehouse().join(format!("_luopan/sets/{DAY}/{set}.json"))).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let named = &manifest["inputs"]["luopan.skipped"][0];
    assert_eq!((&named["source"], &named["bytes"]), (&json!("shop_visits"), &json!(0)), "{manifest}");
    assert!(named["reason"].as_str().unwrap().contains("the file is empty"), "{named}");
    assert_eq!(manifest["inputs"]["shop_visits"].as_array().unwrap().len(), 3);
    // The source's own word wins.
    project.edit("sql/sources.toml", "kind = \"event\"", "kind = \"event\"\non_bad_file = \"fail\"");
    project.run().with(1).says(&["b.parquet: source `shop_visits`: not a whole Parquet file"]);
    project.edit("sql/sources.toml", "on_bad_file = \"fail\"", "on_bad_file = \"sikp\"");
    project.luopan(&["check"]).with(2).says(&["unknown variant `sikp`", "sql/sources.toml"]);
}

#[test]
fn more_bad_files_than_whole_ones_stop_a_night_that_skips() {
    let project = by_month(&["2026-01", "2026-02"], SKIP);
    for name in ["b", "c"] {
        fs::write(project.lake().join(format!("visits/month=2026-01/{name}.parquet")), "no").unwrap();
    }
    project.run().done();
    assert_eq!(delivered(&project)["files_skipped"], 2);
    fs::write(project.lake().join("visits/month=2026-01/d.parquet"), "no").unwrap();
    let says =
        ["3 of its 5 files are bad, and on_bad_file = \"skip\" leaves out half of them at most", "d.parquet"];
    project.run().with(1).says(&says);
}

#[test]
fn a_bad_file_of_a_later_month_shows_in_warnings_and_not_in_what_is_published() {
    let project = by_month(&["2026-01", "2026-02", "2026-03", "2026-04"], SKIP);
    project.run().done();
    let clean = published::tables(&project.warehouse(), DAY);
    fs::write(project.lake().join("visits/month=2026-04/b.parquet"), "no").unwrap();
    // Another column, and rows that were all known later: the footer says so.
    let later = json!([{ "visit_id": "x", "seen_at": "2026-04-02T00:00:00Z" }]);
    let rows = without(&project.batch("shop_visits", &later), "minutes");
    project.write("visits/month=2026-03/b.parquet", &rows);
    project
        .run()
        .done()
        .says(&["2 of 6 files are bad", "column `minutes` of source `shop_visits` is missing"]);
    published::assert_same(&clean, &published::tables(&project.warehouse(), DAY));
}

#[test]
fn damage_inside_a_file_is_named_and_skipped_whichever_column_it_is_in() {
    for column in [0, 1] {
        let project = by_month(&["2026-01", "2026-02", "2026-03"], "");
        scratch_column(&project.lake().join("visits/month=2026-02/a.parquet"), column);
        let ended = project.run().with(1);
        let ended =
            ended.says(&["visits/month=2026-02/a.parquet: source `shop_visits`: damaged Parquet file"]);
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
        project.file("pipelines/nightly.toml", &with_skip(SKIP));
        project
            .run()
            .done()
            .says(&["1 of 3 files are bad and left out: visits/month=2026-02/a.parquet (damaged"]);
        assert_eq!(project.published("visit_list").len(), 2, "column {column}");
        assert_eq!(delivered(&project)["files_skipped"], 1);
        assert_eq!(delivered(&project)["missing_months"], 0, "it was delivered");
    }
}

#[test]
fn a_month_without_a_file_is_counted_from_the_day_it_is_missed() {
    let project = by_month(&["2025-11", "2026-01", "2026-04", "2026-06"], "");
    project.run().done().says(&["no file of month=2025-12", "no file of month=2026-05"]);
    let row = delivered(&project);
    // Of the months after the day nobody knows.
    assert_eq!((&row["missing_months"], &row["missing_month_example"]), (&json!(1), &json!("month=2025-12")));
}

#[test]
fn a_column_that_may_be_null_may_come_late_and_one_that_no_file_has_is_a_slip() {
    let project = by_month(&["2026-01", "2026-02"], "");
    let row = json!([{ "visit_id": "x", "seen_at": "2026-03-02T00:00:00Z", "note": "lost" }]);
    let rows = without(&project.batch("shop_visits", &row), "note");
    project.write("visits/month=2026-03/a.parquet", &rows);
    project.run().done().says(&["shop_visits: 1 files lack column `note`, which is null there"]);
    let notes: Vec<Value> = project.published("visit_list").into_iter().map(|v| v["note"].clone()).collect();
    assert_eq!(notes, [json!("x"), json!("x"), json!(null)]);
    assert_eq!(delivered(&project)["files_lacking_columns"], 1);
    project.edit("sql/sources.toml", "note = \"text?\"", "note = \"text?\"\nntoe = \"text?\"");
    project.run().with(1).says(&["column `ntoe` of source `shop_visits` is missing", "did you mean `note`?"]);
}

#[test]
fn rows_without_a_time_and_nulls_are_counted_as_of_the_day() {
    let project = by_month(&["2026-01", "2026-03"], "");
    let nullable = VISITS.replace("customer_id = \"text\"", "customer_id = \"text?\"");
    let nullable = nullable.replace("visits/*.parquet", "visits/month=*/*.parquet");
    project
        .file("sql/sources.toml", &nullable.replace("seen_at = \"timestamp\"", "seen_at = \"timestamp?\""));
    let odd = |id: &str, seen: Value| json!({ "visit_id": id, "seen_at": seen, "customer_id": null });
    let rows = json!([
        odd("a", json!("2026-02-01T00:00:00Z")),
        odd("b", json!("2026-05-01T00:00:00Z")),
        odd("c", json!(null))
    ]);
    project.rows("shop_visits", "visits/month=2026-02/a.parquet", &rows);
    project.file("sql/sources.toml", &VISITS.replace("visits/*.parquet", "visits/month=*/*.parquet"));
    project
        .run()
        .done()
        .says(&["1 rows do not say when they were known", "4 nulls in columns that are declared"]);
    let row = delivered(&project);
    assert_eq!((&row["rows_without_known_at"], &row["unexpected_nulls"]), (&json!(1), &json!(1)), "{row}");
}
