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
    let result = runtime.block_on(async { nightly::run(&asked, progress, interruption()?).await });
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

/// Ends at Ctrl-C, or where there is one at SIGTERM. Listens from the moment it is made, not from when it is awaited: a
/// signal that comes before the first table must not end the process without a word.
#[cfg(unix)]
fn interruption() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let deaf = |e| Problem::setup(format!("cannot listen for signals: {e}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interruption() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler Ctrl-C ends the process as it always did.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
