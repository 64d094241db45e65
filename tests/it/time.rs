//! When things are known: zones, delays, partitions by month, and how old the newest row may be.

use std::{fs, path::Path, sync::Arc};

use parquet::{
    data_type::{ByteArray, ByteArrayType, Int96, Int96Type},
    file::writer::SerializedFileWriter,
    schema::parser::parse_message_type,
};
use serde_json::{Value, json};

use super::{
    parquet_files::scratch_column,
    published,
    tiny::{Project, VISITS, pipeline},
};

/// One visit an hour around midnight of 2026-04-01 in UTC and in Shanghai, which is eight hours ahead.
fn around_midnight(sources: &str, zone: &str) -> Project {
    let project = Project::of_visits(sources);
    let publish = pipeline(&["visit_list"], &format!("time_zone = \"{zone}\"\n"));
    project.file("pipelines/nightly.toml", &publish);
    let hours = [
        "2026-03-31T15:59:59.999999",
        "2026-03-31T16:00:00",
        "2026-03-31T23:59:59.999999",
        "2026-04-01T00:00:00",
    ];
    let visit = |(n, hour): (usize, &&str)| json!({ "visit_id": format!("v{n}"), "seen_at": format!("{hour}Z"), "day": "2026-03-30" });
    project.rows("shop_visits", "visits/a.parquet", &hours.iter().enumerate().map(visit).collect());
    project
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|r| r["visit_id"].as_str().unwrap()).collect()
}

#[test]
fn a_day_begins_at_midnight_of_the_pipelines_zone() {
    let utc = around_midnight(VISITS, "UTC");
    utc.run().done();
    assert_eq!(ids(&utc.published("visit_list")), ["v0", "v1", "v2"]);
    let shanghai = around_midnight(VISITS, "Asia/Shanghai");
    shanghai.run().done();
    assert_eq!(ids(&shanghai.published("visit_list")), ["v0"]);
    let instant = shanghai.query("SELECT CAST($as_of AS TEXT) AS instant, CAST($as_of_date AS TEXT) AS day");
    assert_eq!(instant[0]["day"], "2026-04-01");
    assert!(instant[0]["instant"].as_str().unwrap().starts_with("2026-03-31T16:00:00"), "{instant:?}");
}

#[test]
fn a_delay_keeps_rows_back() {
    let late = |delay: &str| {
        let project =
            around_midnight(&VISITS.replace("\"seen_at\"", &format!("\"seen_at + {delay}\"")), "UTC");
        ids(&project.query("visit_list")).len()
    };
    assert_eq!((late("0 days"), late("1 hour"), late("8 hours")), (3, 2, 1));
}

#[test]
fn a_day_is_known_after_the_day_that_follows() {
    let project = around_midnight(&VISITS.replace("\"seen_at\"", "\"day + 1 day\""), "Asia/Shanghai");
    assert_eq!(
        project.query_at("2026-04-01", "visit_list").len(),
        4,
        "usage of the 30th is known when the 31st is over"
    );
    project
        .luopan(&["query", "visit_list", "--as-of", "2026-03-31"])
        .with(1)
        .says(&["was known before 2026-03-31"]);
}

const BY_MONTH: &str = r#"
[shop_visits]
path = "visits/month=*/*.parquet"
kind = "event"
known_at = "seen_at"
partitions = ["month"]
[shop_visits.columns]
visit_id = "text"
seen_at = "timestamp"
"#;

const MONTHS: &str = r#"/*---
grain = ["month"]
[columns]
month = { type = "text", null = false }
visits = { type = "int", null = false }
---*/
SELECT month, COUNT(*) AS visits FROM shop_visits GROUP BY month
"#;

/// A visit in each of three months, in a folder each.
fn by_month() -> Project {
    let project = Project::of(&[
        ("sql/sources.toml", BY_MONTH),
        ("sql/snapshots/months.sql", MONTHS),
        ("pipelines/nightly.toml", &pipeline(&["months"], "")),
    ]);
    for month in ["2026-01", "2026-02", "2026-03"] {
        let row = json!([{ "visit_id": month, "seen_at": format!("{month}-15T00:00:00Z") }]);
        project.rows("shop_visits", &format!("visits/month={month}/part-0.parquet"), &row);
    }
    project
}

const IDS: &str = r#"/*---
grain = ["visit_id"]
[columns]
visit_id = { type = "text" }
seen_at = { type = "timestamp" }
---*/
SELECT visit_id, seen_at FROM shop_visits
"#;

