//! `sql/sources.toml`: what the lake holds, and when it became known.

use std::path::Path;

use arrow::datatypes::{DataType, Field, Schema};
use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    ordered::{Ordered, ordered},
    types::{TYPES_HELP, parse_type},
    written::Written,
};
use crate::problem::{Problem, Result, did_you_mean};

/// One table of the lake.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub name: String,
    /// Below the lake's root; `*` stands for anything within one folder or file name.
    pub path: String,
    pub kind: SourceKind,
    /// When a row became known; `None` only for [`SourceKind::Static`].
    pub known_at: Option<KnownAt>,
    /// History only: the column that ends a version; null until then.
    pub valid_to: Option<String>,
    pub key: Vec<String>,
    /// Text in the key compares without the case of its ASCII letters.
    pub ignore_case: bool,
    pub optional: bool,
    /// `None`: as the pipeline says.
    pub on_bad_file: Option<OnBadFile>,
    /// Hive partition columns (text), outermost first; part of `schema` after the columns of the files.
    pub partitions: Vec<String>,
    pub freshness: Option<Freshness>,
    /// Columns of the files, then the partition columns. `nullable` says what was declared.
    pub schema: Schema,
    /// Column that says when → columns that are null until then.
    pub late: IndexMap<String, Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Rows that happen once.
    Event,
    /// Versions of an entity, each valid from a time until the next.
    History,
    /// Reference data, known at all times.
    Static,
}

/// What becomes of a night on which a file cannot be read, or does not hold what is declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBadFile {
    /// Nothing is published.
    #[default]
    Fail,
    /// The file is left out, counted and named.
    Skip,
}

/// A column, and how long after it the row can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAt {
    pub column: String,
    pub delay: Delay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    Days(i32),
    Hours(i64),
}

/// Age of the newest known row, in days, from which to warn and to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    pub warn_days: Option<u32>,
    pub fail_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceToml {
    path: String,
    kind: SourceKind,
    known_at: Option<Spanned<String>>,
    valid_to: Option<Spanned<String>>,
    #[serde(default)]
    key: Vec<Spanned<String>>,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    optional: bool,
    on_bad_file: Option<OnBadFile>,
    #[serde(default)]
    partitions: Vec<String>,
    freshness: Option<Freshness>,
    #[serde(deserialize_with = "ordered")]
    columns: IndexMap<String, Spanned<String>>,
    #[serde(default, deserialize_with = "ordered")]
    late: IndexMap<String, Vec<Spanned<String>>>,
}

impl Source {
    /// How old it may be, whether it may be missing, and whether a night goes on without a file changes no row of those
    /// that can be read.
    pub fn gives_the_same_rows(&self, other: &Self) -> bool {
        self.of_rows() == other.of_rows()
    }

    /// The column of time, if it is part of the key: then all rows of a key are of one time.
    pub fn time_of_key(&self) -> Option<&str> {
        let column = &self.known_at.as_ref()?.column;
        self.key.contains(column).then_some(column)
    }

    /// What of a definition its rows hang on.
    pub fn of_rows(&self) -> Self {
        Self { freshness: None, optional: false, on_bad_file: None, ..self.clone() }
    }

    /// With the pipeline's word where it has none of its own.
    pub fn or_on_bad_file(self, otherwise: OnBadFile) -> Self {
        Self { on_bad_file: self.on_bad_file.or(Some(otherwise)), ..self }
    }

    pub fn skips_bad_files(&self) -> bool {
        self.on_bad_file == Some(OnBadFile::Skip)
    }
}

/// Reads `sources.toml`.
pub fn read_sources(path: &Path) -> Result<(Written, Vec<Source>)> {
    sources_of(Written::read(path)?)
}

