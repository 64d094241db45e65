//! How a command that runs long tells what happens, and hears that it is to stop.

use std::io::IsTerminal;

use clap::ValueEnum;

use super::words;
use crate::{
    problem::{Problem, Result},
    run::progress::Progress,
};

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// A bar on a terminal, else lines or JSON.
pub struct Telling {
    bar: Option<words::Bar>,
    lines: Box<dyn Progress>,
}

impl Telling {
    pub fn new(format: LogFormat) -> Self {
        let bar = format == LogFormat::Text && std::io::stderr().is_terminal();
        let lines: Box<dyn Progress> = match format {
            LogFormat::Json => Box::new(words::JsonLines::new()),
            LogFormat::Text => Box::new(words::Lines),
        };
        Self { bar: bar.then(words::Bar::new), lines }
    }

    pub fn progress(&self) -> &dyn Progress {
        match &self.bar {
            Some(bar) => bar,
            None => self.lines.as_ref(),
        }
    }

    /// Says something on stdout without drawing over the bar.
    pub fn aside<T>(&self, say: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.aside(say),
            None => say(),
        }
    }

    /// Takes the bar away.
    pub fn end(self) {
        if let Some(bar) = &self.bar {
            bar.clear();
        }
    }
}

/// Ends at Ctrl-C, or where there is one at SIGTERM. Listens from the moment it is made, not from when it is awaited: a
/// signal that comes before the first table must not end the process without a word.
#[cfg(unix)]
pub fn interruption() -> Result<impl Future<Output = ()>> {
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
pub fn interruption() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler Ctrl-C ends the process as it always did.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
