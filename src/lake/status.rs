//! What the engine saw of each source: the table `luopan.sources`.
//!
//! It holds only what was known at the as-of, so a lake cut on that day gives the same rows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray},
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};
use chrono::{DateTime, Datelike, NaiveDate};

use super::{OpenSource, as_of::AsOf};
use crate::project::sources::{Delay, SourceKind};

/// One row of `luopan.sources`.
#[derive(Clone, Debug)]
pub struct SourceStatus {
    pub source: String,
    pub kind: SourceKind,
    /// Rows known at the as-of, each key once.
    pub rows_known: i64,
    /// Known rows that another of the same key replaced.
    pub doubled_rows: i64,
    /// µs since 1970 UTC.
    pub first_known_at: Option<i64>,
    pub last_known_at: Option<i64>,
    pub age_days: Option<i64>,
    /// `None` where sources.toml asks for nothing.
    pub freshness: Option<Freshness>,
    pub optional: bool,
    pub present: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    Fresh,
    Warn,
    Fail,
}

impl Freshness {
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// Columns of `luopan.sources`.
pub fn status_schema() -> SchemaRef {
    let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("source", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("rows_known", DataType::Int64, false),
        Field::new("doubled_rows", DataType::Int64, false),
        Field::new("first_known_at", time(), true),
        Field::new("last_known_at", time(), true),
        Field::new("age_days", DataType::Int64, true),
        Field::new("freshness", DataType::Utf8, true),
        Field::new("optional", DataType::Boolean, false),
        Field::new("present", DataType::Boolean, false),
    ]))
}

/// Rows of `luopan.sources`, in the order given.
pub fn status_batch(rows: &[SourceStatus]) -> arrow::error::Result<RecordBatch> {
    let kind = |k| match k {
        SourceKind::Event => "event",
        SourceKind::History => "history",
        SourceKind::Static => "static",
    };
    let ints =
        |f: fn(&SourceStatus) -> Option<i64>| Arc::new(Int64Array::from_iter(rows.iter().map(f))) as ArrayRef;
    let times = |f: fn(&SourceStatus) -> Option<i64>| {
        Arc::new(TimestampMicrosecondArray::from_iter(rows.iter().map(f)).with_timezone("UTC")) as ArrayRef
    };
    let flags = |f: fn(&SourceStatus) -> bool| {
        Arc::new(BooleanArray::from_iter(rows.iter().map(|r| Some(f(r))))) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|r| &r.source))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|r| kind(r.kind)))),
        ints(|r| Some(r.rows_known)),
        ints(|r| Some(r.doubled_rows)),
        times(|r| r.first_known_at),
        times(|r| r.last_known_at),
        ints(|r| r.age_days),
        Arc::new(StringArray::from_iter(rows.iter().map(|r| r.freshness.map(Freshness::name)))),
        flags(|r| r.optional),
        flags(|r| r.present),
    ];
    RecordBatch::try_new(status_schema(), columns)
}

impl OpenSource {
    /// What is to say of this source, given its known rows and the range of its `known_at` column
    /// (days or µs), both as known.
    pub fn status(&self, as_of: AsOf, rows_known: i64, range: Option<(i64, i64)>) -> SourceStatus {
        let times = range.map(|(first, last)| (self.known_micros(first), self.known_micros(last)));
        let age_days = times.map(|(_, last)| (as_of.micros - last).div_euclid(86_400_000_000));
        let freshness = self.source.freshness.as_ref().zip(age_days).map(|(wanted, age)| {
            let over = |limit: Option<u32>| limit.is_some_and(|days| age > i64::from(days));
            match () {
                () if over(wanted.fail_days) => Freshness::Fail,
                () if over(wanted.warn_days) => Freshness::Warn,
                () => Freshness::Fresh,
            }
        });
        SourceStatus {
            source: self.source.name.clone(),
            kind: self.source.kind,
            rows_known,
            doubled_rows: self.doubled.replaced_rows(self.bound(as_of)) as i64,
            first_known_at: times.map(|(first, _)| first),
            last_known_at: times.map(|(_, last)| last),
            age_days,
            freshness,
            optional: self.source.optional,
            // Files of later days must not show: a lake cut at the as-of has none.
            present: rows_known > 0 || (self.source.kind == SourceKind::Static && !self.files.is_empty()),
        }
    }

