//! One file of the warehouse at a time, by its path from the root; errors name it as people would.

use std::{collections::BTreeSet, path::Path, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream, stream::FuturesUnordered};
use object_store::{
    Error, ObjectMeta, ObjectStoreExt, PutMode, PutOptions, UpdateVersion, path::Path as StorePath,
};
use serde::Serialize;

use super::Warehouse;
use crate::{
    lake::bucket::without_secrets,
    problem::{Problem, Result},
};

/// Above this a file goes up in parts, so that no single request outlasts a store's time limit.
const ONE_REQUEST_BYTES: usize = 16 << 20;
/// Requests under way at a time.
pub(super) const REQUESTS: usize = 8;

/// Pauses before a conditional write that failed is tried again. Only ever one of the tries can be done.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1600)];

pub(super) struct Stored {
    pub bytes: Bytes,
    /// What a conditional write must match.
    pub version: UpdateVersion,
    /// By the store's clock.
    pub modified: DateTime<Utc>,
}

impl Warehouse {
    /// `None` if there is no such file.
    pub(super) async fn get(&self, relative: &str) -> Result<Option<Stored>> {
        let got = match self.location.store.get(&self.location.path(relative)).await {
            Ok(got) => got,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(e) => return Err(self.refused("read", relative, &e)),
        };
        let version = UpdateVersion { e_tag: got.meta.e_tag.clone(), version: got.meta.version.clone() };
        let modified = got.meta.last_modified;
        let bytes = got.bytes().await.map_err(|e| self.refused("read", relative, &e))?;
        Ok(Some(Stored { bytes, version, modified }))
    }

    /// Its bytes, or `None` if there is no such file.
    pub(super) async fn size(&self, relative: &str) -> Result<Option<u64>> {
        match self.location.store.head(&self.location.path(relative)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(self.refused("read", relative, &e)),
        }
    }

    /// Writes the whole file or none of it, over what was there.
    pub(super) async fn put(&self, relative: &str, bytes: Bytes) -> Result<()> {
        let (store, path) = (&self.location.store, self.location.path(relative));
        let written = if bytes.len() <= ONE_REQUEST_BYTES {
            store.put(&path, bytes.into()).await.map(|_| ())
        } else {
            self.put_in_parts(&path, bytes).await
        };
        written.map_err(|e| self.refused("write", relative, &e))
    }

    async fn put_in_parts(&self, path: &StorePath, mut bytes: Bytes) -> object_store::Result<()> {
        let mut upload = self.location.store.put_multipart(path).await?;
        let mut parts = Vec::new();
        while !bytes.is_empty() {
            let part = bytes.split_to(bytes.len().min(ONE_REQUEST_BYTES));
            parts.push(upload.put_part(part.into()));
        }
        let sent: object_store::Result<Vec<()>> =
            stream::iter(parts).buffer_unordered(REQUESTS).try_collect().await;
        let done = match sent {
            Ok(_) => upload.complete().await.map(|_| ()),
            Err(e) => Err(e),
        };
        if done.is_err() {
            // Parts of an upload that never ends are paid for. What this can't remove, a rule of the bucket has to.
            let _ = upload.abort().await;
        }
        done
    }

    /// A file that is named by what it holds: left alone if it is there with the same bytes; other bytes under its name are
    /// damage, and mended.
    pub(super) async fn put_once(&self, path: &str, bytes: &Bytes) -> Result<()> {
        match self.get(path).await? {
            Some(stored) if stored.bytes == *bytes => Ok(()),
            _ => self.put(path, bytes.clone()).await,
        }
    }

    /// As [`Self::put`], only if the file is what `mode` says; what the next such write must match. The store's error, for
    /// callers that know what each means.
    pub(super) async fn put_if(
        &self,
        relative: &str,
        bytes: Bytes,
        mode: PutMode,
    ) -> object_store::Result<UpdateVersion> {
        let options = PutOptions { mode, ..PutOptions::default() };
        let path = self.location.path(relative);
        self.location.store.put_opts(&path, bytes.into(), options).await.map(UpdateVersion::from)
    }

