//! Reports for tests: a warehouse with a few nights of the sample lake, and pages made of its sets.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use arrow::{
    array::{Array, AsArray, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{chromium::Browser, parquet_files, program::luopan, published, vendor};

/// The nights: nothing was published before the first, and the second is the night before the last.
pub const NIGHTS: [&str; 3] = ["2026-03-01", "2026-03-31", "2026-04-01"];
pub const DAY: &str = NIGHTS[2];

/// Sizes of windows: a desk's and a telephone's.
pub const WIDE: (u32, u32) = (1440, 900);
pub const NARROW: (u32, u32) = (390, 844);

pub const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Where the nights are published. Made once; tests that change something work on a copy.
pub fn warehouse() -> &'static Path {
    static WAREHOUSE: OnceLock<PathBuf> = OnceLock::new();
    WAREHOUSE.get_or_init(|| {
        let folder = folder().keep();
        for night in NIGHTS {
            luopan(root(), &["run", "--as-of", night, "--warehouse", shown(&folder)]).done();
        }
        folder
    })
}

/// A copy of the warehouse, to be changed at will.
pub fn copied() -> TempDir {
    let folder = folder();
    vendor::copy(warehouse(), folder.path());
    folder
}

pub fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// The repository, whose own project the nights are of.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn shown(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// A page as written, in a folder of its own.
pub struct Page {
    _folder: TempDir,
    pub path: PathBuf,
    /// What the command said on stderr.
    pub remarks: String,
}

/// What `luopan report` writes of this warehouse with these arguments.
#[track_caller]
pub fn page(warehouse: &Path, args: &[&str]) -> Page {
    page_of(root(), warehouse, args)
}

#[track_caller]
pub fn page_of(project: &Path, warehouse: &Path, args: &[&str]) -> Page {
    let folder = folder();
    let places = ["--warehouse", shown(warehouse), "--out", shown(folder.path())];
    let ended = luopan(project, &[&["report"], args, &places].concat()).done();
    let path = PathBuf::from(ended.out.trim());
    assert!(path.is_file(), "the command says where the page is: {}", ended.out);
    Page { _folder: folder, path, remarks: ended.err }
}

/// Asserts that the page complained of nothing, and asked for nothing.
#[track_caller]
pub fn assert_quiet(browser: &Browser, which: &str) {
    assert_eq!(browser.complaints(), [""; 0], "{which}: what the page complains of");
    assert_eq!(browser.requests(), [""; 0], "{which}: what the page asks others for");
}

/// Rows of a published table of [`DAY`].
pub fn rows(table: &str) -> Vec<Value> {
    published::rows(warehouse(), table, DAY)
}

/// Replaces a published table by what `change` makes of its rows. The set's manifest stays as it is.
pub fn rewrite(warehouse: &Path, table: &str, change: impl FnOnce(RecordBatch) -> RecordBatch) {
    let partition = warehouse.join(table).join(format!("as_of={DAY}"));
    let file =
        fs::read_dir(partition).expect("a partition").next().expect("a file").expect("readable").path();
    parquet_files::write(&file, &change(parquet_files::read(&file)));
    // As if it had been published so: readers check.
    let set = published::set(warehouse, DAY).expect("a set");
    let at = warehouse.join(format!("_luopan/sets/{DAY}/{set}.json"));
    let mut manifest: Value =
        serde_json::from_slice(&fs::read(&at).expect("a manifest")).expect("a manifest in JSON");
    let tables = manifest["tables"].as_array_mut().expect("tables");
    let entry = tables.iter_mut().find(|entry| entry["name"] == table).expect("a published table");
    let bytes = fs::read(&file).expect("the file");
    entry["files"][0]["bytes"] = bytes.len().into();
    entry["files"][0]["sha256"] = format!("{:x}", Sha256::digest(&bytes)).into();
    fs::write(&at, manifest.to_string()).expect("a writable manifest");
}

/// The same rows with other texts in one column: `change` is given the row's number and its text.
pub fn with_texts(
    batch: &RecordBatch,
    column: &str,
    change: impl Fn(usize, Option<&str>) -> Option<String>,
) -> RecordBatch {
    let place = batch.schema().index_of(column).expect("a column of that name");
    let mut columns = batch.columns().to_vec();
    let old = cast(&columns[place], &DataType::Utf8).expect("texts");
    let old = old.as_string::<i32>();
    let new: StringArray =
        (0..old.len()).map(|row| change(row, old.is_valid(row).then(|| old.value(row)))).collect();
    columns[place] = cast(&new, columns[place].data_type()).expect("texts");
    RecordBatch::try_new(Arc::clone(&batch.schema()), columns).expect("columns of one length")
}

/// Two columns of a figure's table, as far as the page shows its rows: the values behind the texts. `customer_id` stands
/// with the row.
#[track_caller]
pub fn column(browser: &mut Browser, figure: &str, key: &str, value: &str) -> Vec<(String, String)> {
    let found = browser.apply(
        "([figure, ...keys]) => {
            const table = document.querySelector(`#${figure} table`);
            if (!table) throw new Error('no table in ' + figure);
            const heads = [...table.querySelectorAll('thead th')];
            const places = keys.map((key) => heads.findIndex((head) => head.dataset.key === key));
            if (places.some((place, at) => place < 0 && keys[at] !== 'customer_id')) throw new Error(`${figure} lacks one of ${keys}`);
            const raw = (cell) => cell.dataset.v ?? cell.textContent.trim();
            return [...table.tBodies[0].rows].map((row) =>
                places.map((place, at) => (keys[at] === 'customer_id' ? row.dataset.customer : raw(row.cells[place]))));
        }",
        serde_json::json!([figure, key, value]),
    );
    serde_json::from_value(found).expect("pairs of texts")
}
