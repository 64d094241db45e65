//! Lakes as other people write them: physical variants, missing and strange files, late and doubled rows.

use std::fs;

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, TimeUnit},
};
use serde_json::{Value, json};

use super::{
    parquet_files::{with_type, without},
    published,
    tiny::{DAY, Project, VISITS},
};

fn visits() -> Value {
    json!([
        { "visit_id": "v1", "customer_id": "ada", "seen_at": "2026-03-01T10:00:00.123Z", "day": "2026-03-01", "spent": 12.5,
          "minutes": 30, "weight": 0.5, "rated": true, "note": "zum 罗盘" },
        { "visit_id": "v2", "customer_id": "bo", "seen_at": "2026-03-31T23:59:59.999Z", "day": "1969-12-31", "spent": -7,
          "minutes": -5, "weight": -1.25 },
        { "visit_id": "v3", "customer_id": "bo", "seen_at": "2026-04-01T00:00:00Z", "day": "2026-04-01", "spent": 99999.99,
          "minutes": 1, "weight": 2 },
    ])
}

/// Runs the visits project over one file, and gives what it published.
fn published_from(change: impl Fn(RecordBatch) -> RecordBatch) -> (Project, Vec<u8>) {
    let project = Project::of_visits(VISITS);
    let canonical = project.batch("shop_visits", &visits());
    project.write("visits/a.parquet", &change(canonical));
    project.run().done();
    let bytes = published::tables(&project.warehouse(), DAY).remove("visit_list").unwrap();
    (project, bytes)
}

#[test]
fn what_differs_only_in_how_it_is_stored_is_read_the_same() {
    let (project, canonical) = published_from(|batch| batch);
    assert_eq!(project.published("visit_list").len(), 2, "the row of the as-of day itself is not known");
    let timestamp = |unit, zone: Option<&str>| DataType::Timestamp(unit, zone.map(Into::into));
    let dictionary = |keys: DataType| DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8));
    for (column, data_type) in [
        ("seen_at", timestamp(TimeUnit::Microsecond, None)),
        ("seen_at", timestamp(TimeUnit::Microsecond, Some("Asia/Shanghai"))),
        ("seen_at", timestamp(TimeUnit::Nanosecond, Some("UTC"))),
        ("seen_at", timestamp(TimeUnit::Nanosecond, None)),
        ("seen_at", timestamp(TimeUnit::Millisecond, Some("+00:00"))),
        ("seen_at", timestamp(TimeUnit::Millisecond, None)),
        ("day", DataType::Date64),
        ("spent", DataType::Decimal128(7, 2)),
        ("spent", DataType::Decimal128(30, 2)),
        ("spent", DataType::Decimal256(50, 2)),
        ("minutes", DataType::Int32),
        ("minutes", DataType::Int8),
        ("weight", DataType::Float32),
        ("note", DataType::LargeUtf8),
        ("note", DataType::Utf8View),
        ("note", dictionary(DataType::Int32)),
        ("visit_id", dictionary(DataType::UInt8)),
        ("visit_id", DataType::LargeUtf8),
        ("customer_id", DataType::Binary),
    ] {
        let (_, bytes) = published_from(|batch| with_type(&batch, column, &data_type));
        assert!(bytes == canonical, "{column} as {data_type} reads otherwise");
    }
}

#[test]
fn fewer_places_and_whole_numbers_are_money_too() {
    let whole = |batch: RecordBatch, data_type: &DataType| {
        let rounded = with_type(&batch, "spent", &DataType::Int64);
        with_type(&rounded, "spent", data_type)
    };
    let (_, canonical) = published_from(|batch| whole(batch, &DataType::Decimal128(18, 2)));
    for data_type in [DataType::Int64, DataType::Int32, DataType::Decimal128(9, 0)] {
        let (_, bytes) = published_from(|batch| whole(batch, &data_type));
        assert!(bytes == canonical, "spent as {data_type} reads otherwise");
    }
}

#[test]
fn columns_in_another_order_and_columns_that_nobody_asked_for_change_nothing() {
    let (_, canonical) = published_from(|batch| batch);
    let (_, bytes) = published_from(|batch| {
        let (mut fields, mut columns): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()).rev() {
            fields.push(field.as_ref().clone());
            columns.push(column.clone());
        }
        fields.insert(1, Field::new("batch", DataType::Int64, true));
        columns.insert(1, std::sync::Arc::new(Int64Array::from(vec![1, 2, 3])));
        RecordBatch::try_new(std::sync::Arc::new(Schema::new(fields)), columns).unwrap()
    });
    assert!(bytes == canonical);
}

#[test]
fn a_missing_and_a_retyped_column_are_named_with_their_file() {
    let project = Project::of_visits(VISITS);
    let whole = project.batch("shop_visits", &visits());
    project.write("visits/a.parquet", &whole);
    project.write("visits/b.parquet", &without(&whole, "minutes"));
    project
        .run()
        .with(1)
        .says(&["visits/b.parquet: column `minutes` of source `shop_visits` is missing", "the file has: "]);
    for (column, data_type, says) in [
        (
            "minutes",
            DataType::Utf8,
            "column `minutes` of source `shop_visits` is text in the file, but declared int",
        ),
        ("minutes", DataType::Float64, "is double in the file, but declared int"),
        ("spent", DataType::Float64, "is double in the file, but declared decimal(18,2)"),
        ("spent", DataType::Decimal128(18, 4), "is decimal(18,4) in the file, but declared decimal(18,2)"),
        ("seen_at", DataType::Date32, "is date in the file, but declared timestamp"),
    ] {
        project.write("visits/b.parquet", &with_type(&whole, column, &data_type));
        project.run().with(1).says(&["visits/b.parquet", says, "sql/sources.toml"]);
    }
    assert!(published::set(&project.warehouse(), DAY).is_none(), "nothing was published");
}

