//! A draft → a published set, in the order that `mod.rs` promises.

use std::collections::{BTreeMap, HashSet};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use bytes::Bytes;
use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    FileEntry, LockGuard, Manifest, ModelEntry, TableEntry, Warehouse,
    encode::{Encoded, encode, sha256},
    files::json,
    layout::{check_name, model_file, table_file},
    manifest::{VERSION, columns},
    projects::prepare_project,
    types::published_schema,
};
use crate::problem::{Problem, Result};

/// One table as computed.
#[derive(Clone, Debug)]
pub struct DraftTable {
    pub name: String,
    /// Any types that [`super::published_type`] knows; the file has the published ones.
    pub schema: SchemaRef,
    /// In the order in which the rows are to stand. None at all is a table without rows.
    pub batches: Vec<RecordBatch>,
    /// By column; may lack any.
    pub descriptions: BTreeMap<String, String>,
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

#[derive(Clone, Debug)]
pub struct Published {
    pub set: String,
    /// Whether anything was written; false if these very tables stood there.
    pub changed: bool,
    /// Files of tables in the set, and their bytes.
    pub files: usize,
    pub bytes: u64,
    /// The set that stood for the day before.
    pub replaced: Option<String>,
    /// Files of unused sets that could not be removed. The set is published all the same.
    pub warnings: Vec<Problem>,
}

/// Paths from the root and what is to stand there.
type Contents = Vec<(String, Bytes)>;

/// A set ready to be written: its manifest, and the content of every file that the manifest names.
struct Ready {
    manifest: Manifest,
    tables: Contents,
    models: Contents,
    project: Bytes,
}

impl Warehouse {
    /// Makes `draft` the set of its day, all at once, and removes what it replaces. The same tables again change nothing.
    ///
    /// Holds all tables' compressed bytes in memory, since a set's name is made from their hashes.
    /// If it fails, readers still see the set that stood there before.
    pub async fn publish(&self, lock: &LockGuard, draft: DraftSet) -> Result<Published> {
        let as_of = draft.as_of;
        let ready = prepare(draft).await?;
        let manifest = &ready.manifest;
        let seen = self.see_or_create_pointer().await?;
        let replaced = seen.pointer.sets.get(&as_of).filter(|set| **set != manifest.set).cloned();
        self.refuse_another_pipeline(as_of, &manifest.pipeline).await?;
        let next = seen.pointer.with(as_of, &manifest.set);
        let stands = next == seen.pointer;
        let changed = !(stands && self.is_complete(manifest).await?);
        if changed {
            let written = async {
                self.write(&ready).await?;
                lock.check().await?;
                if stands { Ok(()) } else { self.move_pointer(seen, &next).await }
            };
            if let Err(problem) = written.await {
                self.take_back(as_of, &manifest.set).await;
                let before = format!(
                    "set {} of {as_of} was not published, readers see what they saw before",
                    manifest.set
                );
                return Err(problem.while_doing(before));
            }
        } else if !self.keeps_project(manifest).await? {
            // The same tables, made by other files: readers see no change, the next night asks for the files.
            self.write_project(manifest, &ready.project).await?;
            let own = self.write_manifest(manifest).await?;
            self.make_durable(&[own]).await?;
        }
        Ok(Published {
            changed,
            replaced,
            files: manifest.table_files().count(),
            bytes: manifest.table_files().map(|file| file.bytes).sum(),
            warnings: self.sweep(&next).await,
            set: ready.manifest.set,
        })
    }

    /// Everything but the pointer.
    async fn write(&self, ready: &Ready) -> Result<()> {
        let manifest = &ready.manifest;
        self.write_project(manifest, &ready.project).await?;
        let own = self.write_manifest(manifest).await?;
        Self::each(ready.tables.clone(), |(path, bytes)| async move { self.put(&path, bytes).await }).await?;
        Self::each(ready.models.clone(), |(path, bytes)| async move { self.put_once(&path, &bytes).await })
            .await?;
        let mut written: Vec<String> = manifest.files().map(|file| file.path.clone()).collect();
        written.push(own);
        written.extend(manifest.project.iter().map(|file| file.path.clone()));
        self.make_durable(&written).await?;
        if !self.is_complete(manifest).await? {
            return Err(Problem::failed(format!(
                "{} does not show the files just written to it",
                self.location.url
            )));
        }
        Ok(())
    }

    /// Whether the set's manifest lists these tables, and every file has its size.
    async fn is_complete(&self, manifest: &Manifest) -> Result<bool> {
        // An unreadable manifest is written anew, which is what repairs it.
        let Ok(Some(stored)) = self.manifest_of(manifest.as_of, &manifest.set).await else {
            return Ok(false);
        };
        if stored.tables != manifest.tables {
            return Ok(false);
        }
        let files: Vec<_> = manifest.files().map(|file| (file.path.clone(), file.bytes)).collect();
        stream::iter(files)
            .map(|(path, bytes)| async move { Ok(self.size(&path).await? == Some(bytes)) })
            .buffer_unordered(super::files::REQUESTS)
            .try_fold(true, |all, one| std::future::ready(Ok(all && one)))
            .await
    }

    /// Removes what a failed run wrote. As far as it can: what stays, the next run's sweep removes.
    async fn take_back(&self, as_of: NaiveDate, set: &str) {
        if let Ok(pointer) = self.pointer().await
            && !pointer.names(as_of, set)
        {
            let _ = self.remove_set(as_of, set).await;
        }
    }
}

/// Encodes, hashes and names a draft. No I/O.
async fn prepare(draft: DraftSet) -> Result<Ready> {
    let DraftSet { as_of, pipeline, mut tables, inputs, settings, project, models } = draft;
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let mut names = HashSet::new();
    for table in &tables {
        check_name("table", &table.name)?;
        if !names.insert(table.name.to_lowercase()) {
            return Err(Problem::failed(format!("two published tables are named {}", table.name)));
        }
    }
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut encoded: Vec<(TableEntry, Encoded)> = stream::iter(tables)
        .map(|table| async move {
            let name = table.name.clone();
            let done = tokio::task::spawn_blocking(move || encode_draft(table)).await;
            done.map_err(|e| Problem::failed(format!("writing table {name} as Parquet broke off: {e}")))?
        })
        .buffered(threads)
        .try_collect()
        .await?;
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

fn encode_draft(table: DraftTable) -> Result<(TableEntry, Encoded)> {
    let schema = published_schema(&table.name, &table.schema)?;
    let encoded = encode(&table.name, &schema, &table.batches)?;
    let schema = columns(&schema, |column| table.descriptions.get(column).cloned());
    Ok((TableEntry { name: table.name, schema, files: Vec::new() }, encoded))
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
