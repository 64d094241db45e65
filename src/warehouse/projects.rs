//! The files that made a set, kept with it: the next night can ask what it would have said under them.
//!
//! Named by what they hold and written once; a project changes seldom, so they are kept for good, as models are.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{FileEntry, Manifest, Warehouse, encode::sha256, files::json, layout::project_file};
use crate::problem::{Problem, Result};

impl Warehouse {
    /// The files that made a set: path from the project's root → text; `None` if the set does not keep them.
    ///
    /// Fails if they are gone, or not those that were kept.
    pub async fn project(&self, manifest: &Manifest) -> Result<Option<BTreeMap<String, String>>> {
        let Some(file) = &manifest.project else { return Ok(None) };
        let bytes = self.checked(file).await?;
        let shown = self.location().shown(&file.path);
        let texts = serde_json::from_slice(&bytes);
        texts.map(Some).map_err(|e| Problem::failed(format!("{shown} is damaged: {e}")))
    }

    pub(super) async fn write_project(&self, manifest: &Manifest, bytes: &Bytes) -> Result<()> {
        match &manifest.project {
            Some(file) => self.put_once(&file.path, bytes).await,
            None => Ok(()),
        }
    }

    /// Whether the set that stands names these files, and they are there.
    pub(super) async fn keeps_project(&self, manifest: &Manifest) -> Result<bool> {
        let Some(file) = &manifest.project else { return Ok(true) };
        let stored = self.manifest_of(manifest.as_of, &manifest.set).await?;
        let named = stored.is_some_and(|stored| stored.project == manifest.project);
        Ok(named && self.size(&file.path).await? == Some(file.bytes))
    }
}

/// The file that keeps `texts`, and its content; nothing of no texts.
pub(super) fn prepare_project(texts: &BTreeMap<String, String>) -> Result<(Option<FileEntry>, Bytes)> {
    if texts.is_empty() {
        return Ok((None, Bytes::new()));
    }
    let bytes = json(texts)?;
    let sha256 = sha256(&bytes);
    let path = project_file(&sha256);
    Ok((Some(FileEntry { path, rows: None, bytes: bytes.len() as u64, sha256 }), bytes))
}
