//! The command line: arguments as typed → options of an operation → words and an exit status.

mod backfill;
mod check;
mod compile;
mod docs;
mod explain;
mod init;
mod ls;
mod model_words;
mod models;
mod night;
mod query;
mod repair;
mod report;
mod run;
mod runs;
mod runtime;
mod sample;
mod show;
mod telling;
mod train;
mod words;

use std::{ffi::OsString, io::IsTerminal, path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    problem::{Problem, Result},
    project::{language::Language, pipeline::parse_day},
    run::settings::Asked,
};
use runtime::runtime;
use telling::LogFormat;

/// Tells every night what each customer is worth, could be worth, how likely it is to leave, and what to do.
#[derive(Parser)]
#[command(
    name = "luopan",
    version,
    after_help = "Exit status: 0 done; 1 something failed (a table, an audit, a file, the lock); 2 could not run (usage, configuration, interrupted)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to colour what is said on stderr
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Subcommand)]
enum Command {
    /// Run a pipeline and publish its tables
    Run(run::RunArgs),
    /// Run a pipeline as of several past days, oldest first
    Backfill(backfill::BackfillArgs),
    /// Check the project's files, without touching data
    Check(check::CheckArgs),
    /// Print the SQL that makes a table
    Compile(compile::CompileArgs),
    /// Describe the published tables and how scores come about, as Markdown
    Docs(docs::DocsArgs),
    /// List tables and what they read
    Ls(ls::LsArgs),
    /// Show any table, or the answer to a SELECT, as of any day
    Query(query::QueryArgs),
    /// Write the report of a published set, or a customer's page, as one HTML file
    Report(report::ReportArgs),
    /// Explain a customer: its quadrant, scores, risk and plan
    Explain(explain::ExplainArgs),
    /// Make an invented lake to try things on
    Sample(sample::SampleArgs),
    /// Write a new project to start from
    Init(init::InitArgs),
    /// Find what dead runs and damage left in a warehouse, and mend it
    Repair(repair::RepairArgs),
    /// Models' versions: list, show, compare, promote, roll back
    Models(models::ModelsArgs),
    /// List past runs
    Runs(runs::RunsArgs),
    /// Test a learned model on past days, without publishing
    Train(train::TrainArgs),
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    En,
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Zh => Self::Chinese,
        }
    }
}

#[derive(Args)]
struct ProjectFolder {
    /// Folder with pipelines/, sql/ and models/
    #[arg(long, default_value = ".", value_name = "DIR")]
    project: PathBuf,
}

/// Where from and where to: what a pipeline says, unless said here.
#[derive(Args)]
struct Place {
    #[command(flatten)]
    project: ProjectFolder,
    /// Folder or URL of the raw Parquet
    #[arg(long, value_name = "URL")]
    lake: Option<String>,
    /// Folder or URL to publish to
    #[arg(long, value_name = "URL")]
    warehouse: Option<String>,
    /// Threads to compute with [default: all processors]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Memory that the run may take, such as 8GB [default: half of the machine's]
    #[arg(long, value_name = "SIZE")]
    memory_limit: Option<String>,
}

#[derive(Args)]
struct Where {
    /// Day to run as of: all that was known before its midnight
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    place: Place,
}

fn day(text: &str) -> std::result::Result<NaiveDate, String> {
    parse_day(text).ok_or_else(|| "a day is written YYYY-MM-DD".to_owned())
}

impl Where {
    fn asked(self, pipeline: String) -> Asked {
        self.place.asked(pipeline, self.as_of)
    }
}

impl Place {
    fn asked(self, pipeline: String, as_of: Option<NaiveDate>) -> Asked {
        Asked {
            project: self.project.project,
            pipeline,
            as_of,
            lake: self.lake,
            warehouse: self.warehouse,
            threads: self.threads,
            memory_limit: self.memory_limit,
            no_cache: false,
        }
    }
}

/// Runs the program on these arguments (the first is its name).
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(usage) => {
            let status = usage.exit_code();
            // Nothing better can be done if even this cannot be printed.
            let _ = usage.print();
            return ExitCode::from(status as u8);
        }
    };
    let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let colour = match cli.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => !plain && std::io::stderr().is_terminal(),
    };
    let log_format = match &cli.command {
        Command::Run(args) => args.log_format,
        Command::Backfill(args) => args.log_format,
        _ => LogFormat::Text,
    };
    let json = log_format == LogFormat::Json;
    let result = match cli.command {
        Command::Run(args) => run::run(args),
        Command::Backfill(args) => backfill::run(args),
        Command::Check(args) => check::run(args),
        Command::Compile(args) => compile::run(args),
        Command::Docs(args) => docs::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Ls(args) => ls::run(args),
        Command::Query(args) => query::run(args),
        Command::Repair(args) => repair::run(args),
        Command::Report(args) => report::run(args),
        Command::Sample(args) => sample::run(args),
        Command::Init(args) => init::run(args),
        Command::Models(args) => models::run(args),
        Command::Runs(args) => runs::run(args),
        Command::Train(args) => train::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) if json => {
            eprintln!("{}", words::json_error(&problem));
            ExitCode::from(problem.exit_status())
        }
        Err(problem) => {
            eprintln!("{}", problem.render(colour));
            ExitCode::from(problem.exit_status())
        }
    }
}

/// Prints to stdout; a reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Problem::failed(format!("cannot write to stdout: {e}")))
        }
        _ => Ok(()),
    }
}
