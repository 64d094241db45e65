//! Which set stands for each day: `_luopan/current.json`, the one file that is ever overwritten.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use object_store::{ObjectStoreExt, UpdateVersion};
use serde::{Deserialize, Serialize};

use super::{
    Warehouse,
    files::json,
    layout::{NEXT_POINTER, POINTER, is_set_name, parts_of_table_file, set_of_manifest},
    manifest::{VERSION, versioned},
    seal,
};
use crate::problem::{Problem, Result};

const REPAIR: &str =
    "no table is lost: `luopan repair` shows what it would be made from, with --apply it writes it again";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    version: u32,
    /// The newest day; `None` before anything is published.
    pub newest: Option<NaiveDate>,
    /// The set of each day.
    pub sets: BTreeMap<NaiveDate, String>,
    /// When a lock was last taken over from a run that did not give it up: that run's swap then finds another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fenced_at: Option<DateTime<Utc>>,
}

impl Default for Pointer {
    fn default() -> Self {
        Self { version: VERSION, newest: None, sets: BTreeMap::new(), fenced_at: None }
    }
}

impl Pointer {
    pub fn names(&self, as_of: NaiveDate, set: &str) -> bool {
        self.sets.get(&as_of).is_some_and(|named| named == set)
    }

    /// The sets that stand for 1, 2, … months before a day, as far as there are any: the newest that is so many months old,
    /// and not yet one more. With a set a night that is the same day of that month; with one a month, whichever day is asked.
    pub fn months_before(&self, as_of: NaiveDate, months: u32) -> Vec<(i64, NaiveDate)> {
        let one = |months: u32| {
            let day = as_of.checked_sub_months(Months::new(months))?;
            let too_old = as_of.checked_sub_months(Months::new(months + 1))?;
            let (set, _) = self.sets.range(..=day).next_back()?;
            (*set > too_old).then_some((i64::from(months), *set))
        };
        (1..=months).filter_map(one).collect()
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
    pub version: Option<UpdateVersion>,
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
        let pointer = self.parse_pointer(&stored.bytes)?;
        Ok(Seen { pointer, version: Some(stored.version) })
    }

    pub(super) fn parse_pointer(&self, bytes: &[u8]) -> Result<Pointer> {
        let shown = self.location.shown(POINTER);
        let pointer: Pointer = versioned(&shown, bytes).map_err(|problem| match problem.help {
            Some(_) => problem,
            None => problem.help(REPAIR),
        })?;
        if !seal::is_whole(bytes) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: it does not have the digest that it states"
            ))
            .help(REPAIR));
        }
        let newest = pointer.sets.keys().next_back().copied();
        if pointer.newest != newest || !pointer.sets.values().all(|set| is_set_name(set)) {
            return Err(Problem::failed(format!(
                "{shown} is damaged: its days and sets do not fit together"
            ))
            .help(REPAIR));
        }
        Ok(pointer)
    }

    /// The pointer for a run that publishes; a new warehouse gets an empty one first.
    ///
    /// So sets without any pointer mean that it was lost, and not that a first run died: going on would remove them all.
    pub(super) async fn see_or_create_pointer(&self) -> Result<Seen> {
        let seen = self.see_pointer().await?;
        if seen.version.is_some() {
            return Ok(seen);
        }
        // Tables, too: whoever lost the whole folder of manifests must not find old days swept away.
        let of_sets = |path: &String| set_of_manifest(path).is_some() || parts_of_table_file(path).is_some();
        if self.list("").await?.iter().any(of_sets) {
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
        let bytes = seal::sealed(&json(next)?);
        if self.location.local.is_some() {
            self.put(NEXT_POINTER, bytes).await?;
            self.make_durable(&[NEXT_POINTER.to_string()]).await?;
            let (from, to) = (self.location.path(NEXT_POINTER), self.location.path(POINTER));
            if let Err(e) = self.location.store.rename(&from, &to).await
                && !self.is_pointer(next).await
            {
                return Err(self.refused("write", POINTER, &e));
            }
            return self.make_durable(&[POINTER.to_string()]).await;
        }
        self.swap(POINTER, bytes, seen.version).await
    }

    async fn is_pointer(&self, next: &Pointer) -> bool {
        self.pointer().await.is_ok_and(|now| now == *next)
    }

    /// Writes the pointer anew with the same sets, so that no swap by a run that read it earlier succeeds.
    ///
    /// One that is gone or damaged is not what such a run read, either.
    pub(super) async fn fence_pointer(&self) -> Result<()> {
        loop {
            let Some(stored) = self.get(POINTER).await? else { return Ok(()) };
            let Ok(pointer) = self.parse_pointer(&stored.bytes) else { return Ok(()) };
            let fenced = Pointer { fenced_at: Some(Utc::now()), ..pointer.clone() };
            let seen = Seen { pointer, version: Some(stored.version.clone()) };
            let Err(problem) = self.move_pointer(seen, &fenced).await else { return Ok(()) };
            // The former holder may have swapped it just now; that can happen once.
            match self.get(POINTER).await? {
                Some(now) if now.version.e_tag != stored.version.e_tag => {}
                _ => return Err(problem),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sets: &[&str], as_of: &str) -> Vec<(i64, String)> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut pointer = Pointer::default();
        pointer.sets.extend(sets.iter().map(|d| (day(d), "run".to_owned())));
        pointer.months_before(day(as_of), 12).into_iter().map(|(ago, day)| (ago, day.to_string())).collect()
    }

    #[test]
    fn a_month_ago_is_the_newest_set_that_is_a_month_old_and_not_two() {
        let sets = ["2026-03-01", "2026-01-29", "2025-12-20", "2025-04-01"];
        let told = |list: &[(i64, &str)]| list.iter().map(|(n, d)| (*n, (*d).to_owned())).collect::<Vec<_>>();
        let expected = told(&[(1, "2026-03-01"), (2, "2026-01-29"), (3, "2025-12-20"), (12, "2025-04-01")]);
        assert_eq!(found(&sets, "2026-04-01"), expected);
        // Sets of the first serve every night of a month, each once.
        let firsts = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
        let expected = told(&[(1, "2026-03-01"), (2, "2026-02-01"), (3, "2026-01-01")]);
        assert_eq!(found(&firsts, "2026-04-15"), expected);
        assert_eq!(found(&firsts, "2026-04-30"), expected);
        // A month before the 31st of May is the 30th of April.
        assert_eq!(found(&["2026-04-30"], "2026-05-31"), told(&[(1, "2026-04-30")]));
        assert_eq!(found(&["2026-04-30"], "2026-05-29"), told(&[]));
    }
}
