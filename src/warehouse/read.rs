//! Reading what was published, and nothing that was not.

use arrow::array::RecordBatch;
use bytes::Bytes;
use chrono::NaiveDate;

use super::{
    FileEntry, Manifest, Warehouse,
    encode::{decode, sha256},
    layout::manifest_file,
};
use crate::problem::{Problem, Result};

impl Warehouse {
    /// The set that stands for a day; `None` if none does.
    ///
    /// Fails if pointer or manifest are damaged, or the manifest is gone.
    pub async fn manifest(&self, as_of: NaiveDate) -> Result<Option<Manifest>> {
        // The set may be replaced between the two reads: the second look then finds the new one.
        for last in [false, true] {
            let pointer = self.pointer().await?;
            let Some(set) = pointer.sets.get(&as_of) else { return Ok(None) };
            match self.manifest_of(as_of, set).await? {
                Some(manifest) => return Ok(Some(manifest)),
                None if !last => {}
                None => {
                    let file = self.location.shown(&manifest_file(as_of, set));
                    return Err(Problem::failed(format!("{file} is gone, though the pointer names it"))
                        .help(format!("run {as_of} again: that writes it anew")));
                }
            }
        }
        Ok(None)
    }

    /// A day's set belongs to the pipeline that published it: another's would remove its tables.
    pub async fn refuse_another_pipeline(&self, as_of: NaiveDate, pipeline: &str) -> Result<()> {
        let Some(set) = self.pointer().await?.sets.remove(&as_of) else { return Ok(()) };
        // What the store does not give is not known to be damaged.
        self.get(&manifest_file(as_of, &set)).await?;
        match self.manifest_of(as_of, &set).await {
            Ok(Some(stands)) if stands.pipeline != pipeline => Err(Problem::failed(format!(
                "the set of {as_of} in {} was published by pipeline `{}`, and `{pipeline}` would remove its tables",
                self.location.url, stands.pipeline
            ))
            .help("give each pipeline a warehouse of its own")),
            // One that is lost or damaged is written again.
            _ => Ok(()),
        }
    }

    /// The newest set dated strictly before a day.
    pub async fn previous_set(&self, before: NaiveDate) -> Result<Option<Manifest>> {
        match self.pointer().await?.sets.range(..before).next_back() {
            Some((day, _)) => self.manifest(*day).await,
            None => Ok(None),
        }
    }

    /// The rows of one table, in their published order; no batch at all if it has none (its columns are then in
    /// [`super::TableEntry::arrow_schema`]).
    ///
    /// Fails if the set has no such table, and on a file whose length or SHA-256 is not the manifest's.
    pub async fn read_table(&self, manifest: &Manifest, table: &str) -> Result<Vec<RecordBatch>> {
        let entry = manifest.table(table).ok_or_else(|| {
            let has: Vec<_> = manifest.tables.iter().map(|t| t.name.as_str()).collect();
            Problem::failed(format!("the set of {} has no table {table}", manifest.as_of))
                .help(format!("it has {}", has.join(", ")))
        })?;
        let schema = entry.arrow_schema()?;
        let mut batches = Vec::new();
        for file in &entry.files {
            let bytes = self.checked(file).await?;
            let (schema, shown) = (schema.clone(), self.location.shown(&file.path));
            let decoded = tokio::task::spawn_blocking(move || decode(&shown, &schema, bytes)).await;
            batches.extend(decoded.map_err(|e| Problem::failed(format!("reading {table} broke off: {e}")))??);
        }
        Ok(batches)
    }

    /// The SHA-256 of what is there; `None` if nothing is.
    pub(super) async fn digest(&self, path: &str) -> Result<Option<String>> {
        Ok(self.get(path).await?.map(|stored| sha256(&stored.bytes)))
    }

    /// The bytes of a file that a manifest names (a model's, too), if they are the ones that were published.
    pub async fn checked(&self, file: &FileEntry) -> Result<Bytes> {
        let shown = self.location.shown(&file.path);
        let again = "run that day again: that writes it anew; `luopan repair` says which day it is";
        let Some(stored) = self.get(&file.path).await? else {
            return Err(Problem::failed(format!("{shown} is gone"))
                .help(format!("if a run replaced this set just now, read again; else {again}")));
        };
        let found = (stored.bytes.len() as u64, sha256(&stored.bytes));
        if found != (file.bytes, file.sha256.clone()) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: it has {} bytes and SHA-256 {}, and was published with {} and {}",
                found.0, found.1, file.bytes, file.sha256
            ))
            .help(again));
        }
        Ok(stored.bytes)
    }
}
