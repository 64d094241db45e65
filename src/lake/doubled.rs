//! Rows whose key occurs again: which of them stand at an as-of.
//!
//! A source with a key can hold a row twice, in one file or in two; of those known at an as-of the last stands,
//! by full path of the file and then by place in it. Grouping a hundred million keys would cost more than all that
//! is asked of them, so doubled keys are found in two passes over the key columns: the first marks a hash of each key
//! in a bitmap and remembers those that were marked already (one in a hundred, some of them by chance), the second looks
//! only at these, with a second hash. If memory is short, the first is made in several, each for a part of the hashes, and between
//! them comes one that only counts. Two keys are taken as one if 128 bits of hash agree.

mod bitmap;
pub mod seen;
mod suspects;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use arrow::array::Array;
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};

use super::{
    files::LakeFile,
    keys::{Found, over_row_groups},
    store::Location,
};
use crate::project::sources::Source;
use bitmap::{Bitmap, Times, pass_of, passes};
use seen::{SeenSource, Still};
use suspects::{FIRST_SEED, Suspects};

/// Rows of a source that share their key with another, grouped by key.
#[derive(Default)]
pub struct Doubled {
    /// Groups one after another, each in order of (file, row).
    rows: Vec<DoubledRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct DoubledRow {
    key: (u64, u64),
    file: u32,
    row: u64,
    /// Days or µs as in the file's `known_at`; `None` is never known.
    known_at: Option<i64>,
}

impl DoubledRow {
    fn is_known(&self, bound: Option<i64>) -> bool {
        bound.is_none_or(|b| self.known_at.is_some_and(|k| k < b))
    }
}

impl Doubled {
    /// Rows known below `bound` that another of their key replaces.
    pub fn replaced_rows(&self, bound: Option<i64>) -> usize {
        self.groups().map(|group| group.iter().filter(|r| r.is_known(bound)).count().saturating_sub(1)).sum()
    }

    fn groups(&self) -> impl Iterator<Item = &[DoubledRow]> {
        self.rows.chunk_by(|a, b| a.key == b.key)
    }

    /// Per file (of `rows_of_files`), the rows that stand among those known below `bound`; `None` where all do.
    pub fn standing(&self, rows_of_files: &[usize], bound: Option<i64>) -> Vec<Option<RowSelection>> {
        let mut replaced: Vec<Vec<u64>> = vec![Vec::new(); rows_of_files.len()];
        for group in self.groups() {
            let mut known: Vec<_> = group.iter().filter(|r| r.is_known(bound)).collect();
            known.pop();
            for row in known {
                replaced[row.file as usize].push(row.row);
            }
        }
        replaced.into_iter().zip(rows_of_files).map(|(rows, total)| without(rows, *total as u64)).collect()
    }
}

fn without(mut rows: Vec<u64>, total: u64) -> Option<RowSelection> {
    if rows.is_empty() {
        return None;
    }
    rows.sort_unstable();
    let mut selectors = Vec::with_capacity(2 * rows.len() + 1);
    let mut next = 0;
    for row in rows {
        if row > next {
            selectors.push(RowSelector::select((row - next) as usize));
        }
        selectors.push(RowSelector::skip(1));
        next = row + 1;
    }
    if total > next {
        selectors.push(RowSelector::select((total - next) as usize));
    }
    Some(RowSelection::from(selectors))
}

/// Finds doubled keys among all rows of the files, with a bitmap of at most `memory` bytes; nothing for a source without a key.
/// What was `seen` of files that are still the same is not looked for again.
pub async fn find_doubled(
    lake: &Location,
    source: &Source,
    files: &[LakeFile],
    threads: usize,
    memory: usize,
    seen: Option<&SeenSource>,
) -> Found<Doubled> {
    let all = || Still { rows: Vec::new(), look_at: (0..files.len()).collect() };
    let Still { mut rows, look_at } = seen.and_then(|seen| seen.still(source, files)).unwrap_or_else(all);
    let looked_at: Vec<LakeFile> = look_at.iter().map(|place| files[*place].clone()).collect();
    let found = look_for_doubled(lake, source, &looked_at, threads, memory).await?;
    rows.extend(found.into_iter().map(|row| DoubledRow { file: look_at[row.file as usize] as u32, ..row }));
    rows.sort_unstable();
    rows.dedup();
    retain_groups(&mut rows);
    Ok(Doubled { rows })
}

/// Rows of which there is no other with their key are let go of.
fn retain_groups(rows: &mut Vec<DoubledRow>) {
    let mut counts: HashMap<(u64, u64), u32> = HashMap::new();
    rows.iter().for_each(|row| *counts.entry(row.key).or_default() += 1);
    rows.retain(|row| counts[&row.key] > 1);
    rows.shrink_to_fit();
}

async fn look_for_doubled(
    lake: &Location,
    source: &Source,
    files: &[LakeFile],
    threads: usize,
    memory: usize,
) -> Found<Vec<DoubledRow>> {
    let rows: usize = files.iter().map(|f| f.rows).sum();
    if source.key.is_empty() || rows < 2 {
        return Ok(Vec::new());
    }
    let times = source.time_of_key().and_then(|column| {
        let read_as = source.schema.field_with_name(column).ok()?.data_type();
        Times::of(files, column, read_as)
    });
    let passes = passes(rows, memory);
    let mut hashes = Vec::new();
    for pass in 0..passes {
        let seen = Bitmap::new(rows / passes, memory, times);
        let found = over_row_groups(lake, source, files, threads, move |keys, _, found| {
            let hashes = keys.hashes(FIRST_SEED)?;
            let of_this_pass =
                hashes.iter().filter(|(_, hash)| passes == 1 || pass_of(*hash, passes) == pass);
            let marked = |(row, hash): &(usize, u64)| seen.mark(*hash, keys.time_of_key(*row));
            found.extend(of_this_pass.filter(marked).map(|(_, hash)| hash));
            Ok(())
        });
        hashes.extend(found.await?);
    }
    let mut suspects = Suspects::new(hashes, memory);
    // Rows are gathered in a list that doubles as it grows.
    if suspects.len() * size_of::<DoubledRow>() > memory / 2 {
        suspects = suspects.that_occur_twice(lake, source, files, threads, memory).await?;
    }
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = over_row_groups(lake, source, files, threads, move |keys, place, found| {
        let first = keys.hashes(FIRST_SEED)?;
        let places: Vec<(usize, u64)> =
            first.iter().filter(|(_, hash)| suspects.place(*hash).is_some()).collect();
        if places.is_empty() {
            return Ok(());
        }
        let second = keys.hashes(SECOND_SEED)?;
        for (i, a) in places {
            if let Some(b) = second.get(i) {
                let known_at = keys.known_at.as_ref().filter(|k| k.is_valid(i)).map(|k| k.value(i));
                found.push(DoubledRow { key: (a, b), file: place.file, row: place.row + i as u64, known_at });
            }
        }
        Ok(())
    })
    .await?;
    retain_groups(&mut rows);
    Ok(rows)
}

const SECOND_SEED: u64 = 0x6c75_6f70_616e_0002;
