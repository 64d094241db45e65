//! What the pointer no longer names, or never came to name, is removed: a plain glob over a table then sees each day once.

use chrono::NaiveDate;

use super::{
    Pointer, Warehouse,
    layout::{SETS, manifest_file, set_of_manifest, table_file},
};
use crate::problem::{Problem, Result};

impl Warehouse {
    /// Removes every set that `pointer` does not name: replaced ones, and those of runs that died. Models stay.
    ///
    /// Only under the lock: a set being written by another run isn't named yet, either. Returns what could not be removed;
    /// the next run tries again.
    pub(super) async fn sweep(&self, pointer: &Pointer) -> Vec<Problem> {
        let manifests = match self.list(SETS).await {
            Ok(manifests) => manifests,
            Err(problem) => return vec![problem],
        };
        let mut left = Vec::new();
        for (as_of, set) in manifests.iter().filter_map(|path| set_of_manifest(path)) {
            if !pointer.names(as_of, set)
                && let Err(problem) = self.remove_set(as_of, set).await
            {
                left.push(
                    problem.while_doing(format!("set {set} of {as_of} is no longer used, but remains")),
                );
            }
        }
        left
    }

    /// Deletes the tables that a set's manifest names, and last the manifest itself, so that what fails can be repeated.
    pub(super) async fn remove_set(&self, as_of: NaiveDate, set: &str) -> Result<()> {
        let Some(manifest) = self.manifest_of(as_of, set).await? else { return Ok(()) };
        // A manifest that was tampered with must not have other files deleted.
        let mut own: Vec<_> =
            manifest.tables.iter().map(|table| table_file(&table.name, as_of, set)).collect();
        own.retain(|path| manifest.table_files().any(|file| file.path == *path));
        Self::each(own, |path| async move { self.delete(&path).await }).await?;
        self.delete(&manifest_file(as_of, set)).await
    }
}
