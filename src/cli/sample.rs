//! `luopan sample`

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{day, print, show};
use crate::{
    problem::{Problem, Result},
    sample::{self, SampleOptions, UsageGrain, dirty::Dirt},
};

#[derive(Args)]
pub struct SampleArgs {
    /// Folder to write the lake to; must be new or empty
    #[arg(value_name = "DIR")]
    out: PathBuf,
    /// Customers over all the time
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    customers: usize,
    /// Months of events
    #[arg(long, default_value_t = 30, value_name = "N")]
    months: u32,
    /// The same seed makes the same bytes
    #[arg(long, default_value_t = 42, value_name = "N")]
    seed: u64,
    /// Day after the last event [default: 2026-04-01]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    end: Option<NaiveDate>,
    /// Rows of usage: per week or per day
    #[arg(long, value_enum, default_value_t = Usage::Weekly)]
    usage: Usage,
    /// Put in the worst that lakes hold, and say what: a run over it stops, unless `on_bad_file = "skip"`
    #[arg(long)]
    dirty: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Usage {
    Weekly,
    Daily,
}

pub fn run(args: SampleArgs) -> Result<()> {
    if args.customers == 0 || args.months == 0 {
        return Err(Problem::setup("a lake needs at least one customer and one month"));
    }
    let mut options = SampleOptions::new(args.out);
    options.customers = args.customers;
    options.months = args.months;
    options.seed = args.seed;
    options.end = args.end.unwrap_or(options.end);
    options.usage = match args.usage {
        Usage::Weekly => UsageGrain::Weekly,
        Usage::Daily => UsageGrain::Daily,
    };
    options.dirty = args.dirty;
    let made = sample::make(&options, &mut |text| eprintln!("{text}"))?;
    let rows: Vec<Vec<String>> = made
        .tables
        .iter()
        .map(|t| {
            let figures = [t.files, t.rows, t.late, t.doubled, t.orphaned].map(|n| show::count(n as i64));
            [t.name.to_owned()].into_iter().chain(figures).chain([show::bytes(t.bytes)]).collect()
        })
        .collect();
    print(&show::table(&["table", "files", "rows", "late", "doubled", "orphaned", "size"], &rows))?;
    if args.dirty {
        print("\n")?;
        print(&show::table(&["table", "dirt", "count", "counted as", "where"], &told(&made.dirt)))?;
    }
    print(&format!("\nNext: luopan run --lake {} --as-of {}\n", options.out.display(), options.end))
}

fn told(dirt: &[Dirt]) -> Vec<Vec<String>> {
    let row = |dirt: &Dirt| {
        let counted = dirt.counted_as().unwrap_or("-").to_owned();
        let words = dirt.kind.words().to_owned();
        vec![dirt.table.to_owned(), words, show::count(dirt.count as i64), counted, dirt.place.clone()]
    };
    dirt.iter().map(row).collect()
}
