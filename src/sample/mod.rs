//! `luopan sample`: an invented lake of an ERP vendor, with the signal and the dirt of a real one.
//!
//! Customers live through months of hidden moods (`life`), sign contracts (`contracts`) and leave rows in every system. The
//! same options make the same bytes, whatever the number of cores: each customer and purpose draws from its own stream.

mod accounts;
mod calendar;
mod chance;
mod changes;
mod contract_rows;
mod contracts;
mod crm;
mod decisions;
pub mod dirty;
mod ids;
mod life;
mod metering;
mod money;
mod opportunities;
mod parallel;
mod parquet_out;
mod profile;
mod reference;
mod support;
mod table;
#[cfg(test)]
mod tests;
mod usage;
mod words;
mod world;

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;

use crate::problem::{Problem, Result};
use calendar::Calendar;
use table::{in_order, write};
use world::World;

/// How finely the product counts its usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsageGrain {
    /// One row for each tenant, week and module, dated on the week's last day (Sunday).
    #[default]
    Weekly,
    Daily,
}

#[derive(Clone, Debug)]
pub struct SampleOptions {
    /// All that ever were: those that left stay in the lake.
    pub customers: usize,
    pub months: u32,
    pub seed: u64,
    /// Exclusive last day.
    pub end: NaiveDate,
    /// Must be empty or not exist.
    pub out: PathBuf,
    pub usage: UsageGrain,
    /// With the worst that lakes hold; see [`dirty`].
    pub dirty: bool,
}

impl SampleOptions {
    /// A lake of 2,000 customers and 30 months that ends before 2026-04-01.
    pub fn new(out: impl Into<PathBuf>) -> Self {
        let end = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default();
        let usage = UsageGrain::Weekly;
        Self { customers: 2_000, months: 30, seed: 42, end, out: out.into(), usage, dirty: false }
    }
}

/// What was written to one table of the lake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSummary {
    /// Its path under the lake.
    pub name: &'static str,
    pub files: u64,
    /// With the doubled ones.
    pub rows: u64,
    pub bytes: u64,
    /// Rows in a later month's partition than their own.
    pub late: u64,
    /// Rows whose primary key was there already.
    pub doubled: u64,
    /// Rows under an id that no link knows.
    pub orphaned: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleSummary {
    /// Before more dirt was put in.
    pub tables: Vec<TableSummary>,
    /// What was put in; nothing unless it was asked for.
    pub dirt: Vec<dirty::Dirt>,
}

impl SampleSummary {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
    pub fn bytes(&self) -> u64 {
        self.tables.iter().map(|table| table.bytes).sum()
    }
    pub fn late(&self) -> u64 {
        self.tables.iter().map(|table| table.late).sum()
    }
    pub fn doubled(&self) -> u64 {
        self.tables.iter().map(|table| table.doubled).sum()
    }
    pub fn orphaned(&self) -> u64 {
        self.tables.iter().map(|table| table.orphaned).sum()
    }
}

/// Makes the lake; `note` hears of every step. Errors when the folder has files already, or the numbers are out of range.
pub fn make(options: &SampleOptions, note: &mut dyn FnMut(&str)) -> Result<SampleSummary> {
    check(options)?;
    let calendar = Calendar::new(options.months, options.end)?;
    note(&format!("imagining {} customers over {} months", options.customers, options.months));
    let world = World::make(options, calendar)?;
    let out = &options.out;
    let mut summary = SampleSummary::default();
    let mut done = |table: TableSummary| {
        note(&format!("{}: {} rows", table.name, table.rows));
        summary.tables.push(table);
    };
    done(reference::industries(out)?);
    done(reference::modules(out)?);
    done(reference::links(&world, out)?);
    done(write(&in_order(accounts::rows(&world)?), &world, out)?);
    done(write(&in_order(crm::engagements(&world)?), &world, out)?);
    done(write(&in_order(crm::surveys(&world)?), &world, out)?);
    done(write(&in_order(opportunities::rows(&world)?), &world, out)?);
    done(write(&contract_rows::rows(&world), &world, out)?);
    let invoices = in_order(money::invoices(&world)?);
    done(write(&invoices, &world, out)?);
    let payments = money::payments(&invoices, &world);
    drop(invoices);
    done(write(&in_order(payments), &world, out)?);
    done(write(&in_order(support::tickets(&world)?), &world, out)?);
    done(usage::write(&world, options.usage, out)?);
    if options.dirty {
        note("putting dirt into it");
        dirty::add(out, &mut summary)?;
    }
    Ok(summary)
}

fn check(options: &SampleOptions) -> Result<()> {
    if !(1..=ids::MOST_CUSTOMERS).contains(&options.customers) {
        return Err(Problem::setup(format!("cannot make {} customers", options.customers))
            .help(format!("ask for 1 to {}", ids::MOST_CUSTOMERS)));
    }
    if !(1..=240).contains(&options.months) {
        return Err(Problem::setup(format!("cannot make {} months", options.months)).help("ask for 1 to 240"));
    }
    if options.dirty {
        dirty::check(options.months)?;
    }
    must_be_empty(&options.out)
}

fn must_be_empty(out: &Path) -> Result<()> {
    let filled = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Problem::setup(format!("cannot read {}: {error}", out.display()))),
    };
    if filled {
        return Err(Problem::setup(format!("{} is not empty", out.display()))
            .help("name a new folder; nothing is overwritten"));
    }
    Ok(())
}
