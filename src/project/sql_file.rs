//! `sql/LAYER/NAME.sql`: one SELECT, and what its header says of it.

use std::{ops::Range, path::Path};

use arrow::datatypes::Field;
use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    column_note::{ColumnNote, ColumnToml},
    ordered::ordered,
    written::Written,
};
use crate::problem::{Result, did_you_mean};

/// A folder under `sql/`: what its tables are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Staging,
    Features,
    Labels,
    Value,
    Snapshots,
    Audits,
}

impl Layer {
    pub const ALL: [(Layer, &'static str); 6] = [
        (Layer::Staging, "staging"),
        (Layer::Features, "features"),
        (Layer::Labels, "labels"),
        (Layer::Value, "value"),
        (Layer::Snapshots, "snapshots"),
        (Layer::Audits, "audits"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A table made by SQL.
#[derive(Clone, Debug)]
pub struct SqlFile {
    pub name: String,
    pub layer: Layer,
    pub file: Written,
    pub header: Header,
}

/// What the header says, with the defaults of the layer filled in.
#[derive(Clone, Debug)]
pub struct Header {
    pub description: Option<String>,
    pub description_zh: Option<String>,
    /// Columns that together name a row; empty if none were given.
    pub grain: Vec<String>,
    /// Inlined into its readers instead of being computed once.
    pub is_view: bool,
    /// Labels only: how far `future.` looks ahead.
    pub horizon_days: Option<u32>,
    pub tags: Vec<String>,
    /// Audits only: a finding is told, and does not stop the run.
    pub warns_only: bool,
    pub columns: IndexMap<String, ColumnNote>,
}

impl Header {
    /// The declared columns as a schema; `None` unless every one of them has a type.
    pub fn contract(&self) -> Option<Vec<Field>> {
        if self.columns.is_empty() {
            return None;
        }
        self.columns
            .iter()
            .map(|(name, note)| Some(Field::new(name, note.data_type.clone()?, note.nullable)))
            .collect()
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct HeaderToml {
    description: Option<String>,
    description_zh: Option<String>,
    #[serde(default)]
    grain: Vec<String>,
    materialized: Option<Materialized>,
    horizon_days: Option<Spanned<u32>>,
    #[serde(default)]
    tags: Vec<String>,
    severity: Option<Spanned<AuditSeverity>>,
    #[serde(default, deserialize_with = "ordered")]
    columns: IndexMap<String, ColumnToml>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Materialized {
    View,
    Table,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum AuditSeverity {
    Error,
    Warn,
}

/// Reads one file of `sql/LAYER/`.
pub fn read_sql(path: &Path, layer: Layer) -> Result<SqlFile> {
    sql_of(Written::read(path)?, layer)
}

/// As [`read_sql`], of a file that was read before.
pub fn sql_of(file: Written, layer: Layer) -> Result<SqlFile> {
    let name = file.stem();
    let header = match header_span(&file)? {
        Some(span) => check_header(&file, layer, span.clone(), file.toml_in(span)?)?,
        None => check_header(&file, layer, 0..0, HeaderToml::default())?,
    };
    Ok(SqlFile { name, layer, file, header })
}

const OPEN: &str = "/*---";
const CLOSE: &str = "---*/";

/// Where the TOML between `/*---` and `---*/` stands, if the file opens with it.
pub fn header_span(file: &Written) -> Result<Option<Range<usize>>> {
    let start = file.text.len() - file.text.trim_start().len();
    if !file.text[start..].starts_with(OPEN) {
        return Ok(None);
    }
    let inner = start + OPEN.len();
    match file.text[inner..].find(CLOSE) {
        Some(length) => Ok(Some(inner..inner + length)),
        None => Err(file
            .problem(start..inner, "this header is not closed")
            .help(format!("end it with `{CLOSE}` on a line of its own"))),
    }
}

fn check_header(file: &Written, layer: Layer, span: Range<usize>, raw: HeaderToml) -> Result<Header> {
    let at = |inner: Range<usize>| span.start + inner.start..span.start + inner.end;
    match (&raw.horizon_days, layer) {
        (None, Layer::Labels) => {
            return Err(file
                .problem(span, "a label needs its horizon")
                .help("add `horizon_days = 90` to the header: how far ahead `future.` looks"));
        }
        (Some(days), Layer::Labels) if *days.as_ref() == 0 => {
            return Err(file.problem(at(days.span()), "horizon_days must be at least 1"));
        }
        (Some(days), other) if other != Layer::Labels => {
            let message = format!("horizon_days has no meaning in sql/{}/", other.name());
            return Err(file.problem(at(days.span()), message).help("only labels look ahead"));
        }
        _ => {}
    }
    if let Some(severity) = raw.severity.as_ref().filter(|_| layer != Layer::Audits) {
        return Err(file.problem(at(severity.span()), "severity has a meaning only in sql/audits/"));
    }
    let mut columns = IndexMap::new();
    for (name, column) in raw.columns {
        let note = column.check(&name, file, &span)?;
        columns.insert(name, note);
    }
    let undeclared = |g: &&String| !columns.is_empty() && !columns.contains_key(*g);
    if layer == Layer::Snapshots
        && let Some(missing) = raw.grain.iter().find(undeclared)
    {
        let problem = file.problem(span, format!("grain `{missing}` is not among the columns"));
        let near = did_you_mean(missing, columns.keys().map(String::as_str));
        return Err(near.into_iter().fold(problem, |p, help| p.help(help)));
    }
    Ok(Header {
        description: raw.description,
        description_zh: raw.description_zh,
        grain: raw.grain,
        is_view: raw.materialized.map_or(layer == Layer::Staging, |m| m == Materialized::View),
        horizon_days: raw.horizon_days.map(Spanned::into_inner),
        tags: raw.tags,
        warns_only: raw.severity.is_some_and(|s| *s.as_ref() == AuditSeverity::Warn),
        columns,
    })
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    fn read(layer: Layer, text: &str) -> Result<SqlFile> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.sql");
        std::fs::write(&path, text).unwrap();
        read_sql(&path, layer)
    }

    #[test]
    fn a_header_is_read_and_the_layer_gives_defaults() {
        let text =
            "/*---\ngrain = ['a']\n[columns]\na = { type = 'decimal', null = false }\n---*/\nSELECT 1 AS a";
        let table = read(Layer::Snapshots, text).unwrap();
        assert!(
            !table.header.is_view
                && table.header.contract().unwrap()[0].data_type() == &DataType::Decimal128(18, 2)
        );
        assert!(read(Layer::Staging, "SELECT 1").unwrap().header.is_view);
    }

    #[test]
    fn faults_of_the_header_point_into_the_sql_file() {
        let problem = read(Layer::Features, "/*---\ngrian = ['a']\n---*/ SELECT 1").unwrap_err();
        assert!(problem.to_string().contains("t.sql:2:1"), "{problem}");
        assert!(read(Layer::Labels, "SELECT 1").unwrap_err().message.contains("horizon"));
        assert!(read(Layer::Features, "/*---\nhorizon_days = 9\n---*/ SELECT 1").is_err());
        assert!(read(Layer::Staging, "/*---\nx = 1").unwrap_err().message.contains("not closed"));
    }
}
