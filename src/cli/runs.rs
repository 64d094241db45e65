//! `luopan runs`

use clap::Args;

use super::{
    Where,
    night::{clean, clean_lines},
    print, runtime, show,
};
use crate::{
    problem::{Problem, Result},
    run::settings::Settings,
    warehouse::{RunRecord, RunStatus, Warehouse},
};

#[derive(Args)]
pub struct RunsArgs {
    /// Show all of one run: its steps, warnings and error
    #[arg(value_name = "RUN")]
    run: Option<String>,
    /// Pipeline whose lake, warehouse and settings to use
    #[arg(long, default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    #[command(flatten)]
    at: Where,
    /// Runs to show at most, newest first
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

pub fn run(args: RunsArgs) -> Result<()> {
    let settings = Settings::resolve(&args.at.asked(args.pipeline))?;
    let warehouse = Warehouse::open(settings.warehouse);
    let limit = if args.run.is_some() { usize::MAX } else { args.limit };
    let runs = runtime(Some(1))?.block_on(warehouse.runs(limit))?;
    for unreadable in &runs.unreadable {
        eprintln!("warning: {unreadable}");
    }
    if let Some(name) = &args.run {
        let Some(record) = runs.records.iter().find(|r| r.run == *name) else {
            return Err(Problem::setup(format!("no run `{name}`")).help("`luopan runs` lists them"));
        };
        return print(&whole(record));
    }
    if runs.records.is_empty() {
        eprintln!("no run was recorded in this warehouse yet");
        return Ok(());
    }
    let row = |r: &RunRecord| {
        vec![
            clean(&r.run),
            r.as_of.map_or_else(|| "-".into(), |d| d.to_string()),
            status(r.status).into(),
            r.set.as_deref().map_or_else(|| "-".into(), clean),
            show::seconds((r.ended_at - r.started_at).as_seconds_f64()),
            r.warnings.len().to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = runs.records.iter().map(row).collect();
    print(&show::table(&["run", "as of", "status", "set", "time", "warnings"], &rows))
}

fn status(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Done => "done",
        RunStatus::Failed => "failed",
        RunStatus::CouldNotRun => "could not run",
        RunStatus::Interrupted => "interrupted",
    }
}

fn whole(record: &RunRecord) -> String {
    let mut out = format!("{} of {}: {}\n\n", record.run, clean(&record.pipeline), status(record.status));
    let rows: Vec<Vec<String>> = record
        .steps
        .iter()
        .map(|s| {
            let rows = s.rows.map_or_else(|| "-".into(), |n| show::count(n as i64));
            let time = if s.cached { "kept before".into() } else { format!("{} ms", s.millis) };
            vec![clean(&s.table), s.as_of.to_string(), rows, time]
        })
        .collect();
    out.push_str(&show::table(&["table", "as of", "rows", "time"], &rows));
    let stages: Vec<Vec<String>> = record
        .stages
        .iter()
        .map(|s| {
            vec![
                clean(&s.stage),
                show::seconds(s.seconds),
                s.cpu_seconds.map_or_else(|| "-".into(), show::seconds),
                s.peak_mb.map_or_else(|| "-".into(), |mb| format!("{} MB", show::count(mb as i64))),
            ]
        })
        .collect();
    if !stages.is_empty() {
        out.push_str(&format!(
            "\n{}",
            show::table(&["stage", "time", "processors", "memory so far"], &stages)
        ));
    }
    record.notes.iter().for_each(|note| out.push_str(&format!("\n{}", clean_lines(note))));
    record.warnings.iter().for_each(|w| out.push_str(&format!("\nwarning: {}", clean_lines(w))));
    if let Some(error) = &record.error {
        out.push_str(&format!("\n{}\n", clean_lines(error)));
    }
    out.trim_end().to_owned() + "\n"
}
