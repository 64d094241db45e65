//! The published tables: written out of sight, swapped in by one pointer, read back with their hashes checked.
//!
//! A *set* is all tables of one pipeline as of one day. What readers may rely on, in this order of writing:
//!
//! 1. the files of the project that made the set, under a name made from what they hold,
//! 2. the set's manifest (so that whatever a dead process left behind can be found and removed by the next one),
//! 3. the set's files and models, none of which any reader looks at yet,
//! 4. the pointer, in one atomic step,
//! 5. the removal of the sets that the pointer no longer names.

mod cache;
mod draft;
mod encode;
mod files;
mod layout;
mod lease;
mod lock;
mod manifest;
mod models;
mod pointer;
mod projects;
mod publish;
mod read;
mod repair;
mod runs;
mod seal;
mod sweep;
#[cfg(test)]
mod tests;
mod types;

pub use cache::{CacheFile, digest_of};
pub use draft::{DraftModel, DraftSet, DraftTable, DraftWriter};
pub use layout::{PARTITION, REPORTS};
pub use lock::{Holder, LockGuard};
pub use manifest::{ColumnEntry, FileEntry, Manifest, ModelEntry, TableEntry};
pub use models::{Decision, Role};
pub use pointer::Pointer;
pub use publish::Published;
pub use repair::{Finding, Remedy};
pub use runs::{RunRecord, RunStatus, Runs, Stage, Step};
pub use types::{published_schema, published_type, type_name, type_named};

use crate::lake::store::Location;

/// A folder or prefix that sets of tables are published to.
#[derive(Clone, Debug)]
pub struct Warehouse {
    location: Location,
}

impl Warehouse {
    /// Nothing is read or created yet.
    pub fn open(location: Location) -> Self {
        Self { location }
    }

    pub fn location(&self) -> &Location {
        &self.location
    }
}
