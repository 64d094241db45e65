//! What is known of the sources on the day, and whether it is enough to go on.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Int64Type},
};
use datafusion::datasource::MemTable;
use serde_json::json;

use super::Build;
use crate::{
    engine::{Moment, fault, moment::put, query},
    lake::{
        OpenSource,
        bad::BadFile,
        status::{Freshness, SourceStatus, status_batch},
    },
    problem::{Problem, Result},
    project::sources::SourceKind,
};

impl Build<'_> {
    /// Counts what is known of each source. What comes back should stop a night: sources too old, or without a row.
    pub async fn look_at_sources(&mut self) -> Result<Vec<Problem>> {
        let as_of = self.settings.as_of;
        let today = self.moment(as_of.day);
        let mut statuses = Vec::new();
        for open in self.lake.sources() {
            let source = &open.source;
            self.register_source(&today, &source.name)?;
            statuses.push(self.status_at(&today, open).await?);
        }
        statuses.sort_by(|a, b| a.source.cmp(&b.source));
        let batch = status_batch(&statuses).map_err(|e| Problem::failed(format!("luopan.sources: {e}")))?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(|e| fault(e, None))?;
        put(&self.shared.engine, "sources", Arc::new(table))?;
        self.sources = statuses;
        Ok(self.unfit_sources())
    }

    /// What was known of a source whose files the moment has.
    pub(super) async fn status_at(&self, moment: &Moment, open: &OpenSource) -> Result<SourceStatus> {
        let source = &open.source;
        let session = moment.session(&self.engine, &self.shared, None)?;
        let time = source.known_at.as_ref().map(|k| crate::lake::as_of::quote(&k.column));
        let range = time.map_or("NULL AS first, NULL AS last".into(), |t| {
            format!("CAST(min({t}) AS {0}) AS first, CAST(max({t}) AS {0}) AS last", open.known_sql_type())
        });
        let known = crate::lake::as_of::as_known_sql(source, &format!("files.{}", source.name));
        let sql = format!("SELECT count(*) AS rows_known, {range} FROM ({known})");
        let planned =
            query(&session, &sql, &moment.parameters(&[], None)).await.map_err(|e| fault(e, None))?;
        let rows = planned
            .collect()
            .await
            .map_err(|e| Problem::failed(format!("source `{}`: {}", source.name, fault(e, None).message)))?;
        let (count, range) = count_and_range(&rows);
        let nulls = self.unexpected_nulls(moment, open).await?;
        Ok(open.status(moment.as_of, count, range, nulls))
    }

    /// Looks only at columns of which a footer says that there are nulls, or does not say.
    async fn unexpected_nulls(&self, moment: &Moment, open: &OpenSource) -> Result<i64> {
        let columns = open.columns_with_nulls(moment.as_of);
        if columns.is_empty() {
            return Ok(0);
        }
        let source = &open.source;
        let session = moment.session(&self.engine, &self.shared, None)?;
        let sql =
            crate::lake::as_of::nulls_sql(source, &format!("files.{}", source.name), columns.into_iter());
        let planned =
            query(&session, &sql, &moment.parameters(&[], None)).await.map_err(|e| fault(e, None))?;
        let rows = planned
            .collect()
            .await
            .map_err(|e| Problem::failed(format!("source `{}`: {}", source.name, fault(e, None).message)))?;
        Ok(count_and_range(&rows).0)
    }

    /// Path, bytes and rows of every file that was read, by source; under a name that no source has, those that were left out.
    pub fn inputs(&self) -> serde_json::Value {
        let mut files: BTreeMap<&str, serde_json::Value> = BTreeMap::new();
        let mut skipped = Vec::new();
        for open in self.lake.sources() {
            let source = open.source.name.as_str();
            files.insert(source, open.inputs().map(|file| json!(file)).collect());
            skipped.extend(open.skipped().iter().map(|file| (source, file)));
        }
        if !skipped.is_empty() {
            skipped.sort_by_key(|(source, file)| (*source, file.path.as_str()));
            let told = |(source, file): (&str, &BadFile)| json!({ "source": source, "path": file.path, "bytes": file.bytes, "reason": file.reason() });
            files.insert("luopan.skipped", skipped.into_iter().map(told).collect());
        }
        json!(files)
    }

    fn unfit_sources(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for status in &self.sources {
            if status.rows_known == 0 && !status.optional && status.kind != SourceKind::Static {
                problems.push(
                    Problem::failed(format!("source `{}` has no row known before {}", status.source, self.settings.as_of.day))
                        .help("without it scores would tell of a silence that is only missing data: deliver it, choose a later --as-of, or say optional = true"),
                );
            }
            let age = status.age_days.unwrap_or_default();
            let text = format!(
                "source `{}` is stale: its newest row is {age} days old on {}",
                status.source, self.settings.as_of.day
            );
            match status.freshness {
                Some(Freshness::Fail) => problems.push(
                    Problem::failed(text).help("bring the lake up to date, choose an earlier --as-of, or change `freshness` in sql/sources.toml"),
                ),
                Some(Freshness::Warn) => self.warn(text),
                _ => {}
            }
        }
        problems
    }
}

/// The one row of `SELECT count(*), min, max`.
fn count_and_range(rows: &[RecordBatch]) -> (i64, Option<(i64, i64)>) {
    let Some(row) = rows.iter().find(|b| b.num_rows() > 0) else { return (0, None) };
    let value = |i: usize| {
        let column = cast(row.columns().get(i)?, &DataType::Int64).ok()?;
        let column = column.as_primitive::<Int64Type>().clone();
        column.is_valid(0).then(|| column.value(0))
    };
    (value(0).unwrap_or(0), value(1).zip(value(2)))
}
