//! `luopan run`

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use super::{Where, print, runtime, show, words};
use crate::{
    problem::{Problem, Result},
    run::{nightly, progress::Progress},
};

#[derive(Args)]
pub struct RunArgs {
    /// Pipeline to run: a name in pipelines/, or a path that ends in .toml
    #[arg(default_value = "nightly", value_name = "PIPELINE")]
    name: String,
    #[command(flatten)]
    at: Where,
    /// How to tell what happens (on stderr) and what came of it (on stdout)
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

pub fn run(args: RunArgs) -> Result<()> {
    let runtime = runtime(args.at.threads)?;
    let asked = args.at.asked(args.name);
    let bar = (args.log_format == LogFormat::Text && std::io::stderr().is_terminal()).then(words::Bar::new);
    let other: Box<dyn Progress> = match args.log_format {
        LogFormat::Json => Box::new(words::JsonLines::new()),
        LogFormat::Text => Box::new(words::Lines),
    };
    let progress: &dyn Progress = match &bar {
        Some(bar) => bar,
        None => other.as_ref(),
    };
    let result = runtime.block_on(nightly::run(&asked, progress, interruption()));
    if let Some(bar) = &bar {
        bar.clear();
    }
    let summary = result?;
    match args.log_format {
        LogFormat::Text => print(&show::summary(&summary)),
        LogFormat::Json => {
            let text = serde_json::to_string(&summary)
                .map_err(|e| Problem::failed(format!("cannot write the summary: {e}")))?;
            print(&format!("{text}\n"))
        }
    }
}

/// Ends at Ctrl-C, or where there is one at SIGTERM.
async fn interruption() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler Ctrl-C ends the process as it always did.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
