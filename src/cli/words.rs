//! How a run looks while it runs: a bar on a terminal, lines elsewhere, JSON for machines. All on stderr.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::show::{count, seconds};
use crate::{
    problem::{Problem, line_and_column},
    run::progress::Progress,
    warehouse::Step,
};

/// One bar for the steps of the stage.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Does what writes elsewhere on the terminal.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn stage(&self, name: &str, steps: Option<usize>) {
        let template = match steps {
            Some(_) => "{prefix} [{bar:24}] {pos}/{len}, {elapsed} (about {eta} left) {msg}",
            None => "{spinner} {prefix}, {elapsed} {msg}",
        };
        // A template that is wrong would show at once; the default serves too.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.set_length(steps.unwrap_or_default() as u64);
        self.bar.set_position(0);
        self.bar.set_prefix(name.to_owned());
        self.bar.set_message("");
    }

    fn started(&self, table: &str, day: NaiveDate) {
        self.bar.set_message(format!("{table} as of {day}"));
    }

    fn finished(&self, _: &Step) {
        self.bar.inc(1);
    }

    fn warning(&self, text: &str) {
        self.bar.suspend(|| eprintln!("warning: {text}"));
    }

    fn note(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }
}

/// A line for each thing that is done.
pub struct Lines;

impl Progress for Lines {
    fn stage(&self, name: &str, steps: Option<usize>) {
        match steps {
            Some(steps) => eprintln!("{name}: {steps}"),
            None => eprintln!("{name}"),
        }
    }

    fn started(&self, _: &str, _: NaiveDate) {}

    fn finished(&self, step: &Step) {
        let rows = step.rows.map_or_else(String::new, |n| format!(", {} rows", count(n as i64)));
        let time = if step.cached { "kept before".into() } else { seconds(step.millis as f64 / 1000.0) };
        eprintln!("  {} as of {}{rows}, {time}", step.table, step.as_of);
    }

    fn warning(&self, text: &str) {
        eprintln!("warning: {text}");
    }

    fn note(&self, text: &str) {
        eprintln!("{text}");
    }
}

/// Only what everybody should know.
pub struct Warnings;

impl Progress for Warnings {
    fn stage(&self, _: &str, _: Option<usize>) {}
    fn started(&self, _: &str, _: NaiveDate) {}
    fn finished(&self, _: &Step) {}
    fn note(&self, _: &str) {}

    fn warning(&self, text: &str) {
        eprintln!("warning: {text}");
    }
}

/// One JSON object a line.
pub struct JsonLines {
    start: Instant,
    stage: Mutex<String>,
}

impl JsonLines {
    pub fn new() -> Self {
        Self { start: Instant::now(), stage: Mutex::default() }
    }

    fn say(&self, mut event: serde_json::Value) {
        event["elapsed_seconds"] = json!(self.start.elapsed().as_secs_f64());
        if let Ok(stage) = self.stage.lock() {
            event["stage"] = json!(*stage);
        }
        eprintln!("{event}");
    }
}

impl Progress for JsonLines {
    fn stage(&self, name: &str, steps: Option<usize>) {
        if let Ok(mut stage) = self.stage.lock() {
            name.clone_into(&mut stage);
        }
        self.say(json!({ "event": "stage", "steps": steps }));
    }

    fn started(&self, table: &str, day: NaiveDate) {
        self.say(json!({ "event": "started", "table": table, "as_of": day.to_string() }));
    }

    fn finished(&self, step: &Step) {
        self.say(json!({
            "event": "finished", "table": step.table, "as_of": step.as_of.to_string(), "rows": step.rows, "millis": step.millis,
            "cached": step.cached,
        }));
    }

    fn warning(&self, text: &str) {
        self.say(json!({ "event": "warning", "text": text }));
    }

    fn note(&self, text: &str) {
        self.say(json!({ "event": "note", "text": text }));
    }
}

/// The last line of a run that failed.
pub fn json_error(problem: &Problem) -> serde_json::Value {
    let place = problem.place.as_deref().map(|place| {
        let (line, column) = line_and_column(&place.text, place.span.start);
        json!({ "file": place.file.display().to_string(), "line": line, "column": column })
    });
    json!({
        "event": "error",
        "message": problem.message,
        "help": problem.help,
        "place": place,
        "exit_status": problem.exit_status(),
        "others": problem.others.iter().map(json_error).collect::<Vec<_>>(),
    })
}
