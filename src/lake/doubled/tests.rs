use std::{fs::File, path::Path};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};

use super::*;
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
        let Ok(doubled) = find_doubled(&lake, &sources[0], &files, 2, memory).await else {
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
