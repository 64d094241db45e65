//! One file of the warehouse at a time, by its path from the root; errors name it as people would.

use std::path::Path;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{Error, ObjectStoreExt, PutMode, PutOptions, UpdateVersion, WriteMultipart};
use serde::Serialize;

use super::Warehouse;
use crate::problem::{Problem, Result};

/// Above this a file goes up in parts, so that no single request outlasts a store's time limit.
const ONE_REQUEST_BYTES: usize = 16 << 20;
/// Requests under way at a time.
pub(super) const REQUESTS: usize = 8;

pub(super) struct Stored {
    pub bytes: Bytes,
    /// What a conditional write must match.
    pub version: UpdateVersion,
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
        let bytes = got.bytes().await.map_err(|e| self.refused("read", relative, &e))?;
        Ok(Some(Stored { bytes, version }))
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
            store.put(&path, bytes.into()).await
        } else {
            match store.put_multipart(&path).await {
                Ok(upload) => {
                    let mut parts = WriteMultipart::new_with_chunk_size(upload, ONE_REQUEST_BYTES);
                    parts.put(bytes);
                    parts.finish().await
                }
                Err(e) => Err(e),
            }
        };
        written.map(|_| ()).map_err(|e| self.refused("write", relative, &e))
    }

    /// A file that is named by what it holds: left alone if it is there with the same bytes; other bytes under its name are
    /// damage, and mended.
    pub(super) async fn put_once(&self, path: &str, bytes: &Bytes) -> Result<()> {
        match self.get(path).await? {
            Some(stored) if stored.bytes == *bytes => Ok(()),
            _ => self.put(path, bytes.clone()).await,
        }
    }

    /// As [`Self::put`], only if the file is what `mode` says; the store's error, for callers that know what each means.
    pub(super) async fn put_if(
        &self,
        relative: &str,
        bytes: Bytes,
        mode: PutMode,
    ) -> object_store::Result<()> {
        let options = PutOptions { mode, ..PutOptions::default() };
        self.location.store.put_opts(&self.location.path(relative), bytes.into(), options).await.map(|_| ())
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
        let root = &self.location.prefix;
        let found: Vec<_> = self
            .location
            .store
            .list(Some(&self.location.path(folder)))
            .try_collect()
            .await
            .map_err(|e| self.refused("list", folder, &e))?;
        let mut paths: Vec<String> = found
            .iter()
            .filter_map(|meta| {
                Some(
                    meta.location
                        .prefix_match(root)?
                        .map(|p| p.as_ref().to_string())
                        .collect::<Vec<_>>()
                        .join("/"),
                )
            })
            .collect();
        paths.sort_unstable();
        Ok(paths)
    }

    /// Waits until files just written would outlive a power cut. Object stores promise that themselves; folders do not.
    pub(super) async fn make_durable(&self, relative: &[String]) -> Result<()> {
        let Some(root) = self.location.local.clone() else { return Ok(()) };
        let paths: Vec<_> = relative.iter().map(|path| root.join(path)).collect();
        let done = tokio::task::spawn_blocking(move || paths.iter().try_for_each(|path| sync(path))).await;
        let cannot = |e: &dyn std::fmt::Display| {
            Problem::failed(format!("cannot bring {} to disk: {e}", self.location.url))
        };
        done.map_err(|e| cannot(&e))?.map_err(|e| cannot(&e))
    }

    /// Runs `work` on every item, a few at a time; the first error ends it. (Items are owned: of borrowed ones the compiler
    /// can't prove that the future may move between threads.)
    pub(super) async fn each<T, F: Future<Output = Result<()>>>(
        items: Vec<T>,
        work: impl FnMut(T) -> F,
    ) -> Result<()> {
        stream::iter(items).map(work).buffer_unordered(REQUESTS).try_collect().await
    }

    pub(super) fn refused(&self, doing: &str, relative: &str, e: &Error) -> Problem {
        let problem = Problem::failed(format!("cannot {doing} {}: {e}", self.location.shown(relative)));
        let denied = matches!(e, Error::PermissionDenied { .. } | Error::Unauthenticated { .. });
        // Where the S3 client looks for credentials when the environment has none.
        if denied || problem.message.contains("169.254.169.254") {
            return problem
                .help("check the credentials in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY");
        }
        problem
    }
}

/// The JSON of a file that people may read, too. Serialising our own types cannot fail.
pub(super) fn json(value: &impl Serialize) -> Result<Bytes> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| Problem::failed(format!("cannot write JSON: {e}")))?;
    text.push(b'\n');
    Ok(text.into())
}

fn sync(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path)?.sync_all()?;
    // On Unix the name of a new file is durable only with its folder; elsewhere a folder cannot be opened.
    match path.parent() {
        Some(folder) if cfg!(unix) => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
