use std::{fs::File, path::Path, sync::Arc};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};

use super::{seen::SeenKeys, *};
use crate::{
    lake::files::open_files,
    project::{pipeline::StorageSettings, sources::sources_of, written::Written},
};

fn row(key: u64, file: u32, row: u64, known_at: i64) -> DoubledRow {
    DoubledRow { key: (key, key), file, row, known_at: Some(known_at) }
}

fn standing(doubled: &Doubled, bound: i64) -> Vec<Option<Vec<(usize, bool)>>> {
    let selections = doubled.standing(&[3, 2], Some(bound));
    let plain = |s: RowSelection| Vec::<RowSelector>::from(s).iter().map(|r| (r.row_count, r.skip)).collect();
    selections.into_iter().map(|s| s.map(plain)).collect()
}

#[test]
fn the_last_known_row_of_a_key_stands() {
    let doubled =
        Doubled { rows: vec![row(1, 0, 1, 10), row(1, 1, 0, 20), row(2, 0, 0, 5), row(2, 0, 2, 5)] };
    assert_eq!((doubled.replaced_rows(Some(30)), doubled.replaced_rows(Some(15))), (2, 1));
    // At 30 both rows of key 1 are known: the one of file 1 stands. Of key 2 the later in the file stands.
    assert_eq!(standing(&doubled, 30), [Some(vec![(2, true), (1, false)]), None]);
    // At 15 the row of file 1 is not known yet: the one of file 0 stands.
    assert_eq!(standing(&doubled, 15), [Some(vec![(1, true), (2, false)]), None]);
}

/// 90,000 keys, each once, but for some: within a row group, across row groups, across files, in other letters, and null.
fn write_lake(folder: &Path) {
    let mut ids: Vec<Option<String>> = (0..90_000).map(|i| Some(format!("k{i}"))).collect();
    for (place, id) in [(10, Some("K9")), (40_000, Some("k11")), (80_000, Some("k12")), (80_001, Some("k12"))]
    {
        ids[place] = id.map(str::to_owned);
    }
    (ids[20], ids[50_000]) = (None, None);
    for (name, ids) in [("a.parquet", &ids[..60_000]), ("b.parquet", &ids[60_000..])] {
        let columns: [(&str, ArrayRef); 2] = [
            ("id", Arc::new(StringArray::from_iter(ids.iter()))),
            ("at", Arc::new(Int64Array::from_iter_values(0..ids.len() as i64))),
        ];
        let rows = RecordBatch::try_from_iter(columns).unwrap();
        let groups = WriterProperties::builder().set_max_row_group_row_count(Some(16_000)).build();
        let file = File::create(folder.join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(groups)).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
    }
}

#[tokio::test]
async fn with_little_memory_the_same_rows_are_found() {
    let folder = tempfile::tempdir().unwrap();
    write_lake(folder.path());
    let text = "[t]\npath = \"*.parquet\"\nkind = \"static\"\nkey = [\"id\"]\nignore_case = true\n\n[t.columns]\nid = \"text?\"\nat = \"int\"\n";
    let (_, sources) = sources_of(Written { path: "sources.toml".into(), text: text.into() }).unwrap();
    let lake = Location::resolve(".", folder.path(), &StorageSettings::default()).unwrap();
    let (files, _) = open_files(&lake, &sources[0]).await.unwrap();
    let mut found = Vec::new();
    for memory in [0, 1 << 30] {
        let Ok(doubled) = find_doubled(&lake, &sources[0], &files, 2, memory, None).await else {
            panic!("keys can be read");
        };
        let mut places: Vec<(u32, u64)> = doubled.rows.iter().map(|row| (row.file, row.row)).collect();
        places.sort_unstable();
        found.push((doubled.replaced_rows(None), places));
    }
    assert_eq!(found[0], found[1]);
    let (replaced, places) = &found[0];
    assert_eq!((*replaced, places.len()), (4, 7), "k9 twice, k11 twice, k12 three times: {places:?}");
}

/// Files of some days each: (first day, rows (id, day)).
fn write_days(folder: &Path, name: &str, rows: &[(&str, i32)]) {
    let columns: [(&str, ArrayRef); 2] = [
        ("id", Arc::new(StringArray::from_iter_values(rows.iter().map(|(id, _)| *id)))),
        ("day", Arc::new(arrow::array::Date32Array::from_iter_values(rows.iter().map(|(_, day)| *day)))),
    ];
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(folder.join(name)).unwrap(), rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
}

#[tokio::test]
async fn only_files_that_a_new_one_can_double_are_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[t]\npath = \"*.parquet\"\nkind = \"event\"\nknown_at = \"day\"\nkey = [\"id\", \"day\"]\n\n[t.columns]\nid = \"text\"\nday = \"date\"\n";
    let (_, sources) = sources_of(Written { path: "sources.toml".into(), text: text.into() }).unwrap();
    let source = &sources[0];
    let lake = Location::resolve(".", folder.path(), &StorageSettings::default()).unwrap();
    let open = async || open_files(&lake, source).await.unwrap().0;
    let look = async |files: &[LakeFile], seen: Option<&SeenSource>| {
        let Ok(doubled) = find_doubled(&lake, source, files, 2, 1 << 20, seen).await else {
            panic!("readable")
        };
        doubled
    };
    write_days(folder.path(), "a.parquet", &[("x", 1), ("x", 1), ("y", 2)]);
    write_days(folder.path(), "b.parquet", &[("x", 10), ("y", 11)]);
    write_days(folder.path(), "c.parquet", &[("x", 10), ("y", 20)]);
    let files = open().await;
    let seen = SeenSource::of(source, &files, &look(&files, None).await);
    let mut kept = SeenKeys::default();
    kept.insert("t", seen);
    let kept = SeenKeys::from_bytes(kept.to_bytes().unwrap()).unwrap();
    let seen = kept.get("t").unwrap();
    let look_at = |files: &[LakeFile]| seen.still(source, files).unwrap().look_at;
    assert_eq!(look_at(&files), [0; 0], "nothing is new");
    // Before the others by its path, and of the time of c alone; b has changed, and overlaps c.
    write_days(folder.path(), "0.parquet", &[("y", 20), ("z", 15)]);
    assert_eq!(look_at(&open().await), [0, 3]);
    write_days(folder.path(), "b.parquet", &[("y", 11), ("x", 10), ("y", 11)]);
    let files = open().await;
    assert_eq!(look_at(&files), [0, 2, 3]);
    assert_eq!(look(&files, Some(seen)).await.rows, look(&files, None).await.rows);
    std::fs::remove_file(folder.path().join("c.parquet")).unwrap();
    let files = open().await;
    assert_eq!(look(&files, Some(seen)).await.rows, look(&files, None).await.rows);
    let other = Source { key: vec!["id".into()], ..source.clone() };
    assert!(seen.still(&other, &files).is_none(), "another key");
    assert!(SeenKeys::from_bytes(bytes::Bytes::from_static(b"PAR1")).is_none());
}
