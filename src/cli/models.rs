//! `luopan models`

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{day, model_words as words, print, runtime};
use crate::{
    problem::{Problem, Result},
    run::{
        models::{
            compare::compare,
            decide::{Wish, decide},
            registry::Registry,
        },
        settings::Asked,
    },
};

#[derive(Args)]
#[command(after_help = "Examples:
  luopan models list --all                    every version that is there
  luopan models show churn_risk               the card of the version that scores
  luopan models compare churn_risk            the champion and its challenger
  luopan models rollback churn_risk           back to the version before
  luopan models rollback churn_risk --to 88b3 --from 2026-04-02
  luopan models promote churn_risk 88b3026d   let it score, and end a rollback")]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder with pipelines/, sql/ and models/
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    project: PathBuf,
    /// Pipeline whose warehouse to look at
    #[arg(long, global = true, default_value = "nightly", value_name = "PIPELINE")]
    pipeline: String,
    /// Folder or URL that was published to
    #[arg(long, global = true, value_name = "URL")]
    warehouse: Option<String>,
    /// For people, or an object a line
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Subcommand)]
enum Command {
    /// Which version of each model scores, and how good it is
    List {
        /// Every version that is there
        #[arg(long)]
        all: bool,
    },
    /// Print a version's card: what it learned from, how good it is, what it goes by
    Show {
        /// Name of the model
        #[arg(value_name = "MODEL")]
        model: String,
        /// Its first digits suffice [default: the version that scores]
        #[arg(value_name = "VERSION")]
        version: Option<String>,
    },
    /// Two versions' figures side by side
    Compare {
        /// Name of the model
        #[arg(value_name = "MODEL")]
        model: String,
        /// Two versions, or one to be set beside the one that scores [default: the champion and its challenger or forerunner]
        #[arg(value_name = "VERSION", num_args = 0..=2)]
        versions: Vec<String>,
    },
    /// Let a version score; later fits that pass their gates follow it
    Promote {
        /// Name of the model
        #[arg(value_name = "MODEL")]
        model: String,
        #[arg(value_name = "VERSION")]
        version: String,
        /// The first night [default: the day after the newest set]
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        from: Option<NaiveDate>,
    },
    /// Let an earlier version score, and hold it until another is promoted
    Rollback {
        /// Name of the model
        #[arg(value_name = "MODEL")]
        model: String,
        /// [default: the version that scored before the present one]
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        /// The first night [default: the day after the newest set]
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        from: Option<NaiveDate>,
    },
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(args: ModelsArgs) -> Result<()> {
    let ModelsArgs { command, project, pipeline, warehouse, format } = args;
    let asked = Asked { project, pipeline, warehouse, ..Asked::default() };
    runtime(Some(1))?.block_on(async {
        match command.unwrap_or(Command::List { all: false }) {
            Command::List { all } => list(&asked, all, format).await,
            Command::Show { model, version } => show(&asked, &model, version.as_deref(), format).await,
            Command::Compare { model, versions } => {
                let (comparison, registry) = compare(&asked, &model, &versions).await?;
                warn(&registry);
                match format {
                    Format::Json => print(&line(&comparison)?),
                    Format::Text => print(&words::comparison(&comparison)),
                }
            }
            Command::Promote { model, version, from } => {
                let wish = Wish { model, version: Some(version), from, hold: false };
                say(&asked, &wish, format).await
            }
            Command::Rollback { model, to, from } => {
                say(&asked, &Wish { model, version: to, from, hold: true }, format).await
            }
        }
    })
}

async fn list(asked: &Asked, all: bool, format: Format) -> Result<()> {
    let registry = Registry::open(asked).await?;
    warn(&registry);
    if registry.is_empty() {
        eprintln!("no model was published in this warehouse yet");
        return Ok(());
    }
    match (all, format) {
        (false, Format::Text) => print(&words::models(registry.newest, &registry.models().await?)),
        (true, Format::Text) => print(&words::versions(&registry.versions().await)),
        (false, Format::Json) => print(&lines(&registry.models().await?)?),
        (true, Format::Json) => print(&lines(&registry.versions().await)?),
    }
}

async fn show(asked: &Asked, model: &str, version: Option<&str>, format: Format) -> Result<()> {
    let registry = Registry::open(asked).await?;
    warn(&registry);
    let text = match format {
        Format::Text => registry.card_text(model, version).await?,
        Format::Json => registry.card_json(model, version).await?,
    };
    print(&(text.trim_end().to_owned() + "\n"))
}

async fn say(asked: &Asked, wish: &Wish, format: Format) -> Result<()> {
    let decided = decide(asked, wish).await?;
    decided.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    match format {
        Format::Json => print(&line(&decided)?),
        Format::Text => print(&words::decided(&decided, &asked.pipeline)),
    }
}

fn warn(registry: &Registry) {
    registry.unreadable().for_each(|problem| eprintln!("warning: {problem}"));
}

fn line(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value);
    text.map(|text| text + "\n").map_err(|e| Problem::failed(format!("cannot write JSON: {e}")))
}

/// A line for each.
fn lines(values: &[impl Serialize]) -> Result<String> {
    values.iter().map(line).collect()
}
