//! Files that people write: their text, and strict TOML in it.

use std::{ops::Range, path::Path, path::PathBuf, sync::Arc};

use serde::de::DeserializeOwned;

use crate::problem::{Problem, Result, did_you_mean};

/// A file that somebody wrote, kept so that errors can point into it.
#[derive(Clone, Debug)]
pub struct Written {
    pub path: PathBuf,
    pub text: Arc<str>,
}

impl Written {
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| {
            Problem::setup(format!("cannot read {}: {e}", path.display()))
                .help("give the project's folder with --project, or make one with `luopan init DIR`")
        })?;
        let text = String::from_utf8(bytes).map_err(|e| {
            Problem::setup(format!(
                "{} is not UTF-8 text (byte {})",
                path.display(),
                e.utf8_error().valid_up_to()
            ))
            .help("save the file as UTF-8")
        })?;
        // A byte-order mark says nothing in UTF-8, and is no part of what was written.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(Self { path: path.to_owned(), text: text.into() })
    }

    /// Its name without folder and ending.
    pub fn stem(&self) -> String {
        self.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// A fault of configuration at these bytes of the file.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem::setup(message).at(&self.path, &self.text, span)
    }

    /// Reads the whole file as TOML; unknown keys, wrong types and missing keys are problems with a place.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T> {
        self.toml_in(0..self.text.len())
    }

    /// As [`Written::toml`], of a part of the file (the header of an SQL file).
    pub fn toml_in<T: DeserializeOwned>(&self, part: Range<usize>) -> Result<T> {
        toml::from_str(&self.text[part.clone()]).map_err(|e| {
            let span = e.span().unwrap_or(0..0);
            let message = first_line(e.message());
            let problem = self.problem(part.start + span.start..part.start + span.end, message);
            match suggestion(message) {
                Some(help) => problem.help(help),
                None => problem,
            }
        })
    }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or(message)
}

/// Serde says "unknown field `x`, expected one of `a`, `b`": the nearest of those that it expected.
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    message.starts_with("unknown ").then(|| did_you_mean(wrong, quoted)).flatten()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Weights {
        #[allow(dead_code)]
        weight: f64,
    }

    #[test]
    fn an_unknown_key_is_refused_with_place_and_suggestion() {
        let file = Written { path: "m.toml".into(), text: "\nwieght = 1\n".into() };
        let problem = file.toml::<Weights>().unwrap_err();
        assert_eq!(
            problem.to_string(),
            "m.toml:2:1: unknown field `wieght`, expected `weight` (did you mean `weight`?)"
        );
    }
}
