//! What must hold before anything is published: no finding of an audit, and the declared columns.

use std::sync::Arc;

use arrow::{
    array::{Array, RecordBatch, new_null_array},
    compute::cast,
    datatypes::SchemaRef,
    util::pretty::pretty_format_batches,
};

use serde::Serialize;

use super::{Build, build::contract};
use crate::{
    engine::tables::Rows,
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

/// A published table's rows, with exactly the declared columns.
pub async fn published_rows(build: &Build<'_>, name: &str) -> Result<Rows> {
    let table = build.settings.graph.table(name)?;
    let Some(schema) = contract(table) else {
        return Err(Problem::setup(format!("`{name}` declares no columns"))
            .help("add [columns] with the type of each to its header: warehouses rely on them"));
    };
    let rows = rows_of(build, table).await?;
    let batches = rows.batches.iter().map(|b| fit_to(b, &schema, name)).collect::<Result<Vec<_>>>()?;
    for field in schema.fields().iter().filter(|f| !f.is_nullable()) {
        let index = schema.index_of(field.name()).unwrap_or_default();
        let nulls: usize = batches.iter().map(|b| b.column(index).null_count()).sum();
        if nulls > 0 {
            return Err(Problem::failed(format!(
                "`{name}`: {} is declared null = false, and {nulls} rows have none",
                field.name()
            ))
            .help("nothing was published; mend the query, or declare that it may be null"));
        }
    }
    Ok(Rows { schema, batches })
}

async fn rows_of(build: &Build<'_>, table: &Table) -> Result<Rows> {
    let session = build.session()?;
    let failed = |e| crate::engine::fault(e, None);
    let provider = session.table(table.name.as_str()).await.map_err(failed)?;
    let provider = match table.grain().is_empty() {
        true => provider,
        false => {
            let by = |g: &String| {
                datafusion::prelude::Expr::Column(datafusion::common::Column::from_name(g)).sort(true, true)
            };
            provider.sort(table.grain().iter().map(by).collect()).map_err(failed)?
        }
    };
    Rows::of(provider).await.map_err(failed)
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
