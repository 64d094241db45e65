//! A project of a few files and rows, made in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use arrow::{array::RecordBatch, datatypes::Schema};
use luopan::project::sources::{Source, read_sources};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    parquet_files,
    program::{Ended, luopan},
    published,
};

/// The day as of which tiny projects run unless a test says another.
pub const DAY: &str = "2026-04-01";

/// A folder with `sql/`, `models/`, `pipelines/`, a `lake/` and a `warehouse/`.
pub struct Project {
    dir: TempDir,
}

/// Visits of customers: one source with a column of each type, published as it is known.
pub const VISITS: &str = r#"
[shop_visits]
path = "visits/*.parquet"
kind = "event"
known_at = "seen_at"
key = ["visit_id"]
[shop_visits.columns]
visit_id = "text"
customer_id = "text"
seen_at = "timestamp"
day = "date"
spent = "decimal"
minutes = "int"
weight = "double"
rated = "bool?"
note = "text?"
"#;

const VISIT_LIST: &str = r#"/*---
description = "Every visit."
grain = ["visit_id"]
[columns]
visit_id = { type = "text", null = false }
customer_id = { type = "text" }
seen_at = { type = "timestamp" }
day = { type = "date" }
spent = { type = "decimal" }
minutes = { type = "int" }
weight = { type = "double" }
rated = { type = "bool" }
note = { type = "text" }
---*/
SELECT visit_id, customer_id, seen_at, day, spent, minutes, weight, rated, note
FROM shop_visits
"#;

impl Project {
    /// These files (path from the project's root, text).
    pub fn of(files: &[(&str, &str)]) -> Self {
        let project =
            Self { dir: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for a project") };
        for (path, text) in files {
            project.file(path, text);
        }
        project
    }

    /// The one that lists visits, with this sources.toml.
    pub fn of_visits(sources: &str) -> Self {
        Self::of(&[
            ("sql/sources.toml", sources),
            ("sql/snapshots/visit_list.sql", VISIT_LIST),
            ("pipelines/nightly.toml", &pipeline(&["visit_list"], "")),
        ])
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn lake(&self) -> PathBuf {
        self.root().join("lake")
    }

    pub fn warehouse(&self) -> PathBuf {
        self.root().join("warehouse")
    }

    /// Writes a file of the project.
    pub fn file(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a writable folder");
        fs::write(path, text).expect("a writable file");
    }

    /// Replaces a text that occurs once in a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).expect("a file of the project");
        assert_eq!(text.matches(from).count(), 1, "{path} has {from:?} once");
        self.file(path, &text.replace(from, to));
    }

    /// Rows as columns of a source, as sql/sources.toml declares them.
    pub fn batch(&self, source: &str, rows: &Value) -> RecordBatch {
        let source = self.source(source);
        let of_files = source.schema.fields().len() - source.partitions.len();
        let schema = Schema::new(source.schema.fields()[..of_files].to_vec());
        parquet_files::batch(&schema, rows)
    }

    /// Writes rows of a source to a file of the lake.
    pub fn rows(&self, source: &str, file: &str, rows: &Value) {
        self.write(file, &self.batch(source, rows));
    }

    pub fn write(&self, file: &str, batch: &RecordBatch) {
        parquet_files::write(&self.lake().join(file), batch);
    }

    fn source(&self, name: &str) -> Source {
        let (_, sources) = read_sources(&self.root().join("sql/sources.toml")).expect("a sound sources.toml");
        sources.into_iter().find(|s| s.name == name).unwrap_or_else(|| panic!("a source {name}"))
    }

    pub fn luopan(&self, args: &[&str]) -> Ended {
        luopan(self.root(), args)
    }

    pub fn run(&self) -> Ended {
        self.luopan(&["run"])
    }

    /// All rows of a table or SELECT as of a day.
    #[track_caller]
    pub fn query_at(&self, day: &str, what: &str) -> Vec<Value> {
        self.luopan(&["query", what, "--as-of", day, "--format", "json", "--limit", "0"]).done().json()
    }

    #[track_caller]
    pub fn query(&self, what: &str) -> Vec<Value> {
        self.query_at(DAY, what)
    }

    /// Rows of a published table of [`DAY`].
    pub fn published(&self, table: &str) -> Vec<Value> {
        published::rows(&self.warehouse(), table, DAY)
    }
}

/// A pipeline that publishes these tables as of [`DAY`]; `more` is TOML for its end.
pub fn pipeline(publish: &[&str], more: &str) -> String {
    format!("lake = \"lake\"\nwarehouse = \"warehouse\"\nas_of = \"{DAY}\"\npublish = {publish:?}\n{more}")
}
