//! Which set stands for each day: `_luopan/current.json`, the one file that is ever overwritten.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use object_store::{Error, ObjectStoreExt, PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};

use super::{
    Warehouse,
    files::json,
    layout::{NEXT_POINTER, POINTER, SETS},
    manifest::{VERSION, versioned},
};
use crate::problem::{Problem, Result};

const REPAIR: &str = "no table is lost: restore the file from a backup, or write it again from the names in _luopan/sets (<day>/<set>.json)";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    version: u32,
    /// The newest day; `None` before anything is published.
    pub newest: Option<NaiveDate>,
    /// The set of each day.
    pub sets: BTreeMap<NaiveDate, String>,
}

impl Default for Pointer {
    fn default() -> Self {
        Self { version: VERSION, newest: None, sets: BTreeMap::new() }
    }
}

impl Pointer {
    pub fn names(&self, as_of: NaiveDate, set: &str) -> bool {
        self.sets.get(&as_of).is_some_and(|named| named == set)
    }

    pub(super) fn with(&self, as_of: NaiveDate, set: &str) -> Self {
        let mut next = self.clone();
        next.sets.insert(as_of, set.to_string());
        next.newest = next.sets.keys().next_back().copied();
        next
    }
}

/// The pointer as it was read, and what a swap must find unchanged; `None` if there was no pointer.
pub(super) struct Seen {
    pub pointer: Pointer,
    version: Option<UpdateVersion>,
}

impl Warehouse {
    /// Which set stands for each day; an empty pointer if nothing was ever published.
    ///
    /// Fails on a damaged file, and on one from a newer version.
    pub async fn pointer(&self) -> Result<Pointer> {
        Ok(self.see_pointer().await?.pointer)
    }

    pub(super) async fn see_pointer(&self) -> Result<Seen> {
        let Some(stored) = self.get(POINTER).await? else {
            return Ok(Seen { pointer: Pointer::default(), version: None });
        };
        let shown = self.location.shown(POINTER);
        let pointer: Pointer = versioned(&shown, &stored.bytes).map_err(|problem| match problem.help {
            Some(_) => problem,
            None => problem.help(REPAIR),
        })?;
        let is_name = |set: &String| set.len() == 12 && set.bytes().all(|b| b.is_ascii_hexdigit());
        if pointer.newest != pointer.sets.keys().next_back().copied() || !pointer.sets.values().all(is_name) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: its days and sets do not fit together"
            ))
            .help(REPAIR));
        }
        Ok(Seen { pointer, version: Some(stored.version) })
    }

    /// The pointer for a run that publishes; a new warehouse gets an empty one first.
    ///
    /// So sets without any pointer mean that it was lost, and not that a first run died: going on would remove them all.
    pub(super) async fn see_or_create_pointer(&self) -> Result<Seen> {
        let seen = self.see_pointer().await?;
        if seen.version.is_some() {
            return Ok(seen);
        }
        if !self.list(SETS).await?.is_empty() {
            return Err(Problem::failed(format!(
                "{} is gone, but there are sets",
                self.location.shown(POINTER)
            ))
            .help(REPAIR));
        }
        self.move_pointer(seen, &Pointer::default()).await?;
        self.see_pointer().await
    }

    /// The one moment at which readers change over, all or nothing.
    ///
    /// A folder has no conditional write: there the lock keeps others out, and a rename is atomic.
    pub(super) async fn move_pointer(&self, seen: Seen, next: &Pointer) -> Result<()> {
        let bytes = json(next)?;
        if self.location.local.is_some() {
            self.put(NEXT_POINTER, bytes).await?;
            self.make_durable(&[NEXT_POINTER.to_string()]).await?;
            let (from, to) = (self.location.path(NEXT_POINTER), self.location.path(POINTER));
            self.location.store.rename(&from, &to).await.map_err(|e| self.refused("write", POINTER, &e))?;
            return self.make_durable(&[POINTER.to_string()]).await;
        }
        let mode = seen.version.map_or(PutMode::Create, PutMode::Update);
        let Err(e) = self.put_if(POINTER, bytes, mode).await else { return Ok(()) };
        // A store may have done what it then failed to confirm, and a retry then finds the file changed: look.
        if self.pointer().await.is_ok_and(|now| now == *next) {
            return Ok(());
        }
        Err(match e {
            Error::AlreadyExists { .. } | Error::Precondition { .. } => Problem::failed(format!(
                "{} was changed by another run meanwhile",
                self.location.shown(POINTER)
            ))
            .help("run it again, and see that only one run at a time publishes here"),
            e => self.refused("write", POINTER, &e),
        })
    }
}
