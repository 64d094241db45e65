//! What the engine saw of each source: the table `luopan.sources`.
//!
//! It holds only what was known at the as-of, so a lake cut on that day gives the same rows.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray},
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
};
use chrono::{DateTime, NaiveDate};

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
    /// Null values in known rows, in columns that are declared without `?`.
    pub unexpected_nulls: i64,
    /// Rows without a time count always: nobody knows when they came.
    pub rows_without_known_at: i64,
    /// Of the files that a lake cut at the as-of has, too: bad ones that were left out, and one of them.
    pub files_skipped: i64,
    pub skipped_example: Option<String>,
    /// Files that lack a declared column.
    pub files_lacking_columns: i64,
    /// Months without a file between months with one, and the first of them.
    pub missing_months: i64,
    pub missing_month_example: Option<String>,
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
        Field::new("unexpected_nulls", DataType::Int64, false),
        Field::new("rows_without_known_at", DataType::Int64, false),
        Field::new("files_skipped", DataType::Int64, false),
        Field::new("skipped_example", DataType::Utf8, true),
        Field::new("files_lacking_columns", DataType::Int64, false),
        Field::new("missing_months", DataType::Int64, false),
        Field::new("missing_month_example", DataType::Utf8, true),
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
    let texts = |f: fn(&SourceStatus) -> Option<&str>| {
        Arc::new(StringArray::from_iter(rows.iter().map(f))) as ArrayRef
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
        ints(|r| Some(r.unexpected_nulls)),
        ints(|r| Some(r.rows_without_known_at)),
        ints(|r| Some(r.files_skipped)),
        texts(|r| r.skipped_example.as_deref()),
        ints(|r| Some(r.files_lacking_columns)),
        ints(|r| Some(r.missing_months)),
        texts(|r| r.missing_month_example.as_deref()),
    ];
    RecordBatch::try_new(status_schema(), columns)
}

impl OpenSource {
    /// What is to say of this source, given its known rows, the range of its `known_at` column (days or µs) and the nulls
    /// in columns without `?`, all as known.
    pub fn status(
        &self,
        as_of: AsOf,
        rows_known: i64,
        range: Option<(i64, i64)>,
        unexpected_nulls: i64,
    ) -> SourceStatus {
        let skipped = self.skipped_known(as_of);
        let missing_months = self.missing_months(as_of);
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
            unexpected_nulls,
            rows_without_known_at: self.rows_without_known_at(as_of) as i64,
            files_skipped: skipped.len() as i64,
            skipped_example: skipped.first().map(|file| file.path.clone()),
            files_lacking_columns: self.files_lacking_columns(as_of) as i64,
            missing_months: missing_months.len() as i64,
            missing_month_example: missing_months.into_iter().next(),
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

    /// Path below the lake's root, bytes and rows of every file: what the run read.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, u64, usize)> {
        self.files.iter().map(|f| (f.path.as_str(), f.meta.size, f.rows))
    }
}
