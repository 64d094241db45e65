//! What a warehouse holds, by table and as it lies on the disk.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde_json::Value;

use super::parquet_files;

/// The bytes of every table of one day: one file each, as a plain glob finds them.
pub fn tables(warehouse: &Path, day: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(warehouse).expect("a warehouse") {
        let folder = entry.expect("a readable folder").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let partition = folder.join(format!("as_of={day}"));
        if name.starts_with('_') || !partition.is_dir() {
            continue;
        }
        let files: Vec<PathBuf> =
            fs::read_dir(&partition).expect("a partition").map(|f| f.expect("a file").path()).collect();
        assert_eq!(files.len(), 1, "{name} of {day} is one file: {files:?}");
        found.insert(name, fs::read(&files[0]).expect("a readable file"));
    }
    found
}

/// The rows of one published table.
pub fn rows(warehouse: &Path, table: &str, day: &str) -> Vec<Value> {
    let bytes =
        tables(warehouse, day).remove(table).unwrap_or_else(|| panic!("{table} of {day} is published"));
    parquet_files::rows(&parquet_files::read_bytes(bytes))
}

/// The set that the pointer names for a day.
pub fn set(warehouse: &Path, day: &str) -> Option<String> {
    let text = fs::read_to_string(warehouse.join("_luopan/current.json")).ok()?;
    let pointer: Value = serde_json::from_str(&text).expect("the pointer is JSON");
    pointer["sets"][day].as_str().map(str::to_owned)
}

/// Asserts that two nights published the same bytes, and names the tables that differ.
#[track_caller]
pub fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "the same tables");
    assert!(!one.is_empty(), "something is published");
    if let Some((table, bytes)) = one.iter().find(|(table, bytes)| &other[*table] != *bytes) {
        let (a, b) = (text(bytes), text(&other[table]));
        let (left, right): (Vec<_>, Vec<_>) = a.iter().zip(&b).filter(|(x, y)| x != y).take(3).unzip();
        panic!("{table}: {} and {} rows\n{left:#?}\n{right:#?}", a.len(), b.len());
    }
}

fn text(bytes: &[u8]) -> Vec<String> {
    parquet_files::rows(&parquet_files::read_bytes(bytes.to_vec())).iter().map(Value::to_string).collect()
}

/// Every file below a folder, by path from there: its bytes and when it was last written.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let written = path.metadata().and_then(|m| m.modified()).expect("a time");
            let name = path.strip_prefix(folder).expect("a path below it").to_owned();
            found.insert(name, (fs::read(&path).expect("a readable file"), written));
        }
    }
    found
}
