//! `luopan backfill`

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{
    Place, day, print, runtime, show,
    telling::{LogFormat, Telling, interruption},
};
use crate::{
    problem::{Problem, Result},
    run::{
        backfill::{self, Stands, State, Wanted, backfill},
        settings::Asked,
    },
};

#[derive(Args)]
pub struct BackfillArgs {
    /// Pipeline to run: a name in pipelines/, or a path that ends in .toml
    #[arg(default_value = "nightly", value_name = "PIPELINE")]
    name: String,
    /// First day to run as of
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    from: NaiveDate,
    /// Last day that may be run
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    to: NaiveDate,
    /// Of months: the day of the month that --from is, or the last of a shorter month
    #[arg(long, value_enum, default_value_t = Every::Month)]
    every: Every,
    /// Run days again that have a set of this pipeline
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    place: Place,
    /// Make the days before each day anew, whatever earlier runs kept of them: slower, and the same sets
    #[arg(long)]
    no_cache: bool,
    /// How to tell what happens (on stderr) and what came of each day (on stdout)
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum Every {
    Day,
    Week,
    Month,
}

pub fn run(args: BackfillArgs) -> Result<()> {
    let runtime = runtime(args.place.threads)?;
    let every = match args.every {
        Every::Day => backfill::Every::Day,
        Every::Week => backfill::Every::Week,
        Every::Month => backfill::Every::Month,
    };
    let wanted = Wanted { from: args.from, to: args.to, every, again: args.again };
    let asked = Asked { no_cache: args.no_cache, ..args.place.asked(args.name, None) };
    let telling = Telling::new(args.log_format);
    let mut say = |stands: &Stands| {
        let text = match args.log_format {
            LogFormat::Text => line(stands),
            LogFormat::Json => serde_json::to_string(stands)
                .map_err(|e| Problem::failed(format!("cannot write what came of {}: {e}", stands.as_of)))?,
        };
        telling.aside(|| print(&format!("{text}\n")))
    };
    let result = runtime
        .block_on(async { backfill(&asked, &wanted, telling.progress(), interruption()?, &mut say).await });
    // As in `luopan run`.
    runtime.shutdown_background();
    telling.end();
    result
}

fn line(stands: &Stands) -> String {
    let state = match stands.state {
        State::Published => "published",
        State::Unchanged => "unchanged",
        State::Skipped => "skipped",
    };
    let time = stands.seconds.map_or_else(String::new, |s| format!(", {}", show::seconds(s)));
    let rows = show::count(stands.rows as i64);
    format!("{}  {}  {state}  {rows} rows of {}{time}", stands.as_of, stands.set, stands.table)
}
