//! One writer at a time, and a plain word to the second about the first.
//!
//! In a folder the operating system holds the lock, so a process that died never blocks. In an object store it is a file
//! that only its maker removes.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::Path,
};

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use object_store::{Error, PutMode};
use serde::{Deserialize, Serialize};

use super::{
    Warehouse,
    files::json,
    layout::{LOCAL_LOCK, REMOTE_LOCK},
};
use crate::problem::{Problem, Result};

/// Who holds the lock, for whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    pub host: String,
    pub started_at: DateTime<Utc>,
    /// Such as `run nightly as of 2026-04-01`.
    pub what: String,
}

impl Holder {
    pub fn this_process(started_at: DateTime<Utc>, what: impl Into<String>) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
            .ok()
            .or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok())
            .map(|name| name.trim().to_string())
            .filter(|name| !name.is_empty());
        Self {
            pid: std::process::id(),
            host: host.unwrap_or_else(|| "unknown host".into()),
            started_at,
            what: what.into(),
        }
    }
}

/// While it lives, no other run publishes here.
#[derive(Debug)]
#[must_use = "the lock is given up when this is dropped"]
pub struct LockGuard {
    held: Held,
}

#[derive(Debug)]
enum Held {
    Local(File),
    Remote { warehouse: Box<Warehouse>, mine: Bytes },
}

impl Warehouse {
    /// Fails (exit 1) at once if another run holds it, and says which. Creates a local warehouse's folder if need be.
    pub async fn lock(&self, holder: &Holder) -> Result<LockGuard> {
        let mine = json(holder)?;
        let held = match &self.location.local {
            Some(folder) => Held::Local(self.lock_folder(&folder.join(LOCAL_LOCK), &mine)?),
            None => {
                self.lock_store(&mine).await?;
                Held::Remote { warehouse: Box::new(self.clone()), mine }
            }
        };
        Ok(LockGuard { held })
    }

    fn lock_folder(&self, path: &Path, mine: &[u8]) -> Result<File> {
        let cannot = |e: std::io::Error| {
            Problem::failed(format!("cannot write {}: {e}", path.display()))
                .help("may this user write in that folder?")
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(cannot)?;
        }
        // Never removed, only emptied: a lock on a file that was unlinked meanwhile would keep nobody out.
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut theirs = Vec::new();
                // A system that forbids this read leaves only the name of the holder unsaid.
                let _ = file.read_to_end(&mut theirs);
                return Err(self
                    .busy(&theirs)
                    .help("wait for it, or stop that process: the lock then opens by itself"));
            }
            Err(TryLockError::Error(e)) => return Err(cannot(e)),
        }
        file.set_len(0).and_then(|()| file.write_all(mine)).map_err(cannot)?;
        Ok(file)
    }

    async fn lock_store(&self, mine: &Bytes) -> Result<()> {
        match self.put_if(REMOTE_LOCK, mine.clone(), PutMode::Create).await {
            Ok(()) => Ok(()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                let theirs = self.get(REMOTE_LOCK).await?.map(|stored| stored.bytes).unwrap_or_default();
                // The first try of a request that was then repeated may have made it.
                if theirs == *mine {
                    return Ok(());
                }
                let file = self.location.shown(REMOTE_LOCK);
                Err(self
                    .busy(&theirs)
                    .help(format!("wait for it; if you know that process is dead, delete {file}")))
            }
            Err(e) => Err(self.refused("write", REMOTE_LOCK, &e)),
        }
    }

    fn busy(&self, theirs: &[u8]) -> Problem {
        let who = match serde_json::from_slice::<Holder>(theirs) {
            Ok(Holder { pid, host, started_at, what }) => {
                let since = started_at.to_rfc3339_opts(SecondsFormat::Secs, true);
                format!("process {pid} on {host}, since {since}: {what}")
            }
            Err(_) => "it has not said which".into(),
        };
        Problem::failed(format!("another run is publishing to {} ({who})", self.location.url))
    }
}

impl LockGuard {
    /// Fails if somebody took an object store's lock away meanwhile; a folder's cannot be.
    pub(super) async fn check(&self) -> Result<()> {
        let Held::Remote { warehouse, mine } = &self.held else { return Ok(()) };
        match warehouse.get(REMOTE_LOCK).await? {
            Some(stored) if stored.bytes == *mine => Ok(()),
            _ => Err(Problem::failed(format!(
                "the lock {} was taken away while this run held it",
                warehouse.location.shown(REMOTE_LOCK)
            ))
            .help("see that only one run at a time publishes here, then run it again")),
        }
    }

    /// Gives the lock up. In an object store only this does; a folder's opens when the guard is dropped, too.
    pub async fn release(self) -> Result<()> {
        self.check().await?;
        match &self.held {
            Held::Local(_) => Ok(()),
            Held::Remote { warehouse, .. } => warehouse.delete(REMOTE_LOCK).await,
        }
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Held::Local(file) = &self.held {
            // So that nobody reads an old holder's name; the lock itself opens with the file's closing.
            let _ = file.set_len(0);
        }
    }
}
