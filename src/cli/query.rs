//! `luopan query`

use std::io::IsTerminal;

use arrow::util::pretty::pretty_format_batches;
use clap::{Args, ValueEnum};

use super::{Where, night::clean_lines, print, runtime, show, words};
use crate::{
    problem::{Problem, Result},
    run::{
        progress::Progress,
        query::{Answer, answer},
    },
};

#[derive(Args)]
pub struct QueryArgs {
    /// A table's name, or a SELECT in quotes
    #[arg(value_name = "TABLE|SELECT", allow_hyphen_values = true)]
    what: String,
    /// Pipeline whose lake, warehouse and settings to use
    #[arg(long, default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    #[command(flatten)]
    at: Where,
    /// Rows to show at most; 0 for all
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

pub fn run(args: QueryArgs) -> Result<()> {
    let runtime = runtime(args.at.place.threads)?;
    let bar = std::io::stderr().is_terminal().then(words::Bar::new);
    let progress: &dyn Progress = match &bar {
        Some(bar) => bar,
        None => &words::Warnings,
    };
    let asked = args.at.asked(args.pipeline);
    // One more than shown, to know whether there are more.
    let limit = (args.limit > 0).then_some(args.limit + 1);
    let result = runtime.block_on(answer(&asked, &args.what, limit, progress));
    if let Some(bar) = &bar {
        bar.clear();
    }
    let Answer { schema, mut batches } = result?;
    let rows: usize = batches.iter().map(|b| b.num_rows()).sum();
    let more = args.limit > 0 && rows > args.limit;
    if more && let Some(last) = batches.iter_mut().rev().find(|b| b.num_rows() > 0) {
        *last = last.slice(0, last.num_rows() - 1);
    }
    let failed = |e: &dyn std::fmt::Display| Problem::failed(format!("cannot write the answer: {e}"));
    match args.format {
        Format::Table => {
            if batches.is_empty() {
                batches.push(arrow::array::RecordBatch::new_empty(schema));
            }
            let table = pretty_format_batches(&batches).map_err(|e| failed(&e))?;
            print(&(clean_lines(&table.to_string()) + "\n"))?;
        }
        Format::Csv => {
            let mut out = Vec::new();
            let mut writer = arrow::csv::Writer::new(&mut out);
            if batches.is_empty() {
                batches.push(arrow::array::RecordBatch::new_empty(schema));
            }
            batches.iter().try_for_each(|b| writer.write(b)).map_err(|e| failed(&e))?;
            drop(writer);
            print(&String::from_utf8_lossy(&out))?;
        }
        Format::Json => {
            let mut out = Vec::new();
            let mut writer = arrow::json::LineDelimitedWriter::new(&mut out);
            batches.iter().try_for_each(|b| writer.write(b)).map_err(|e| failed(&e))?;
            writer.finish().map_err(|e| failed(&e))?;
            drop(writer);
            print(&String::from_utf8_lossy(&out))?;
        }
    }
    let shown = show::count(rows.min(if args.limit > 0 { args.limit } else { rows }) as i64);
    eprintln!("{shown} rows{}", if more { "; there are more (--limit 0 shows all)" } else { "" });
    Ok(())
}
