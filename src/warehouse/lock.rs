//! One writer at a time, and a plain word to the second about the first.
//!
//! In a folder the operating system holds the lock, so a process that died never blocks. In an object store it is a lease
//! (`lease.rs`), which a process that died no longer renews.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::Path,
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::{Warehouse, files::json, layout::LOCAL_LOCK, lease::Lease};
use crate::problem::{Problem, Result};

/// Who holds the lock, for whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    pub host: String,
    /// Where `pid` means something: the machine since it was started, and the process table of its container. None where
    /// the system does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
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
            machine: this_machine(),
            started_at,
            what: what.into(),
        }
    }

    /// Whether it certainly runs no longer. Only its own machine can tell.
    pub(super) fn is_dead(&self) -> bool {
        if self.machine.is_none() || self.machine != this_machine() {
            return false;
        }
        match std::fs::read_to_string(format!("/proc/{}/stat", self.pid)) {
            // One that was killed and not yet fetched by its parent (Z) writes nothing any more.
            Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X'])),
            // Where others' processes are hidden, the first one is, too: then nobody can tell.
            Err(e) => {
                e.kind() == std::io::ErrorKind::NotFound && std::path::Path::new("/proc/1/stat").exists()
            }
        }
    }

    pub(super) fn shown(&self) -> String {
        let Self { pid, host, started_at, what, .. } = self;
        format!(
            "process {pid} on {host}, since {}: {what}",
            started_at.to_rfc3339_opts(SecondsFormat::Secs, true)
        )
    }
}

fn this_machine() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let processes = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), processes.display()))
}

/// While it lives, no other run publishes here.
#[derive(Debug)]
#[must_use = "the lock is given up when this is dropped"]
pub struct LockGuard {
    held: Held,
    taken_over: Option<String>,
}

#[derive(Debug)]
enum Held {
    Local(File),
    Remote(Lease),
}

impl Warehouse {
    /// Fails (exit 1) at once if another run holds it, and says which. Creates a local warehouse's folder if need be.
    pub async fn lock(&self, holder: &Holder) -> Result<LockGuard> {
        match &self.location.local {
            Some(folder) => {
                let file = self.lock_folder(&folder.join(LOCAL_LOCK), holder)?;
                Ok(LockGuard { held: Held::Local(file), taken_over: None })
            }
            None => {
                let (lease, taken_over) = self.lease(holder).await?;
                Ok(LockGuard { held: Held::Remote(lease), taken_over })
            }
        }
    }

    fn lock_folder(&self, path: &Path, holder: &Holder) -> Result<File> {
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
                let mut text = Vec::new();
                // A system that forbids this read leaves only the name of the holder unsaid.
                let _ = file.read_to_end(&mut text);
                // Right after taking it, the holder has not yet written over the name of one that was killed.
                let theirs: Option<Holder> = serde_json::from_slice(&text).ok();
                let theirs = theirs.filter(|holder| !holder.is_dead());
                return Err(self
                    .busy(theirs.as_ref())
                    .help("wait for it, or stop that process: the lock then opens by itself"));
            }
            Err(TryLockError::Error(e)) => return Err(cannot(e)),
        }
        let mine = json(holder)?;
        file.set_len(0).and_then(|()| file.write_all(&mine)).map_err(cannot)?;
        Ok(file)
    }

    pub(super) fn busy(&self, theirs: Option<&Holder>) -> Problem {
        let who = theirs.map_or_else(|| "it has not said which".into(), Holder::shown);
        Problem::failed(format!("another run is publishing to {} ({who})", self.location.url))
    }
}

impl LockGuard {
    /// Whom it was taken from, if that one never gave it up: a sentence for people.
    pub fn taken_over(&self) -> Option<&str> {
        self.taken_over.as_deref()
    }

    /// Fails if somebody took an object store's lock away meanwhile; a folder's cannot be.
    pub(super) async fn check(&self) -> Result<()> {
        match &self.held {
            Held::Local(_) => Ok(()),
            Held::Remote(lease) => lease.check().await,
        }
    }

    /// Gives the lock up. In an object store only this does; a folder's opens when the guard is dropped, too.
    pub async fn release(self) -> Result<()> {
        match &self.held {
            Held::Local(_) => Ok(()),
            Held::Remote(lease) => lease.release().await,
        }
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Held::Local(file) = &self.held {
            // So that nobody reads an old holder's name.
            let _ = file.set_len(0);
            // Closing alone would leave it to a child that another thread is just starting: it has a copy until it runs.
            let _ = file.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn only_a_process_of_this_machine_is_known_to_be_dead() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let holder = |pid| Holder { pid, ..Holder::this_process(Utc::now(), "run") };
        assert!(!holder(std::process::id()).is_dead());
        child.wait().unwrap();
        assert!(holder(child.id()).is_dead());
        assert!(!Holder { machine: Some("another".into()), ..holder(child.id()) }.is_dead());
        assert!(!Holder { machine: None, ..holder(child.id()) }.is_dead());
    }
}
