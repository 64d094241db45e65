//! The lock of an object store: `_luopan/lock.json`, a lease that its holder renews once a minute.
//!
//! Every write of the file is conditional on what was there (its e-tag): of two that want it, one gets it. Free, it holds
//! `{}`; it is never deleted, since a deletion has no condition.
//!
//! A lease is *stale* if its holder is known to be dead (a process of this machine that runs no longer), or if the store
//! says that nobody wrote it for ten minutes. The next run takes a stale lease over. Clocks that differ by minutes can make
//! a live lease look stale; so can a machine that was suspended. Nothing rests on such a holder being gone:
//!
//! - Who takes over writes the pointer anew, with the time in it (*fences* it), before it does anything else. A holder swaps
//!   the pointer on the condition that it is as it was read *before* its last look at the lock. If the lease was taken over
//!   before that look, the look says so; if after, the fence is in the way. So no two runs publish over each other.
//! - Nothing is deleted but under a lease that was looked at *after* the list of what to delete was made: whoever takes
//!   over later has written nothing that is in that list. What a failed run wrote, it takes back under the same rule.
//! - What remains: a holder that stops for ten minutes between that look and a deletion, while who takes over writes a set
//!   of the very same content as one being deleted. A store has no deletion on a condition. Readers then find a file gone
//!   and say so; running the day again mends it.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures::lock::Mutex;
use object_store::{PutMode, UpdateVersion};
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;

use super::{
    Holder, Warehouse,
    files::{Stored, is_refusal, json},
    layout::REMOTE_LOCK,
};
use crate::problem::{Problem, Result};

const RENEWED_EVERY: Duration = Duration::from_secs(60);
/// Longer than a run can be kept from renewing by a store that does not answer.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(10);
const FREE: &[u8] = b"{}\n";

/// What the file says while somebody holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Claim {
    #[serde(flatten)]
    holder: Holder,
    /// Of this claim alone.
    token: String,
    renewed_at: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct Lease {
    mine: Arc<Mine>,
    renewing: AbortHandle,
}

#[derive(Debug)]
struct Mine {
    warehouse: Warehouse,
    claim: Claim,
    /// Of the file as last written; none once it was given up.
    version: Mutex<Option<UpdateVersion>>,
}

enum Standing {
    Free,
    /// And of whom.
    Stale(String),
    Held(Problem),
}

impl Warehouse {
    /// The lease, and in words whom it was taken from if that one never gave it up. Fails (exit 1) at once if it is held.
    pub(super) async fn lease(&self, holder: &Holder) -> Result<(Lease, Option<String>)> {
        // The hasher's keys are random: the one source of chance in the standard library.
        let token = format!("{:016x}", RandomState::new().hash_one(holder.pid));
        let claim = Claim { holder: holder.clone(), token, renewed_at: Utc::now() };
        let found = self.get(REMOTE_LOCK).await?;
        let (mode, former) = match found {
            None => (PutMode::Create, None),
            Some(stored) => match self.standing(&stored) {
                Standing::Held(problem) => return Err(problem),
                Standing::Free => (PutMode::Update(stored.version), None),
                Standing::Stale(whose) => (PutMode::Update(stored.version), Some(whose)),
            },
        };
        let version = match self.put_if(REMOTE_LOCK, json(&claim)?, mode).await {
            Ok(version) => version,
            // A store may have done what it then failed to confirm: look.
            Err(e) => match self.get(REMOTE_LOCK).await? {
                Some(stored) if claim.is_in(&stored.bytes) => stored.version,
                Some(stored) if is_refusal(&e) => {
                    let theirs: Option<Claim> = serde_json::from_slice(&stored.bytes).ok();
                    let busy = self.busy(theirs.map(|claim| claim.holder).as_ref());
                    return Err(
                        busy.help("both began at the same moment, and that one was first: wait for it")
                    );
                }
                _ => return Err(self.refused("write", REMOTE_LOCK, &e)),
            },
        };
        if former.is_some() {
            // If this fails, the lease stays with a process that ends: the next run takes it over, and fences.
            self.fence_pointer().await?;
        }
        let mine = Arc::new(Mine { warehouse: self.clone(), claim, version: Mutex::new(Some(version)) });
        let renewing = tokio::spawn(Arc::clone(&mine).keep_renewing()).abort_handle();
        Ok((Lease { mine, renewing }, former))
    }