/// As [`read_sources`], of a file that was read before.
pub fn sources_of(file: Written) -> Result<(Written, Vec<Source>)> {
    let raw: Ordered<Spanned<SourceToml>> = file.toml()?;
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for (name, source) in raw.0 {
        let span = source.span();
        match check_source(&file, name, span, source.into_inner()) {
            Ok(source) => sources.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    Problem::all(problems)?;
    Ok((file, sources))
}

fn check_source(
    file: &Written,
    name: String,
    span: std::ops::Range<usize>,
    raw: SourceToml,
) -> Result<Source> {
    let mut fields = Vec::new();
    for (column, written) in &raw.columns {
        let text = written.as_ref().trim();
        let (type_text, nullable) = text.strip_suffix('?').map_or((text, false), |t| (t, true));
        let data_type = parse_type(type_text).ok_or_else(|| {
            file.problem(written.span(), format!("unknown type `{text}` of column `{column}`"))
                .help(TYPES_HELP)
        })?;
        fields.push(Field::new(column, data_type, nullable));
    }
    let has = |column: &Spanned<String>| match raw.columns.contains_key(column.as_ref()) {
        true => Ok(column.as_ref().clone()),
        false => {
            let problem = file
                .problem(column.span(), format!("source `{name}` declares no column `{}`", column.as_ref()));
            Err(match did_you_mean(column.as_ref(), raw.columns.keys().map(String::as_str)) {
                Some(help) => problem.help(help),
                None => problem,
            })
        }
    };
    if raw.path.trim_matches('/').is_empty() {
        return Err(file
            .problem(span, format!("source `{name}` has no path"))
            .help("path = \"folder/*.parquet\", below the lake's root"));
    }
    let known_at = match (&raw.known_at, raw.kind) {
        (Some(written), SourceKind::Static) => {
            return Err(file
                .problem(written.span(), format!("source `{name}` is static: it has no known_at"))
                .help("remove known_at, or say kind = \"event\""));
        }
        (Some(written), _) => Some(parse_known_at(file, written, &has, &fields)?),
        (None, SourceKind::Static) => None,
        (None, _) => {
            return Err(file
                .problem(span, format!("source `{name}` does not say when its rows are known"))
                .help("add known_at = \"COLUMN\" (or \"COLUMN + 1 day\"), or kind = \"static\""));
        }
    };
    if raw.valid_to.is_some() != (raw.kind == SourceKind::History) {
        return Err(file
            .problem(
                span,
                format!("source `{name}`: valid_to goes with kind = \"history\", and with no other"),
            )
            .help("give the column that ends a version, or change the kind"));
    }
    let mut late = IndexMap::new();
    for (time, columns) in &raw.late {
        if !raw.columns.contains_key(time) {
            let span = columns.first().map_or(span.clone(), Spanned::span);
            return Err(file.problem(span, format!("source `{name}`: late.{time} is no declared column")));
        }
        late.insert(time.clone(), columns.iter().map(&has).collect::<Result<Vec<_>>>()?);
    }
    let key = raw.key.iter().map(&has).collect::<Result<_>>()?;
    let valid_to = raw.valid_to.as_ref().map(&has).transpose()?;
    fields.extend(raw.partitions.iter().map(|p| Field::new(p, DataType::Utf8, true)));
    Ok(Source {
        path: raw.path,
        kind: raw.kind,
        known_at,
        valid_to,
        key,
        ignore_case: raw.ignore_case,
        optional: raw.optional,
        on_bad_file: raw.on_bad_file,
        partitions: raw.partitions,
        freshness: raw.freshness,
        schema: Schema::new(fields),
        late,
        name,
    })
}

/// Reads `COLUMN` or `COLUMN + N day(s)|hour(s)`.
fn parse_known_at(
    file: &Written,
    written: &Spanned<String>,
    has: &impl Fn(&Spanned<String>) -> Result<String>,
    fields: &[Field],
) -> Result<KnownAt> {
    let text = written.as_ref();
    let wrong = || {
        file.problem(written.span(), format!("cannot read known_at `{text}`"))
            .help("write COLUMN, COLUMN + 1 day or COLUMN + 36 hours")
    };
    let (column, delay) = match text.split_once('+') {
        None => (text.trim(), Delay::Days(0)),
        Some((column, delay)) => {
            let (count, unit) = delay.trim().split_once(' ').ok_or_else(wrong)?;
            let count: i32 = count.parse().ok().filter(|n| (0..=36_500).contains(n)).ok_or_else(wrong)?;
            match unit.trim() {
                "day" | "days" => (column.trim(), Delay::Days(count)),
                "hour" | "hours" => (column.trim(), Delay::Hours(count.into())),
                _ => return Err(wrong()),
            }
        }
    };
    let column = has(&Spanned::new(written.span(), column.to_owned()))?;
    let is =
        |wanted: fn(&DataType) -> bool| fields.iter().any(|f| f.name() == &column && wanted(f.data_type()));
    let date = is(|t| matches!(t, DataType::Date32));
    if !date && !is(|t| matches!(t, DataType::Timestamp(..))) {
        return Err(
            file.problem(written.span(), format!("known_at `{column}` is neither a date nor a timestamp"))
        );
    }
    if date && matches!(delay, Delay::Hours(_)) {
        return Err(wrong().help("a date is known after whole days: write COLUMN + 1 day"));
    }
    Ok(KnownAt { column, delay })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Source>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sources.toml");
        std::fs::write(&path, text).unwrap();
        read_sources(&path).map(|(_, sources)| sources)
    }

    const USAGE: &str = "[usage]\npath='u/*.parquet'\nkind='event'\nkey=['tenant']\n";

    #[test]
    fn a_source_is_read_whole() {
        let text = format!(
            "{USAGE}known_at='day + 1 day'\npartitions=['month']\n[usage.columns]\ntenant='text'\nday='date'\nn='int?'\n"
        );
        let source = read(&text).unwrap().remove(0);
        assert_eq!(source.known_at, Some(KnownAt { column: "day".into(), delay: Delay::Days(1) }));
        let names: Vec<_> =
            source.schema.fields().iter().map(|f| (f.name().as_str(), f.is_nullable())).collect();
        assert_eq!(names, [("tenant", false), ("day", false), ("n", true), ("month", true)]);
    }

    #[test]
    fn faults_name_the_line() {
        let columns = "[usage.columns]\ntenant='text'\nday='date'\n";
        for (fault, says) in [
            (format!("{USAGE}known_at='dya'\n{columns}"), "declares no column `dya`"),
            (format!("{USAGE}known_at='day + 1 week'\n{columns}"), "cannot read known_at"),
            (format!("{USAGE}known_at='tenant'\n{columns}"), "neither a date nor a timestamp"),
            (format!("{USAGE}{columns}"), "does not say when its rows are known"),
            (
                format!("{USAGE}known_at='day'\n[usage.columns]\ntenant='text'\nday='dat'\n"),
                "unknown type `dat`",
            ),
        ] {
            let problem = read(&fault).unwrap_err();
            assert!(problem.message.contains(says) && problem.place.is_some(), "{problem}");
        }
    }
}
