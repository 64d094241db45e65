//! What a set is made of: `_luopan/sets/<as_of>/<set>.json`.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Role, Warehouse,
    files::json,
    layout, seal,
    types::{type_name, type_named},
};
use crate::problem::{Problem, Result};

/// The form of manifest and pointer that this program writes, and the newest that it reads.
pub(super) const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: u32,
    pub as_of: NaiveDate,
    /// 12 hex digits, made from what the tables hold: the same tables have the same name.
    pub set: String,
    pub pipeline: String,
    /// By name.
    pub tables: Vec<TableEntry>,
    /// What the run read, as the run wrote it down.
    pub inputs: serde_json::Value,
    pub settings: serde_json::Value,
    /// The files that defined the tables, as one file; none in sets of programs that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<FileEntry>,
    pub models: Vec<ModelEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    pub name: String,
    pub schema: Vec<ColumnEntry>,
    pub files: Vec<FileEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnEntry {
    pub name: String,
    /// As in a contract: `text`, `decimal(18,2)` …
    #[serde(rename = "type")]
    pub kind: String,
    pub nullable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// From the warehouse's root.
    pub path: String,
    /// `None` for a file without rows in the sense of a table: one of a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelEntry {
    pub name: String,
    pub version: String,
    #[serde(default)]
    pub role: Role,
    /// The as-of day of the run that fitted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted_on: Option<NaiveDate>,
    /// The first day that it scored without a break; none for a challenger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub champion_since: Option<NaiveDate>,
    /// What it had to show to become champion, and what it showed; empty if it was champion before.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub gates: serde_json::Value,
    pub files: Vec<FileEntry>,
}

impl Manifest {
    pub fn table(&self, name: &str) -> Option<&TableEntry> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Every file of the set, models' included; not its project.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.table_files().chain(self.models.iter().flat_map(|model| &model.files))
    }

    /// The version of a model that scored in this set.
    pub fn champion(&self, model: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|entry| entry.name == model && entry.role == Role::Champion)
    }

    pub(super) fn table_files(&self) -> impl Iterator<Item = &FileEntry> {
        self.tables.iter().flat_map(|table| &table.files)
    }
}

impl TableEntry {
    pub fn rows(&self) -> u64 {
        self.files.iter().filter_map(|file| file.rows).sum()
    }

    /// Fails on a type that no published file has.
    pub fn arrow_schema(&self) -> Result<SchemaRef> {
        let field = |column: &ColumnEntry| {
            let kind = type_named(&column.kind).ok_or_else(|| {
                let (table, name, kind) = (&self.name, &column.name, &column.kind);
                Problem::failed(format!("the manifest says that column {name} of table {table} is `{kind}`"))
                    .help("no such type is published: the manifest is damaged or from a newer version")
            })?;
            Ok(Field::new(&column.name, kind, column.nullable))
        };
        Ok(Arc::new(Schema::new(self.schema.iter().map(field).collect::<Result<Vec<_>>>()?)))
    }
}

/// The columns of `schema` in a manifest's words; `description` is asked for each.
pub(super) fn columns(schema: &Schema, description: impl Fn(&str) -> Option<String>) -> Vec<ColumnEntry> {
    let entry = |field: &Arc<Field>| ColumnEntry {
        name: field.name().clone(),
        kind: type_name(field.data_type()),
        nullable: field.is_nullable(),
        description: description(field.name()),
    };
    schema.fields().iter().map(entry).collect()
}

impl Warehouse {
    /// Returns its path.
    pub(super) async fn write_manifest(&self, manifest: &Manifest) -> Result<String> {
        let own = layout::manifest_file(manifest.as_of, &manifest.set);
        self.put(&own, seal::sealed(&json(manifest)?)).await?;
        Ok(own)
    }

    /// The manifest of a set, whether or not the pointer names it; `None` if there is none.
    ///
    /// Fails if it is damaged, is another set's, or was written by a newer version.
    pub(super) async fn manifest_of(&self, as_of: NaiveDate, set: &str) -> Result<Option<Manifest>> {
        let file = layout::manifest_file(as_of, set);
        let Some(stored) = self.get(&file).await? else { return Ok(None) };
        let shown = self.location.shown(&file);
        let manifest: Manifest = versioned(&shown, &stored.bytes)?;
        if !seal::is_whole(&stored.bytes) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: it does not have the digest that it states"
            ))
            .help(format!("run {as_of} again: that writes it anew")));
        }
        if (manifest.as_of, manifest.set.as_str()) != (as_of, set) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: it describes set {} of {}",
                manifest.set, manifest.as_of
            )));
        }
        // Nobody is to be led out of the set by a manifest that was tampered with.
        let own = |table: &TableEntry| {
            let path = layout::table_file(&table.name, as_of, set);
            layout::check_name("table", &table.name).is_ok()
                && table.files.iter().all(|file| file.path == path)
        };
        if let Some(foreign) = manifest.tables.iter().find(|table| !own(table)) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: it names a file that is none of table `{}` in this set",
                foreign.name
            )));
        }
        Ok(Some(manifest))
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Whether a document is whole, and in a form that only a newer program knows.
pub(super) fn is_of_newer_version(bytes: &[u8]) -> bool {
    serde_json::from_slice(bytes).is_ok_and(|Version { version }| version > VERSION)
}

/// Reads a JSON document with a `version`. `shown` is its name in errors.
pub(super) fn versioned<T: for<'de> Deserialize<'de>>(shown: &str, bytes: &[u8]) -> Result<T> {
    let damaged = |e: serde_json::Error| Problem::failed(format!("{shown} is damaged: {e}"));
    // First the version alone: a newer form may not parse as ours, and "damaged" would be wrong advice.
    let Version { version } = serde_json::from_slice(bytes).map_err(damaged)?;
    if version > VERSION {
        return Err(Problem::failed(format!(
            "{shown} has version {version}; this program reads up to {VERSION}"
        ))
        .help("use the newer luopan that wrote it"));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}
