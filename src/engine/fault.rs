//! What DataFusion says, as problems with a place.

use std::{error::Error, fmt, io::ErrorKind};

use arrow::error::ArrowError;
use datafusion::{
    common::{Diagnostic, SchemaError, Span},
    error::DataFusionError,
};

use crate::{
    graph::references::parse_problem,
    lake::bucket::without_secrets,
    problem::{Problem, Severity, did_you_mean, offset_of},
    project::written::Written,
};

/// What takes more memory than it can ever have here, however often it is tried, in words.
#[derive(Debug)]
pub(super) struct TooLarge(pub String);

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for TooLarge {}

/// A fault in a query: with `file`, one that its writer can mend there (exit 2 while planning).
pub fn fault(error: DataFusionError, file: Option<&Written>) -> Problem {
    let Some(file) = file else {
        return Problem::failed(words(&error)).help_if(help(&error));
    };
    if let DataFusionError::SQL(..) = error.find_root() {
        return parse_problem(file, &error.to_string());
    }
    let diagnostic = error.diagnostic();
    let span = diagnostic.and_then(|d| d.span).or_else(|| diagnostic.and_then(any_span));
    let problem = Problem::setup(diagnostic.map_or_else(|| words(&error), |d| sentence(&d.message)));
    let problem = match span {
        Some(span) => problem.at(&file.path, &file.text, bytes(&file.text, span)),
        None => place_by_name(problem, &error, file),
    };
    problem.help_if(help(&error).or_else(|| diagnostic.and_then(advice)))
}

/// A fault while a query runs: exit 1, in the words of the engine, with the file that asked.
pub fn fault_at(error: DataFusionError, table: &str, file: Option<&Written>) -> Problem {
    let planning = matches!(
        error.find_root(),
        DataFusionError::Plan(_) | DataFusionError::SchemaError(..) | DataFusionError::SQL(..)
    );
    if planning {
        return fault(error, file);
    }
    let mut problem = Problem::failed(format!("table `{table}`: {}", words(&error))).help_if(help(&error));
    if let Some(file) = file {
        let place = place_by_name(Problem::setup(""), &error, file).place;
        problem.place = place;
    }
    problem.severity = Severity::Failed;
    problem
}

impl Problem {
    fn help_if(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }
}

fn bytes(text: &str, span: Span) -> std::ops::Range<usize> {
    let start = offset_of(text, span.start.line as usize, span.start.column as usize);
    start..offset_of(text, span.end.line as usize, span.end.column as usize).max(start)
}

fn any_span(diagnostic: &Diagnostic) -> Option<Span> {
    diagnostic.notes.iter().find_map(|n| n.span).or_else(|| diagnostic.helps.iter().find_map(|h| h.span))
}

fn advice(diagnostic: &Diagnostic) -> Option<String> {
    let said: Vec<&str> = diagnostic.helps.iter().map(|h| h.message.as_str()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// Without a span, the first place in the file of a name that the message quotes.
fn place_by_name(problem: Problem, error: &DataFusionError, file: &Written) -> Problem {
    let message = error.to_string();
    let body = file.text.find("---*/").unwrap_or(0);
    // A parameter that nobody gives: the engine names it, and nothing else of it.
    if let Some(i) = message.find("placeholder with name $") {
        let name: String =
            message[i + 22..].chars().take_while(|c| *c == '$' || *c == '_' || c.is_alphanumeric()).collect();
        let start = file.text.find(&name).unwrap_or(0);
        let problem = Problem::setup(format!("unknown parameter `{name}`"));
        return problem.at(&file.path, &file.text, start..start + name.len());
    }
    let named = message
        .split(['\'', '`', '"', ' ', '(', ')', ','])
        .filter(|word| word.len() > 2 && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.'))
        .filter(|word| word.contains('_') || message.contains(&format!("'{word}'")))
        .find_map(|word| {
            let name = word.rsplit('.').next().unwrap_or(word);
            file.text[body..].find(name).map(|i| body + i..body + i + name.len())
        });
    let start = file.text[body..].find("SELECT").map_or(body, |i| body + i);
    problem.at(&file.path, &file.text, named.unwrap_or(start..(start + 6).min(file.text.len())))
}

/// The message of the innermost error, without the engine's headings.
fn words(error: &DataFusionError) -> String {
    if is_full(error) {
        return format!("the disk of {} is full: queries put there what they cannot hold", temporary());
    }
    let root = without_secrets(error.find_root());
    let mut message = root.lines().next().unwrap_or_default().trim();
    for heading in [
        "Error during planning: ",
        "Schema error: ",
        "Execution error: ",
        "External error: ",
        "Arrow error: ",
        "Optimizer error: ",
        "Parquet error: ",
        "Resources exhausted: ",
    ] {
        message = message.strip_prefix(heading).unwrap_or(message);
    }
    sentence(message)
}

/// Whether the system said that a disk has no room.
fn is_full(error: &DataFusionError) -> bool {
    let io = match error.find_root() {
        DataFusionError::IoError(e) => Some(e),
        DataFusionError::ArrowError(e, _) => match e.as_ref() {
            ArrowError::IoError(_, e) => Some(e),
            _ => None,
        },
        _ => None,
    };
    // Some of its operators keep the words alone.
    io.is_some_and(|e| e.kind() == ErrorKind::StorageFull)
        || error.to_string().contains("No space left on device")
}

fn temporary() -> String {
    std::env::temp_dir().display().to_string()
}

fn sentence(message: &str) -> String {
    let end = [". Valid fields are", ". Did you mean"].iter().filter_map(|cut| message.find(cut)).min();
    let end = end.unwrap_or(message.len());
    message[..end].trim_end_matches('.').to_owned()
}

const MORE_MEMORY: &str = "raise --memory-limit, or lower --threads: each thread holds its own share";

fn help(error: &DataFusionError) -> Option<String> {
    if is_full(error) {
        return Some("make room there, name another folder by TMPDIR, or raise --memory-limit".into());
    }
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => Some(MORE_MEMORY.into()),
        DataFusionError::External(e) if e.is::<TooLarge>() => Some(MORE_MEMORY.into()),
        DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
            SchemaError::FieldNotFound { field, valid_fields } => {
                let near = did_you_mean(field.name(), valid_fields.iter().map(|f| f.name()));
                near.or_else(|| {
                    let names: Vec<&str> = valid_fields.iter().map(|f| f.name()).take(12).collect();
                    (!names.is_empty()).then(|| format!("columns are {} …", names.join(", ")))
                })
            }
            _ => None,
        },
        _ => None,
    }
}