    /// Writes over exactly what was read, and over nothing else; `None`: over no file. In a folder the lock sees to that.
    ///
    /// Fails if another run wrote it meanwhile.
    pub(super) async fn swap(&self, relative: &str, bytes: Bytes, read: Option<UpdateVersion>) -> Result<()> {
        if self.location.local.is_some() {
            return self.put(relative, bytes).await;
        }
        let mode = read.map_or(PutMode::Create, PutMode::Update);
        let mut pauses = PAUSES.into_iter();
        loop {
            let Err(e) = self.put_if(relative, bytes.clone(), mode.clone()).await else { return Ok(()) };
            // A store may have done what it then failed to confirm, and a retry then finds the file changed: look.
            if matches!(self.get(relative).await, Ok(Some(now)) if now.bytes == bytes) {
                return Ok(());
            }
            if is_refusal(&e) {
                let shown = self.location.shown(relative);
                return Err(Problem::failed(format!("{shown} was changed by another run meanwhile"))
                    .help("run it again, and see that only one run at a time publishes here"));
            }
            match pauses.next() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(self.refused("write", relative, &e)),
            }
        }
    }

    /// A file that is not there is deleted already.
    pub(super) async fn delete(&self, relative: &str) -> Result<()> {
        match self.location.store.delete(&self.location.path(relative)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(self.refused("delete", relative, &e)),
        }
    }

    /// Every file below a folder, at any depth, by its path from the root; sorted. Empty if there is no such folder.
    pub(super) async fn list(&self, folder: &str) -> Result<Vec<String>> {
        Ok(self.list_with_sizes(folder).await?.into_iter().map(|(path, _)| path).collect())
    }

    /// As [`Self::list`], with what the store says of each.
    pub(super) async fn list_with_sizes(&self, folder: &str) -> Result<Vec<(String, ObjectMeta)>> {
        let at = self.location.path(folder);
        let listed: Vec<_> = match self.location.store.list(Some(&at)).try_collect().await {
            Ok(listed) => listed,
            // A folder that was removed meanwhile.
            Err(Error::NotFound { .. }) => Vec::new(),
            Err(e) => return Err(self.refused("list", folder, &e)),
        };
        let relative = |meta: &ObjectMeta| -> Option<String> {
            let parts = meta.location.prefix_match(&self.location.prefix)?;
            Some(parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"))
        };
        let mut found: Vec<_> =
            listed.into_iter().filter_map(|meta| Some((relative(&meta)?, meta))).collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    /// Waits until files just written would outlive a power cut. Object stores promise that themselves; folders do not.
    pub(super) async fn make_durable(&self, relative: &[String]) -> Result<()> {
        let Some(root) = self.location.local.clone() else { return Ok(()) };
        let relative = relative.to_vec();
        let done = tokio::task::spawn_blocking(move || sync(&root, &relative)).await;
        let cannot = |e: &dyn std::fmt::Display| {
            Problem::failed(format!("cannot bring {} to disk: {e}", self.location.url))
        };
        done.map_err(|e| cannot(&e))?.map_err(|e| cannot(&e))
    }

    /// Runs `work` on every item, a few at a time, and gives the first error. After one nothing new is begun, and what was
    /// begun is waited for: a write that is only let go may land after its set was taken back. (Items are owned: of borrowed
    /// ones the compiler can't prove that the future may move between threads.)
    pub(super) async fn each<T, F: Future<Output = Result<()>>>(
        items: Vec<T>,
        mut work: impl FnMut(T) -> F,
    ) -> Result<()> {
        let (mut items, mut running, mut result) = (items.into_iter(), FuturesUnordered::new(), Ok(()));
        loop {
            while result.is_ok() && running.len() < REQUESTS {
                let Some(item) = items.next() else { break };
                running.push(work(item));
            }
            match running.next().await {
                Some(done) => result = result.and(done),
                None => return result,
            }
        }
    }

    pub(super) fn refused(&self, doing: &str, relative: &str, e: &Error) -> Problem {
        let shown = self.location.shown(relative);
        let problem = Problem::failed(format!("cannot {doing} {shown}: {}", without_secrets(e)));
        let denied = matches!(e, Error::PermissionDenied { .. } | Error::Unauthenticated { .. });
        // Where clients look for the machine's own identity when the environment has no credentials.
        let asked_machine =
            ["169.254.169.254", "metadata.google.internal"].iter().any(|at| problem.message.contains(at));
        match self.location.credentials() {
            Some(variables) if denied || asked_machine => {
                problem.help(format!("check the credentials in the environment: {variables}"))
            }
            _ => problem,
        }
    }
}

/// Whether a store refused a write's condition, and not the write.
pub(super) fn is_refusal(e: &Error) -> bool {
    matches!(e, Error::AlreadyExists { .. } | Error::Precondition { .. })
}

/// The JSON of a file that people may read, too. Serialising our own types cannot fail.
pub(super) fn json(value: &impl Serialize) -> Result<Bytes> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| Problem::failed(format!("cannot write JSON: {e}")))?;
    text.push(b'\n');
    Ok(text.into())
}

fn sync(root: &Path, files: &[String]) -> std::io::Result<()> {
    let mut folders = BTreeSet::new();
    for file in files {
        let path = root.join(file);
        std::fs::File::open(&path)?.sync_all()?;
        folders.extend(
            path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)).map(Path::to_owned),
        );
    }
    // On Unix the name of a new file or folder is durable only with the folder that it is in; elsewhere a folder cannot be
    // opened.
    let folders = folders.into_iter().filter(|_| cfg!(unix));
    folders.rev().try_for_each(|folder| std::fs::File::open(folder)?.sync_all())
}
