//! A table small enough to be sorted in memory, and the dirt that gets into it on the way to its files.

use std::path::Path;

use arrow::array::ArrayRef;

use super::{
    TableSummary,
    calendar::{Instant, calendar_month, day_of, month_name},
    chance::{Purpose, mix, share},
    ids::System,
    parallel::parallel,
    parquet_out::{CHUNK, Column, Sink},
    world::World,
};
use crate::problem::Result;

/// Shares of rows that come late, and twice.
pub const LATE: f64 = 0.010;
pub const DOUBLED: f64 = 0.003;
/// Files of a table that has no partitions.
const FILES: usize = 3;

/// A row, short: the rest of its columns is looked up in the world when it is written.
pub trait Row: Clone + Send + Sync {
    /// Folder under the lake.
    const PATH: &'static str;
    /// Whether files stand in folders `month=YYYY-MM`.
    const MONTHLY: bool;
    const SYSTEM: System;

    /// When it was written.
    fn at(&self) -> Instant;
    /// Place of its customer in the world.
    fn who(&self) -> usize;
    /// As it was before somebody corrected it.
    fn stale(&mut self);
    fn columns() -> Vec<Column>;
    /// One array for each column.
    fn arrays(rows: &[(usize, Self)], world: &World) -> Vec<ArrayRef>;
}

/// Rows in the order in which they came to be; a row's number is its place.
pub fn in_order<R: Row>(mut rows: Vec<R>) -> Vec<R> {
    rows.sort_by_key(|row| (row.at(), row.who()));
    rows
}

/// Where a row goes: which file, and whether as it was before a correction.
struct Copy {
    file: usize,
    row: usize,
    stale: bool,
}

struct Plan {
    copies: Vec<Copy>,
    names: Vec<String>,
    late: u64,
    doubled: u64,
}

/// Writes the files of a table, rows sorted by time.
pub fn write<R: Row>(rows: &[R], world: &World, out: &Path) -> Result<TableSummary> {
    let plan = plan(rows, world);
    let columns = R::columns();
    let jobs: Vec<(&String, &[Copy])> = plan
        .names
        .iter()
        .enumerate()
        .map(|(file, name)| {
            let first = plan.copies.partition_point(|copy| copy.file < file);
            let last = plan.copies.partition_point(|copy| copy.file <= file);
            (name, &plan.copies[first..last])
        })
        // A table without rows still has a file, which says what its columns are.
        .filter(|(name, copies)| !copies.is_empty() || *name == &plan.names[0])
        .collect();
    let written = parallel(&jobs, |(name, copies)| {
        let mut sink = Sink::create(&out.join(R::PATH).join(name), &columns)?;
        for chunk in copies.chunks(CHUNK) {
            let taken: Vec<(usize, R)> = chunk.iter().map(|copy| (copy.row, taken(rows, copy))).collect();
            sink.write(R::arrays(&taken, world))?;
        }
        sink.close()
    })?;
    let orphaned = plan.copies.iter().filter(|copy| world.is_orphan(rows[copy.row].who(), R::SYSTEM)).count();
    Ok(TableSummary {
        name: R::PATH,
        files: written.len() as u64,
        rows: plan.copies.len() as u64,
        bytes: written.iter().sum(),
        late: plan.late,
        doubled: plan.doubled,
        orphaned: orphaned as u64,
    })
}

fn taken<R: Row>(rows: &[R], copy: &Copy) -> R {
    let mut row = rows[copy.row].clone();
    if copy.stale {
        row.stale();
    }
    row
}

fn plan<R: Row>(rows: &[R], world: &World) -> Plan {
    let first = calendar_month(world.calendar.begin);
    let last = (calendar_month(world.calendar.end - 1) - first) as usize;
    let names: Vec<String> = match R::MONTHLY {
        true => (0..=last)
            .map(|file| format!("month={}/part-00000.parquet", month_name(first + file as i32)))
            .collect(),
        false => (0..FILES).map(|file| format!("part-{file:05}.parquet")).collect(),
    };
    let mut plan =
        Plan { copies: Vec::with_capacity(rows.len() + rows.len() / 100), names, late: 0, doubled: 0 };
    let salt =
        R::PATH.bytes().fold(mix(world.seed, Purpose::Dirt as u64), |hash, byte| mix(hash, u64::from(byte)));
    for (row, value) in rows.iter().enumerate() {
        let hash = mix(salt, row as u64);
        let mut file = match R::MONTHLY {
            true => (calendar_month(day_of(value.at())) - first).clamp(0, last as i32) as usize,
            false => row * FILES / rows.len(),
        };
        let late = 1 + (hash % 2) as usize;
        if R::MONTHLY && share(mix(hash, 1)) < LATE && file + late <= last {
            file += late;
            plan.late += 1;
        }
        let last_file = plan.names.len() - 1;
        let doubled = share(mix(hash, 2)) < DOUBLED;
        // Half of the doubles come in a later file; of those some correct what the first said.
        let again = if hash & 8 == 0 { file } else { (file + 1).min(last_file) };
        plan.copies.push(Copy { file, row, stale: doubled && again > file && hash & 48 == 0 });
        if doubled {
            plan.copies.push(Copy { file: again, row, stale: false });
            plan.doubled += 1;
        }
    }
    plan.copies.sort_by_key(|copy| (copy.file, copy.row));
    plan
}
