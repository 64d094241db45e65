//! The set of a run: the published tables with exactly their declared columns, encoded as they are read.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, RecordBatch},
    datatypes::SchemaRef,
};
use chrono::NaiveDate;
use datafusion::{
    common::Column,
    prelude::{DataFrame, Expr},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::{
    Build,
    audits::{Audited, fit_to},
    build::contract,
    models::{blocking, draft_models},
    recompute::KnownRows,
};
use crate::{
    engine::{fault, rows_of},
    graph::{Origin, Table},
    problem::{Problem, Result},
    warehouse::{DraftSet, DraftTable, DraftWriter},
};

/// All that a run is to publish.
pub async fn draft(build: &Build<'_>, published: &[&str], audited: &Audited) -> Result<DraftSet> {
    let settings = build.settings;
    let tables: Vec<DraftTable> = stream::iter(published.iter().map(|name| (*name).to_owned()))
        .map(|name| async move { draft_table(build, &name).await })
        .buffered(build.tables_at_once())
        .try_collect()
        .await?;
    Ok(DraftSet {
        as_of: settings.as_of.day,
        pipeline: settings.pipeline.name.clone(),
        tables,
        inputs: build.inputs(),
        settings: settings_json(build, audited),
        project: settings.texts.clone(),
        models: draft_models(build)?,
    })
}

async fn draft_table(build: &Build<'_>, name: &str) -> Result<DraftTable> {
    let table = build.settings.graph.table(name)?;
    let Some(schema) = contract(table) else {
        return Err(Problem::setup(format!("`{name}` declares no columns"))
            .help("add [columns] with the type of each to its header: warehouses rely on them"));
    };
    let mut writer = DraftWriter::new(name, &schema, &column_descriptions(table))?;
    let failed = |e| fault(e, None);
    let mut batches = rows_of(build.in_order(table).await?).await.map_err(failed)?;
    let mut nulls = vec![0; schema.fields().len()];
    while let Some(batch) = batches.next().await {
        let batch = fit_to(&batch.map_err(failed)?, &schema, name)?;
        nulls.iter_mut().zip(batch.columns()).for_each(|(nulls, column)| *nulls += column.null_count());
        // Of a table that breaks its promise the rest is only counted.
        if unkept(&schema, &nulls).is_none() {
            writer = blocking(move || written(writer, &batch)).await?;
        }
        build.settings.memory.check(|| format!("publishing `{name}`"))?;
    }
    match unkept(&schema, &nulls) {
        None => writer.finish(),
        Some((column, nulls)) => Err(Problem::failed(format!(
            "`{name}`: {column} is declared null = false, and {nulls} rows have none"
        ))
        .help("nothing was published; mend the query, or declare that it may be null")),
    }
}

fn written(mut writer: DraftWriter, batch: &RecordBatch) -> Result<DraftWriter> {
    writer.push(batch)?;
    Ok(writer)
}

/// A column that is promised to have no nulls, and how many it has.
fn unkept<'s>(schema: &'s SchemaRef, nulls: &[usize]) -> Option<(&'s str, usize)> {
    let mut declared = schema.fields().iter().zip(nulls);
    let found = declared.find(|(field, nulls)| !field.is_nullable() && **nulls > 0);
    found.map(|(field, nulls)| (field.name().as_str(), *nulls))
}

impl Build<'_> {
    /// A table of today that was made, in order of its grain.
    pub(super) async fn in_order(&self, table: &Table) -> Result<DataFrame> {
        let failed = |e| fault(e, None);
        let rows = self.session()?.table(table.name.as_str()).await.map_err(failed)?;
        if table.grain().is_empty() {
            return Ok(rows);
        }
        let by = |name: &String| Expr::Column(Column::from_name(name)).sort(true, true);
        rows.sort(table.grain().iter().map(by).collect()).map_err(failed)
    }
}

fn settings_json(build: &Build<'_>, audited: &Audited) -> serde_json::Value {
    let days: Vec<String> = build.cutoffs.iter().map(NaiveDate::to_string).collect();
    let known: BTreeMap<&str, KnownRows> =
        build.sources.iter().map(|status| (status.source.as_str(), KnownRows::of(status))).collect();
    json!({
        "luopan": env!("CARGO_PKG_VERSION"),
        "time_zone": build.settings.pipeline.time_zone.name(),
        "cutoffs": days,
        "sources": known,
        "audits": audited.results,
    })
}

fn column_descriptions(table: &Table) -> BTreeMap<String, String> {
    let Origin::Sql(sql) = &table.origin else { return BTreeMap::new() };
    let described =
        sql.header.columns.iter().filter_map(|(name, note)| Some((name.clone(), note.description.clone()?)));
    described.collect()
}
