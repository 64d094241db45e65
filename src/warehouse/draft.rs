//! What a run hands over to be published → the bytes of every file, and the set's name. No I/O.

use std::collections::{BTreeMap, HashSet};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use bytes::Bytes;
use chrono::NaiveDate;

use super::{
    FileEntry, Manifest, ModelEntry, TableEntry,
    encode::{Encoded, Encoder, sha256},
    files::json,
    layout::{check_name, model_file, table_file},
    manifest::{VERSION, columns},
    projects::prepare_project,
    types::published_schema,
};
use crate::problem::{Problem, Result};

/// One table as it will be stored.
#[derive(Clone, Debug)]
pub struct DraftTable {
    /// Its files are named with the set, which is named by what all tables hold.
    pub(super) entry: TableEntry,
    pub(super) file: Encoded,
}

/// Takes a table's rows in the order in which they are to stand, and holds only what they are compressed to.
pub struct DraftWriter {
    entry: TableEntry,
    encoder: Encoder,
}

impl DraftWriter {
    /// `schema` has any types that [`super::published_type`] knows; the file has the published ones. `descriptions` are by
    /// column, and may lack any.
    pub fn new(name: &str, schema: &SchemaRef, descriptions: &BTreeMap<String, String>) -> Result<Self> {
        let schema = published_schema(name, schema)?;
        let entry = TableEntry {
            name: name.to_owned(),
            schema: columns(&schema, |column| descriptions.get(column).cloned()),
            files: Vec::new(),
        };
        Ok(Self { entry, encoder: Encoder::new(name, &schema)? })
    }

    pub fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        self.encoder.push(batch)
    }

    pub fn finish(self) -> Result<DraftTable> {
        Ok(DraftTable { entry: self.entry, file: self.encoder.finish()? })
    }
}

impl DraftTable {
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    pub fn rows(&self) -> u64 {
        self.file.rows
    }
}

/// A fitted model. A version's files never change once written; one that was published before comes without them.
#[derive(Clone, Debug)]
pub struct DraftModel {
    /// Files that come with it are added to those that it lists.
    pub entry: ModelEntry,
    /// Name and content.
    pub files: Vec<(String, Bytes)>,
}

#[derive(Clone, Debug)]
pub struct DraftSet {
    pub as_of: NaiveDate,
    pub pipeline: String,
    pub tables: Vec<DraftTable>,
    pub inputs: serde_json::Value,
    pub settings: serde_json::Value,
    /// The files that defined the tables: path from the project's root → text. No part of the set's name.
    pub project: BTreeMap<String, String>,
    pub models: Vec<DraftModel>,
}

/// Paths from the root and what is to stand there.
pub(super) type Contents = Vec<(String, Bytes)>;

/// A set ready to be written: its manifest, and the content of every file that the manifest names.
pub(super) struct Ready {
    pub manifest: Manifest,
    pub tables: Contents,
    pub models: Contents,
    pub project: Bytes,
}

/// Names a draft and its files. No I/O.
pub(super) fn prepare(draft: DraftSet) -> Result<Ready> {
    let DraftSet { as_of, pipeline, mut tables, inputs, settings, project, models } = draft;
    tables.sort_by(|a, b| a.name().cmp(b.name()));
    let mut names = HashSet::new();
    for table in &tables {
        check_name("table", table.name())?;
        if !names.insert(table.name().to_lowercase()) {
            return Err(Problem::failed(format!("two published tables are named {}", table.name())));
        }
    }
    let mut encoded: Vec<(TableEntry, Encoded)> =
        tables.into_iter().map(|table| (table.entry, table.file)).collect();
    let set = name_of(as_of, &pipeline, &encoded)?;
    for (table, file) in &mut encoded {
        table.files.push(FileEntry {
            path: table_file(&table.name, as_of, &set),
            rows: Some(file.rows),
            bytes: file.bytes.len() as u64,
            sha256: file.sha256.clone(),
        });
    }
    let (tables, files): (Vec<_>, Vec<_>) = encoded.into_iter().unzip();
    let paths = tables.iter().flat_map(|t| &t.files).map(|f| f.path.clone());
    let bytes_of_tables = paths.zip(files.into_iter().map(|f| f.bytes)).collect();
    let (models, bytes_of_models) = prepare_models(models)?;
    let (project, bytes_of_project) = prepare_project(&project)?;
    let manifest =
        Manifest { version: VERSION, as_of, set, pipeline, tables, inputs, settings, project, models };
    Ok(Ready { manifest, tables: bytes_of_tables, models: bytes_of_models, project: bytes_of_project })
}

/// 12 hex digits from day, pipeline, and each table's columns (with their descriptions) and content.
fn name_of(as_of: NaiveDate, pipeline: &str, tables: &[(TableEntry, Encoded)]) -> Result<String> {
    let content: Vec<_> =
        tables.iter().map(|(table, file)| (&table.name, &table.schema, &file.sha256)).collect();
    Ok(sha256(&json(&(as_of, pipeline, content))?)[..12].to_string())
}

fn prepare_models(models: Vec<DraftModel>) -> Result<(Vec<ModelEntry>, Contents)> {
    let (mut entries, mut contents) = (Vec::new(), Vec::new());
    for DraftModel { mut entry, files } in models {
        check_name("model", &entry.name)?;
        check_name("model version", &entry.version)?;
        let mut listed = std::mem::take(&mut entry.files);
        for (file, bytes) in files {
            check_name("model file", &file)?;
            let path = model_file(&entry.name, &entry.version, &file);
            listed.push(FileEntry {
                path: path.clone(),
                rows: None,
                bytes: bytes.len() as u64,
                sha256: sha256(&bytes),
            });
            contents.push((path, bytes));
        }
        entry.files = listed;
        entries.push(entry);
    }
    Ok((entries, contents))
}