    fn standing(&self, stored: &Stored) -> Standing {
        if stored.bytes == FREE {
            return Standing::Free;
        }
        let claim: Option<Claim> = serde_json::from_slice(&stored.bytes).ok();
        let whose =
            claim.as_ref().map_or_else(|| "a run that has not said which".into(), |c| c.holder.shown());
        if claim.as_ref().is_some_and(|claim| claim.holder.is_dead()) {
            return Standing::Stale(format!("{whose}; that process runs no longer"));
        }
        let opens = stored.modified + STALE_AFTER;
        let at = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        if opens <= Utc::now() {
            return Standing::Stale(format!("{whose}; last heard of at {}", at(stored.modified)));
        }
        Standing::Held(self.busy(claim.map(|claim| claim.holder).as_ref()).help(format!(
            "wait for it; it gave a sign of life at {}, and if it gives no other, the lock opens at {}",
            at(stored.modified),
            at(opens)
        )))
    }

    /// Whose lease is stale, in words; for those who only look.
    pub(super) async fn stale_lease(&self) -> Result<Option<String>> {
        let found = self.get(REMOTE_LOCK).await?;
        Ok(found.and_then(|stored| match self.standing(&stored) {
            Standing::Stale(whose) => Some(whose),
            Standing::Free | Standing::Held(_) => None,
        }))
    }
}

impl Claim {
    fn is_in(&self, bytes: &[u8]) -> bool {
        serde_json::from_slice::<Self>(bytes).is_ok_and(|found| found.token == self.token)
    }
}

impl Mine {
    async fn keep_renewing(self: Arc<Self>) {
        loop {
            tokio::time::sleep(RENEWED_EVERY).await;
            // What fails is tried again with the next beat; a lease that was lost stays lost, which `check` says.
            let _ = self.renew().await;
        }
    }

    async fn renew(&self) -> Result<()> {
        self.write(json(&Claim { renewed_at: Utc::now(), ..self.claim.clone() })?).await
    }

    /// Over what this claim wrote last, and over nothing else.
    async fn write(&self, bytes: Bytes) -> Result<()> {
        let mut held = self.version.lock().await;
        for last in [false, true] {
            let Some(version) = held.clone() else { return Err(self.lost()) };
            let e = match self.warehouse.put_if(REMOTE_LOCK, bytes.clone(), PutMode::Update(version)).await {
                Ok(written) => {
                    *held = Some(written);
                    return Ok(());
                }
                Err(e) => e,
            };
            // A store may have done what it then failed to confirm, this time or the last: look.
            match self.warehouse.get(REMOTE_LOCK).await? {
                Some(stored) if stored.bytes == bytes => {
                    *held = Some(stored.version);
                    return Ok(());
                }
                Some(stored) if self.claim.is_in(&stored.bytes) => *held = Some(stored.version),
                _ => return Err(self.lost()),
            }
            if last {
                return Err(self.warehouse.refused("write", REMOTE_LOCK, &e));
            }
        }
        Ok(())
    }

    fn lost(&self) -> Problem {
        let file = self.warehouse.location.shown(REMOTE_LOCK);
        Problem::failed(format!("the lock {file} was taken away while this run held it"))
            .help("see that only one run at a time publishes here, then run it again")
    }
}

impl Lease {
    /// Fails if another run took it over.
    pub(super) async fn check(&self) -> Result<()> {
        match self.mine.warehouse.get(REMOTE_LOCK).await? {
            Some(stored) if self.mine.claim.is_in(&stored.bytes) => Ok(()),
            _ => Err(self.mine.lost()),
        }
    }

    pub(super) async fn release(&self) -> Result<()> {
        self.renewing.abort();
        self.mine.write(Bytes::from_static(FREE)).await?;
        *self.mine.version.lock().await = None;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lake::store::Location;
    use object_store::memory::InMemory;

    #[tokio::test]
    async fn a_renewed_lease_is_held_on_and_given_up_and_one_that_was_lost_is_not_renewed() {
        let warehouse = Warehouse::open(Location {
            store: Arc::new(InMemory::new()),
            prefix: "wh".into(),
            url: "memory://wh".into(),
            object_store_url: "memory://".parse().unwrap(),
            local: None,
        });
        let file = async || warehouse.get(REMOTE_LOCK).await.unwrap().unwrap();
        let (lease, _) = warehouse.lease(&Holder::this_process(Utc::now(), "run")).await.unwrap();
        let before = file().await;
        lease.mine.renew().await.unwrap();
        assert_ne!(file().await.version.e_tag, before.version.e_tag);
        lease.check().await.unwrap();
        lease.release().await.unwrap();
        assert_eq!(file().await.bytes, FREE);
        // Whoever wakes up now finds that it holds nothing, and writes nothing.
        assert!(lease.mine.renew().await.is_err() && lease.check().await.is_err());
        assert_eq!(file().await.bytes, FREE);
    }
}
