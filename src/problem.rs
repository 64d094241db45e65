//! What went wrong: the value, the place, and what to do next.

use std::{fmt, ops::Range, path::PathBuf, sync::Arc};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

pub type Result<T> = std::result::Result<T, Problem>;

/// Whether the run could start at all (dbt's exit statuses).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Exit 1: the program ran, and something in it failed (a table, an audit, a file of the lake).
    Failed,
    /// Exit 2: nothing could run (usage, configuration, interruption).
    CouldNotRun,
}

/// A place in a file that somebody wrote, as byte offsets into its text.
#[derive(Clone, Debug)]
pub struct Place {
    pub file: PathBuf,
    pub text: Arc<str>,
    pub span: Range<usize>,
}

/// One error, or several of one kind found together (`check` shows all that it finds).
#[derive(Clone, Debug)]
pub struct Problem {
    pub message: String,
    pub place: Option<Box<Place>>,
    pub help: Option<String>,
    pub severity: Severity,
    pub others: Vec<Problem>,
}

impl Problem {
    /// A fault in what was asked for or configured: exit 2.
    pub fn setup(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            help: None,
            severity: Severity::CouldNotRun,
            others: Vec::new(),
        }
    }

    /// A fault met while running: exit 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { severity: Severity::Failed, ..Self::setup(message) }
    }

    /// Says where: file, its text and the bytes meant.
    pub fn at(mut self, file: impl Into<PathBuf>, text: &str, span: Range<usize>) -> Self {
        self.place = Some(Box::new(Place { file: file.into(), text: text.into(), span }));
        self
    }

    /// Says what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Puts what was being done in front of what went wrong.
    pub fn while_doing(mut self, doing: impl fmt::Display) -> Self {
        self.message = format!("{doing}: {}", self.message);
        self
    }

    /// Many as one; the severest decides the exit status.
    ///
    /// Returns `Ok` when there are none.
    pub fn all(problems: Vec<Problem>) -> Result<()> {
        // Some are many already: each is one among all.
        let one_by_one = |mut problem: Problem| {
            let others = std::mem::take(&mut problem.others);
            [problem].into_iter().chain(others)
        };
        let mut problems: Vec<Problem> = problems.into_iter().flat_map(one_by_one).collect();
        let mut said = std::collections::HashSet::new();
        problems.retain(|problem| said.insert(problem.to_string()));
        if problems.is_empty() {
            return Ok(());
        }
        let mut first = problems.remove(0);
        if problems.iter().any(|p| p.severity == Severity::CouldNotRun) {
            first.severity = Severity::CouldNotRun;
        }
        first.others.extend(problems);
        Err(first)
    }

    /// 1 or 2, see [`Severity`].
    pub fn exit_status(&self) -> u8 {
        match self.severity {
            Severity::Failed => 1,
            Severity::CouldNotRun => 2,
        }
    }

    /// The whole text for people, with the lines meant underlined.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut out = self.render_one(&renderer);
        for other in &self.others {
            out.push_str("\n\n");
            out.push_str(&other.render_one(&renderer));
        }
        out
    }

    fn render_one(&self, renderer: &Renderer) -> String {
        if self.place.is_none() {
            let title = |level: Level<'static>, text| {
                level.primary_title(text).elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0])
            };
            let help = self.help.iter().map(|help| title(Level::HELP, help.as_str()));
            let groups: Vec<_> =
                [title(Level::ERROR, self.message.as_str())].into_iter().chain(help).collect();
            return renderer.render(&groups);
        }
        let mut group =
            Level::ERROR.primary_title(self.message.as_str()).elements(self.place.iter().map(|place| {
                let span = whole_characters(&place.text, &place.span);
                Snippet::source(place.text.as_ref())
                    .path(place.file.display().to_string())
                    .annotation(AnnotationKind::Primary.span(span))
            }));
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            let (line, column) = line_and_column(&place.text, place.span.start);
            write!(f, "{}:{line}:{column}: ", place.file.display())?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// A span widened to whole characters of the text, and kept within it.
fn whole_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let end = text.ceil_char_boundary(span.end.min(text.len()));
    text.floor_char_boundary(span.start.min(end))..end
}

/// Line and column, from 1, of a byte offset; columns count characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The byte offset of a line and column, from 1; the end of the text if it is shorter.
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(i) => start += i + 1,
            None => return text.len(),
        }
    }
    text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(i, _)| start + i)
}

/// `did you mean …?` for a name that is not there, or nothing when none is near.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = wrong.chars().count();
    // A distance is at least the difference of the lengths, and takes their product in time.
    let may_be_near =
        |name: &&str| length.abs_diff(name.chars().count()) <= 1 + wrong.len().max(name.len()) / 4;
    known
        .into_iter()
        .filter(may_be_near)
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1 + wrong.len().max(name.len()) / 4)
        .min()
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_within_a_character_is_shown_as_the_whole_of_it() {
        let text = "SELECT a，b";
        let comma = text.find('，').unwrap();
        assert_eq!(whole_characters(text, &(comma + 1..comma + 2)), comma..comma + 3);
        assert_eq!(whole_characters(text, &(90..99)), text.len()..text.len());
        assert!(Problem::setup("x").at("t.sql", text, comma + 1..comma + 2).render(false).contains("，"));
    }

    #[test]
    fn places_are_counted_from_one_in_characters() {
        let text = "ab\n中文x\n";
        let offset = text.find('x').unwrap();
        assert_eq!(line_and_column(text, offset), (2, 3));
        assert_eq!(offset_of(text, 2, 3), offset);
        assert_eq!(offset_of(text, 9, 1), text.len());
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("wieght", ["weight", "value"]).as_deref(), Some("did you mean `weight`?"));
        assert_eq!(did_you_mean("zzz", ["weight", "value"]), None);
    }

    #[test]
    fn the_rendered_text_names_file_line_and_column() {
        let text = "a = 1\nwieght = 2\n";
        let shown = Problem::setup("unknown key `wieght`")
            .at("models/health.toml", text, 6..12)
            .help("did you mean `weight`?")
            .render(false);
        assert!(shown.contains("models/health.toml:2:1"), "{shown}");
        assert!(shown.contains("did you mean"), "{shown}");
    }
}
