//! What dead runs, other programs and broken disks left in a warehouse: looked for, told, and mended where that is safe.
//!
//! Looking changes nothing and needs no lock. Mending looks again under the lock, so that it never meets a set that is being
//! written, and deletes only what no reader is told to read. Doing it twice does nothing the second time.

mod litter;
mod rebuild;
mod survey;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    LockGuard, Pointer, Warehouse,
    layout::{POINTER, set_of_manifest},
    pointer::Seen,
};
use crate::problem::{Problem, Result};
use survey::Survey;

/// Who publishes more often than this while we look is told what the last look saw.
const LOOKS: usize = 3;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Such as `set 0123456789ab of 2026-04-01, which the pointer does not name`.
    pub what: String,
    pub remedy: Remedy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// These files, by their paths from the root, are in nobody's way any more.
    Remove(Vec<String>),
    /// Writing the pointer anew, with these sets.
    Rebuild(Pointer),
    /// Taking over the lock, which every run does, too.
    Unlock,
    /// What a person has to do.
    Advice(String),
    /// Nothing: it is only good to know.
    Leave,
}

impl Finding {
    fn new(what: impl Into<String>, remedy: Remedy) -> Self {
        Self { what: what.into(), remedy }
    }

    fn advice(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(what, Remedy::Advice(advice.into()))
    }

    /// Whether [`Warehouse::repair`] mends it.
    pub fn can_be_mended(&self) -> bool {
        matches!(self.remedy, Remedy::Remove(_) | Remedy::Rebuild(_) | Remedy::Unlock)
    }
}

impl Warehouse {
    /// What is not as it should be, without changing anything. With `verify` every byte that is named is read.
    ///
    /// Fails if the store does, and on a pointer that a newer version wrote.
    pub async fn survey(&self, verify: bool) -> Result<Vec<Finding>> {
        let pointer = async || Ok::<_, Problem>(self.get(POINTER).await?.map(|stored| stored.bytes));
        // A set that is published while we look would be told as one that nobody names.
        let mut before = pointer().await?;
        for _ in 1..LOOKS {
            let findings = Survey::of(self, verify).await?.findings().await?;
            let after = pointer().await?;
            if after == before {
                return Ok(findings);
            }
            before = after;
        }
        Survey::of(self, verify).await?.findings().await
    }

    /// Mends what can be mended, under the lock; returns all that was found.
    ///
    /// A pointer is rebuilt by itself: what it then doesn't name is for the next call, after somebody has looked.
    /// What cannot be deleted is told as advice, and the rest is done; fails if the pointer cannot be written.
    pub async fn repair(&self, lock: &LockGuard, verify: bool) -> Result<Vec<Finding>> {
        // Before the last look at the lock, as `lease.rs` wants it.
        let version = self.get(POINTER).await?.map(|stored| stored.version);
        let mut findings = self.survey(verify).await?;
        lock.check().await?;
        for finding in &mut findings {
            match &finding.remedy {
                Remedy::Remove(files) => {
                    if let Err(problem) = self.remove_files(files).await {
                        finding.remedy = Remedy::Advice(format!("not all of it could be removed: {problem}"));
                    }
                }
                Remedy::Rebuild(pointer) => {
                    let seen = Seen { pointer: Pointer::default(), version: version.clone() };
                    self.move_pointer(seen, pointer).await?;
                }
                Remedy::Unlock | Remedy::Advice(_) | Remedy::Leave => {}
            }
        }
        Ok(findings)
    }

    /// Manifests last, so that what fails can be repeated.
    async fn remove_files(&self, files: &[String]) -> Result<()> {
        let (manifests, others): (Vec<_>, Vec<_>) =
            files.iter().cloned().partition(|path| set_of_manifest(path).is_some());
        for paths in [others, manifests] {
            Self::each(paths, |path| async move { self.remove(&path).await }).await?;
        }
        Ok(())
    }

    /// Whether there is nothing at all.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(self.list("").await?.is_empty())
    }
}

/// Sets that are not whole, by their day, with what is wrong; `more` is advice beside running the day again.
fn not_whole(troubles: BTreeMap<NaiveDate, Vec<String>>, more: &str) -> impl Iterator<Item = Finding> {
    troubles.into_iter().map(move |(day, faults)| {
        let advice = format!("run that day again, with `--as-of {day}`: that writes it anew{more}");
        Finding::advice(format!("the set of {day} is not whole: {}", faults.join("; ")), advice)
    })
}