#[test]
fn damaged_files_are_named_with_what_is_wrong_and_nothing_is_published() {
    let project = Project::of_visits(VISITS);
    project.rows("shop_visits", "visits/a.parquet", &visits());
    let whole = fs::read(project.lake().join("visits/a.parquet")).unwrap();
    let mut scratched = whole.clone();
    scratched[20..whole.len() / 2].fill(0xff);
    for (name, bytes, says) in [
        ("empty", Vec::new(), "the file is empty (0 bytes)"),
        ("truncated", whole[..whole.len() / 2].to_vec(), "not a whole Parquet file"),
        ("one_byte_short", whole[..whole.len() - 1].to_vec(), "not a whole Parquet file"),
        ("text", b"visit_id,customer_id\nv1,ada\n".to_vec(), "not a whole Parquet file"),
        ("scratched", scratched, "b.parquet"),
    ] {
        fs::write(project.lake().join("visits/b.parquet"), bytes).unwrap();
        let ended = project.run().with(1).says(&["visits/b.parquet", says]);
        assert!(ended.out.is_empty() && !ended.err.contains("panicked"), "{name}: {}", ended.err);
    }
    assert!(published::set(&project.warehouse(), DAY).is_none());
    fs::remove_file(project.lake().join("visits/b.parquet")).unwrap();
    project.run().done();
}

#[test]
fn a_file_without_rows_is_no_fault_and_files_of_another_kind_are_not_looked_at() {
    let (project, canonical) = published_from(|batch| batch);
    project.rows("shop_visits", "visits/b.parquet", &json!([]));
    for stray in ["visits/_SUCCESS", "visits/readme.txt", "visits/.a.parquet.crc", "visits/deeper/x.parquet"]
    {
        fs::create_dir_all(project.lake().join("visits/deeper")).unwrap();
        fs::write(project.lake().join(stray), "no table").unwrap();
    }
    assert!(project.run().done().out.contains("unchanged"));
    assert!(published::tables(&project.warehouse(), DAY)["visit_list"] == canonical);
}

#[test]
fn a_source_that_is_not_there_is_empty_if_optional_and_a_fault_if_not() {
    let project = Project::of_visits(VISITS);
    project
        .run()
        .with(1)
        .says(&["source `shop_visits`: no file matches visits/*.parquet", "optional = true"]);
    let more = "[shop_gifts]\npath = 'gifts/*.parquet'\nkind = 'static'\noptional = true\n[shop_gifts.columns]\nvisit_id = 'text'\n";
    let project = Project::of_visits(&format!("{VISITS}\n{more}"));
    project.rows("shop_visits", "visits/a.parquet", &visits());
    project.edit(
        "sql/snapshots/visit_list.sql",
        "weight, rated, note",
        "weight, rated,\n    (SELECT MAX(visit_id) FROM shop_gifts) AS note",
    );
    project.run().done().says(&["shop_gifts: no files; it is optional"]);
    assert!(project.published("visit_list").iter().all(|v| v["note"].is_null()));
}

#[test]
fn of_doubled_rows_the_last_stands_across_files_and_within_one() {
    let project = Project::of_visits(VISITS);
    let row = |id: &str, minutes: i64| json!({ "visit_id": id, "seen_at": "2026-03-01T00:00:00Z", "minutes": minutes });
    // Written in another order than their names have.
    project.rows("shop_visits", "visits/b.parquet", &json!([row("across", 2), row("B", 1)]));
    project.rows(
        "shop_visits",
        "visits/a.parquet",
        &json!([row("across", 1), row("within", 1), row("b", 1), row("within", 3), row("within", 2)]),
    );
    let rows = project.query("SELECT visit_id, minutes FROM visit_list ORDER BY visit_id");
    let rows: Vec<_> =
        rows.iter().map(|r| (r["visit_id"].as_str().unwrap(), r["minutes"].as_i64().unwrap())).collect();
    assert_eq!(rows, [("B", 1), ("across", 2), ("b", 1), ("within", 2)], "a key is compared with its case");
    project.edit("sql/sources.toml", "key = [\"visit_id\"]", "key = [\"visit_id\"]\nignore_case = true");
    let rows = project.query("SELECT visit_id FROM visit_list ORDER BY visit_id");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0]["visit_id"], "B", "the one of the last file");
}

#[test]
fn a_row_that_does_not_say_when_it_was_known_is_left_out_and_told() {
    let project = Project::of_visits(&VISITS.replace("seen_at = \"timestamp\"", "seen_at = \"timestamp?\""));
    project.rows("shop_visits", "visits/a.parquet", &json!([
        { "visit_id": "v1", "seen_at": "2026-03-01T00:00:00Z" }, { "visit_id": "v2" }, { "visit_id": "v1", "minutes": 9 },
    ]));
    project.run().done().says(&["shop_visits: 2 rows do not say when they were known, and are left out"]);
    let rows = project.published("visit_list");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["minutes"], 0, "nor does it replace a row that does");
}

#[test]
fn nulls_where_none_were_declared_are_told() {
    let project = Project::of_visits(VISITS);
    let whole = project.batch("shop_visits", &visits());
    let names = StringArray::from(vec![Some("ada"), None, None]);
    let mut columns = whole.columns().to_vec();
    columns[1] = std::sync::Arc::new(names);
    let fields: Vec<Field> =
        whole.schema().fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
    project.write(
        "visits/a.parquet",
        &RecordBatch::try_new(std::sync::Arc::new(Schema::new(fields)), columns).unwrap(),
    );
    project.run().done().says(&["shop_visits: 2 nulls in columns that are declared without `?`"]);
}
