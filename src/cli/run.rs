//! `luopan run`

use clap::Args;

use super::{
    Where, night, print, runtime,
    telling::{LogFormat, Telling, interruption},
};
use crate::{
    problem::{Problem, Result},
    run::{nightly, reported::write_reports, settings::Asked},
};

#[derive(Args)]
pub struct RunArgs {
    /// Pipeline to run: a name in pipelines/, or a path that ends in .toml
    #[arg(default_value = "nightly", value_name = "PIPELINE")]
    name: String,
    #[command(flatten)]
    at: Where,
    /// Say more at the end: models' figures, alerts by name, remarks on sources, tables
    #[arg(long, short)]
    verbose: bool,
    /// Make past days anew, whatever earlier nights kept of them: slower, and the same set
    #[arg(long)]
    no_cache: bool,
    /// How to tell what happens (on stderr) and what came of it (on stdout)
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
}

pub fn run(args: RunArgs) -> Result<()> {
    let runtime = runtime(args.at.place.threads)?;
    let asked = Asked { no_cache: args.no_cache, ..args.at.asked(args.name) };
    let telling = Telling::new(args.log_format);
    let result = runtime.block_on(async {
        let summary = nightly::run(&asked, telling.progress(), interruption()?).await?;
        let written = write_reports(&asked, summary.as_of, telling.progress()).await;
        Ok((summary, written))
    });
    // A model that is being fitted is not waited for: nobody wants it any more.
    runtime.shutdown_background();
    telling.end();
    let (mut summary, written) = result?;
    // The set stands, whatever becomes of its report.
    let unwritten = match written {
        Ok(paths) => {
            summary.reports = paths.iter().map(|path| path.display().to_string()).collect();
            None
        }
        Err(problem) => Some(problem.while_doing("the set is published, but not its report")),
    };
    match args.log_format {
        LogFormat::Text => {
            let details = if args.verbose { night::details(&summary) } else { String::new() };
            print(&(details + &night::summary(&summary)))
        }
        LogFormat::Json => {
            let text = serde_json::to_string(&summary)
                .map_err(|e| Problem::failed(format!("cannot write the summary: {e}")))?;
            print(&format!("{text}\n"))
        }
    }?;
    unwritten.map_or(Ok(()), Err)
}