/// A file with timestamps as Hive and older Sparks write them: 96 bits, nanoseconds of a Julian day.
fn write_int96(path: &Path, visits: &[(&str, [u32; 3])]) {
    let columns = "message visits { REQUIRED BYTE_ARRAY visit_id (UTF8); OPTIONAL INT96 seen_at; }";
    let schema = Arc::new(parse_message_type(columns).unwrap());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer =
        SerializedFileWriter::new(fs::File::create(path).unwrap(), schema, Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let ids: Vec<ByteArray> = visits.iter().map(|(id, _)| ByteArray::from(*id)).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&ids, None, None).unwrap();
    column.close().unwrap();
    let times: Vec<Int96> = visits.iter().map(|(_, words)| Int96::from(words.to_vec())).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int96Type>().write_batch(&times, Some(&vec![1; times.len()]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn timestamps_of_96_bits_are_known_when_they_say() {
    let sources = BY_MONTH.replace("partitions = [\"month\"]\n", "").replace("month=*/", "");
    let project =
        Project::of(&[("sql/sources.toml", &sources), ("pipelines/nightly.toml", &pipeline(&["ids"], ""))]);
    project.file("sql/snapshots/ids.sql", IDS);
    // 2026-03-31 is Julian day 2461131; its last microsecond is nanosecond 86 399 999 999 000.
    let last = 86_399_999_999_000_u64;
    let visits = [("before", [last as u32, (last >> 32) as u32, 2_461_131]), ("midnight", [0, 0, 2_461_132])];
    write_int96(&project.lake().join("visits/a.parquet"), &visits);
    project.run().done();
    let expected = json!({ "visit_id": "before", "seen_at": "2026-03-31T23:59:59.999999Z" });
    assert_eq!(project.published("ids"), [expected]);
}

#[test]
fn a_partition_column_is_read_from_the_path() {
    let project = by_month();
    project.run().done();
    let expected = ["2026-01", "2026-02", "2026-03"].map(|m| json!({ "month": m, "visits": 1 }));
    assert_eq!(project.published("months"), expected);
}

#[test]
fn a_filter_on_a_partition_column_leaves_other_files_unread() {
    let project = by_month();
    let january = project.lake().join("visits/month=2026-01/part-0.parquet");
    // Its footer and its times are sound, its ids are not: who reads one of them fails.
    scratch_column(&january, 0);
    project.luopan(&["query", "SELECT visit_id FROM shop_visits"]).with(1);
    for filter in [
        "month = '2026-02'",
        "month > '2026-01' AND month < '2026-03'",
        "month LIKE '%-02'",
        "month IN ('2026-02', 'x')",
    ] {
        let found = project.query(&format!("SELECT visit_id FROM shop_visits WHERE {filter}"));
        assert_eq!(ids(&found), ["2026-02"], "{filter}");
    }
    assert!(project.query("SELECT visit_id FROM shop_visits WHERE month = '2027-01'").is_empty());
}

#[test]
fn a_month_without_a_folder_is_no_fault_and_no_month_at_all_is() {
    let project = by_month();
    fs::remove_dir_all(project.lake().join("visits/month=2026-02")).unwrap();
    fs::create_dir(project.lake().join("visits/month=2026-04")).unwrap();
    project.run().done();
    assert_eq!(project.published("months").len(), 2);
    fs::remove_dir_all(project.lake().join("visits")).unwrap();
    project.run().with(1).says(&["source `shop_visits`: no file matches visits/month=*/*.parquet"]);
    fs::remove_dir_all(project.lake()).unwrap();
    project.run().with(1).says(&["source `shop_visits`: no file matches visits/month=*/*.parquet"]);
    assert_eq!(
        published::rows(&project.warehouse(), "months", "2026-04-01").len(),
        2,
        "what stood there stands"
    );
}

#[test]
fn an_old_lake_is_warned_of_and_a_too_old_one_publishes_nothing() {
    let aged = |warn: u32, fail: u32| {
        let project = by_month();
        let freshness =
            format!("freshness = {{ warn_days = {warn}, fail_days = {fail} }}\n[shop_visits.columns]");
        project.edit("sql/sources.toml", "[shop_visits.columns]", &freshness);
        project
    };
    // The newest row is of March 15, 17 days before the as-of day.
    let fresh = aged(17, 18);
    assert!(!fresh.run().done().err.contains("stale"));
    let warned = aged(16, 17);
    warned
        .run()
        .done()
        .says(&["warning: source `shop_visits` is stale: its newest row is 17 days old on 2026-04-01"]);
    let failed = aged(5, 16);
    failed.run().with(1).says(&["source `shop_visits` is stale", "17 days old", "`freshness`"]);
    assert!(published::set(&failed.warehouse(), "2026-04-01").is_none());
    failed.luopan(&["run", "--as-of", "2026-03-20"]).done();
}
