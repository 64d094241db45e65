//! What the pointer no longer names, or never came to name, is removed: a plain glob over a table then sees each day once.

use chrono::NaiveDate;

use super::{
    LockGuard, Pointer, Warehouse,
    layout::{SETS, manifest_file, parts_of_table_file, set_of_manifest, table_file},
};
use crate::problem::{Problem, Result};

impl Warehouse {
    /// Removes every set that `pointer` does not name: replaced ones, and those of runs that died. Models stay.
    ///
    /// Only under the lock: a set being written by another run isn't named yet, either. Returns what could not be removed;
    /// the next run tries again.
    pub(super) async fn sweep(&self, lock: &LockGuard, pointer: &Pointer) -> Vec<Problem> {
        let manifests = match self.list(SETS).await {
            Ok(manifests) => manifests,
            Err(problem) => return vec![problem],
        };
        let sets = manifests.iter().filter_map(|path| set_of_manifest(path));
        let unused: Vec<_> = sets.filter(|(as_of, set)| !pointer.names(*as_of, set)).collect();
        if unused.is_empty() {
            return Vec::new();
        }
        // After the list was made: what is in it is of nobody who could have taken the lock over (see `lease.rs`).
        if let Err(problem) = lock.check().await {
            return vec![problem.while_doing("sets that are no longer used remain")];
        }
        let mut left = Vec::new();
        for (as_of, set) in unused {
            if !self.stands(pointer, as_of).await {
                let kept =
                    format!("set {set} of {as_of} remains: the one that the pointer names cannot be read");
                left.push(Problem::failed(kept).help("`luopan repair` says what is wrong"));
                continue;
            }
            if let Err(problem) = self.remove_set(as_of, set).await {
                left.push(
                    problem.while_doing(format!("set {set} of {as_of} is no longer used, but remains")),
                );
            }
        }
        left
    }

    /// Whether nothing would be lost with an unused set of a day: the day has another one with a manifest, or never had any.
    async fn stands(&self, pointer: &Pointer, as_of: NaiveDate) -> bool {
        match pointer.sets.get(&as_of) {
            Some(named) => matches!(self.manifest_of(as_of, named).await, Ok(Some(_))),
            None => true,
        }
    }

    /// Deletes the tables of a set, and last its manifest, so that what fails can be repeated.
    pub(super) async fn remove_set(&self, as_of: NaiveDate, set: &str) -> Result<()> {
        let own: Vec<String> = match self.manifest_of(as_of, set).await {
            Ok(None) => return Ok(()),
            // By the tables' names alone: a manifest that was tampered with must not have other files deleted.
            Ok(Some(manifest)) => manifest.tables.iter().map(|t| table_file(&t.name, as_of, set)).collect(),
            // It cannot be read: whatever bears the set's name.
            Err(_) => {
                let all = self.list("").await?;
                let bears = |path: &String| {
                    parts_of_table_file(path).is_some_and(|(_, day, named)| (day, named) == (as_of, set))
                };
                all.into_iter().filter(bears).collect()
            }
        };
        Self::each(own, |path| async move { self.delete(&path).await }).await?;
        self.delete(&manifest_file(as_of, set)).await
    }
}