    /// A value of the `known_at` column, with its delay, as µs since 1970 UTC.
    fn known_micros(&self, value: i64) -> i64 {
        const DAY: i64 = 86_400_000_000;
        let Some(known_at) = &self.source.known_at else { return value };
        let date = self
            .source
            .schema
            .field_with_name(&known_at.column)
            .is_ok_and(|f| f.data_type() == &DataType::Date32);
        let start = if date { value.saturating_mul(DAY) } else { value };
        let delay = match known_at.delay {
            Delay::Days(days) => i64::from(days) * DAY,
            Delay::Hours(hours) => hours * 3_600_000_000,
        };
        start.saturating_add(delay)
    }

    /// The SQL type in which the `known_at` column's range can be read as whole numbers.
    pub fn known_sql_type(&self) -> &'static str {
        let date =
            self.source.known_at.as_ref().and_then(|k| self.source.schema.field_with_name(&k.column).ok());
        match date.map(|f| f.data_type()) {
            Some(DataType::Date32) => "INT",
            _ => "BIGINT",
        }
    }

    /// The first day of which the footers hold a row.
    pub fn first_known(&self) -> Option<(NaiveDate, &str)> {
        let first = self.files.iter().filter_map(|f| f.known_range).map(|(first, _)| first).min()?;
        let day = DateTime::from_timestamp_micros(self.known_micros(first))?.date_naive();
        Some((day, &self.source.name))
    }

    /// Things about the files that a run should say though no published table holds them.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let name = &self.source.name;
        let never: u64 = self.files.iter().map(|f| f.rows_without_known_at).sum();
        if never > 0 {
            remarks.push(format!("{name}: {never} rows do not say when they were known, and are left out"));
        }
        let nulls: u64 = self.files.iter().map(|f| f.unexpected_nulls).sum();
        if nulls > 0 {
            remarks.push(format!("{name}: {nulls} nulls in columns that are declared without `?`"));
        }
        for month in missing_months(self.files.iter().map(|f| f.path.as_str())) {
            remarks.push(format!("{name}: no file of {month}, though there are files before and after"));
        }
        if self.files.is_empty() {
            remarks.push(format!("{name}: no files; it is optional, so what is made of it is empty or null"));
        }
        remarks
    }

    /// Path below the lake's root, bytes and rows of every file: what the run read.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, u64, usize)> {
        self.files.iter().map(|f| (f.path.as_str(), f.meta.size, f.rows))
    }
}

/// Parts `NAME=YYYY-MM` that a run of such folders skips.
fn missing_months<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for part in paths.flat_map(|path| path.split('/')) {
        let Some((name, value)) = part.split_once('=') else { continue };
        let first = NaiveDate::parse_from_str(&format!("{value}-01"), "%Y-%m-%d");
        if let (Ok(first), 7) = (first, value.len()) {
            found.entry(name).or_default().insert(first.year() * 12 + first.month0() as i32);
        }
    }
    let gaps = |(name, months): (&str, BTreeSet<i32>)| {
        let (first, last) = (months.first().copied().unwrap_or(0), months.last().copied().unwrap_or(0));
        (first..last)
            .filter(|m| !months.contains(m))
            .map(|m| format!("{name}={:04}-{:02}", m.div_euclid(12), m.rem_euclid(12) + 1))
            .collect::<Vec<_>>()
    };
    found.into_iter().flat_map(gaps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_without_a_folder_is_seen() {
        let paths = ["a/month=2025-11/x.parquet", "a/month=2026-02/x.parquet", "a/day=1/x.parquet"];
        assert_eq!(missing_months(paths.into_iter()), ["month=2025-12", "month=2026-01"]);
        assert!(missing_months(paths[..1].iter().copied()).is_empty());
    }
}
