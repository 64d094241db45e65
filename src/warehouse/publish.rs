//! A draft → a published set, in the order that `mod.rs` promises.

use futures::{StreamExt, TryStreamExt, stream};

use super::{
    LockGuard, Manifest, Warehouse,
    draft::{DraftSet, Ready, prepare},
};
use crate::problem::{Problem, Result};

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

impl Warehouse {
    /// Makes `draft` the set of its day, all at once, and removes what it replaces. The same tables again change nothing.
    ///
    /// Holds all tables' compressed bytes in memory, since a set's name is made from their hashes.
    /// If it fails, readers still see the set that stood there before.
    pub async fn publish(&self, lock: &LockGuard, draft: DraftSet) -> Result<Published> {
        let as_of = draft.as_of;
        let ready = prepare(draft)?;
        let manifest = &ready.manifest;
        let seen = self.see_or_create_pointer().await?;
        let replaced = seen.pointer.sets.get(&as_of).filter(|set| **set != manifest.set).cloned();
        self.refuse_another_pipeline(as_of, &manifest.pipeline).await?;
        let next = seen.pointer.with(as_of, &manifest.set);
        let stands = next == seen.pointer;
        let changed = !(stands && self.is_complete(manifest).await? && self.is_sound(manifest).await?);
        if changed {
            let written = async {
                self.write(&ready).await?;
                lock.check().await
            };
            if let Err(problem) = written.await {
                return Err(self.explain(lock, manifest, problem, true).await);
            }
            if !stands && let Err(problem) = self.move_pointer(seen, &next).await {
                // A bucket may still do what it did not confirm: there the next run removes what was written, if it has to.
                let settled = self.location.local.is_some();
                return Err(self.explain(lock, manifest, problem, settled).await);
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
            warnings: self.sweep(lock, &next).await,
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

    /// Whether every file of the set is there with the bytes that were published; so running a day again mends it.
    async fn is_sound(&self, manifest: &Manifest) -> Result<bool> {
        let files: Vec<_> = manifest.files().cloned().collect();
        stream::iter(files)
            .map(|file| async move { Ok(self.digest(&file.path).await? == Some(file.sha256)) })
            .buffer_unordered(super::files::REQUESTS)
            .try_fold(true, |all, one| std::future::ready(Ok(all && one)))
            .await
    }

    /// What readers see after a publication that failed. If they don't see it, and if it is `settled` that they never will,
    /// what was written is removed as far as it can be: what stays, the next run's sweep removes.
    async fn explain(
        &self,
        lock: &LockGuard,
        manifest: &Manifest,
        problem: Problem,
        settled: bool,
    ) -> Problem {
        let Manifest { as_of, set, .. } = manifest;
        let outcome = match self.pointer().await {
            Ok(pointer) if pointer.names(*as_of, set) => {
                format!("set {set} of {as_of} stands, but not all of its writing succeeded")
            }
            Ok(_) => {
                // Without the lock it may be what another run is just writing.
                if settled && lock.check().await.is_ok() {
                    let _ = self.remove_set(*as_of, set).await;
                }
                format!("set {set} of {as_of} was not published, readers see what they saw before")
            }
            Err(_) => format!("it is not known whether set {set} of {as_of} was published, run it again"),
        };
        problem.while_doing(outcome)
    }
}
