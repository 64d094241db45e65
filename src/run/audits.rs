//! What must hold before anything is published: no finding of an audit, and the declared columns.

use std::sync::Arc;

use arrow::{
    array::{RecordBatch, new_null_array},
    compute::cast,
    datatypes::SchemaRef,
    util::pretty::pretty_format_batches,
};

use serde::Serialize;

use super::Build;
use crate::{
    engine::{fault, tables::Rows},
    graph::{Origin, Table},
    problem::{Problem, Result},
};

/// Bad rows that an error shows.
const SHOWN: usize = 10;

/// How many audits were checked, and how many of them found rows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Audited {
    pub checked: usize,
    pub warned: usize,
    /// Each, in order of name; a set keeps them.
    #[serde(skip)]
    pub results: Vec<AuditResult>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AuditResult {
    pub audit: String,
    pub description: String,
    /// How many rows it found.
    pub rows: usize,
}

/// What audits found is a problem; of those that only warn it is a warning.
pub async fn check_audits(build: &Build<'_>, audits: &[&Table]) -> Result<Audited> {
    let mut audited = Audited { checked: audits.len(), ..Audited::default() };
    let mut problems = Vec::new();
    for table in audits {
        let Origin::Sql(sql) = &table.origin else { continue };
        let found = rows_of(build, table).await?;
        let what = sql.header.description.clone().unwrap_or_else(|| table.name.clone());
        let result =
            AuditResult { audit: table.name.clone(), description: what.clone(), rows: found.count() };
        audited.results.push(result);
        if found.count() == 0 {
            continue;
        }
        let text = format!("audit `{}` found {} rows: {what}", table.name, found.count());
        if sql.header.warns_only {
            build.warn(text);
            audited.warned += 1;
            continue;
        }
        let shown = found.into_one()?;
        let shown = shown.slice(0, shown.num_rows().min(SHOWN));
        let rows = pretty_format_batches(&[shown]).map(|t| t.to_string()).unwrap_or_default();
        problems.push(
            Problem::failed(format!("{text}\n{rows}"))
                .help(format!("nothing was published; the audit is {}", sql.file.path.display())),
        );
    }
    Problem::all(problems)?;
    audited.results.sort_by(|a, b| a.audit.cmp(&b.audit));
    Ok(audited)
}

async fn rows_of(build: &Build<'_>, table: &Table) -> Result<Rows> {
    Rows::of(build.in_order(table).await?).await.map_err(|e| fault(e, None))
}

/// Casts a batch to a schema by name; a column that it lacks is null (an older set had it not).
pub fn fit_to(batch: &RecordBatch, schema: &SchemaRef, table: &str) -> Result<RecordBatch> {
    let columns = schema.fields().iter().map(|field| match batch.column_by_name(field.name()) {
        None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        Some(column) => cast(column, field.data_type())
            .map_err(|e| Problem::failed(format!("`{table}`: column {}: {e}", field.name()))),
    });
    let nullable: Vec<_> = schema.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect();
    let columns = columns.collect::<Result<Vec<_>>>()?;
    RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(nullable)), columns)
        .map_err(|e| Problem::failed(format!("`{table}`: {e}")))
}
