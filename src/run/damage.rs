//! Damage inside a file of the lake, which shows only once that part of it is read.

use std::collections::BTreeMap;

use super::Build;
use crate::{
    lake::bad::BadFile,
    problem::{Problem, Result},
};

/// Damaged files by source.
pub type Damage = BTreeMap<String, Vec<BadFile>>;

/// What readers of Parquet say of bytes that make no sense. A word too many costs one look at the lake on a night that has
/// failed anyway.
const SAID_OF_DAMAGE: [&str; 10] = [
    "arquet",
    "panicked",
    "ecompress",
    "orrupt",
    "zstd",
    "snappy",
    "lz4",
    "UTF-8",
    "utf8",
    "nvalid argument",
];

impl Build<'_> {
    /// What a new start must leave out, if `problem` came of damaged files and their sources skip them. Else the problem: a
    /// reader of Parquet does not say which file it met, so each is read, and those that are damaged are named.
    pub async fn damage_behind(&self, problem: Problem) -> Result<Damage> {
        if !SAID_OF_DAMAGE.iter().any(|word| problem.message.contains(word)) {
            return Err(problem);
        }
        let found = self.lake.damaged(self.settings.threads).await;
        let mut damage = Damage::new();
        let mut problems = Vec::new();
        for (source, file) in found {
            match source.skips_bad_files() {
                true => damage.entry(source.name.clone()).or_default().push(file),
                false => problems.push(file.problem),
            }
        }
        Problem::all(problems)?;
        if damage.is_empty() { Err(problem) } else { Ok(damage) }
    }
}
