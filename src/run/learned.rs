//! A learned model in a run: rows at its cutoffs, a fit, and today's scores.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use chrono::NaiveDate;

use super::Build;
use crate::{
    engine::{
        steps::{horizon, labelled},
        tables::{Rows, read_sorted},
    },
    graph::{Graph, Origin},
    lake::as_of::quote,
    learn::{self, CutoffRows, LearnedKind, LearnedSpec, Outcome, train},
    problem::{Problem, Result},
    project::sql_file::Layer,
};

/// Name of the label beside the features, which no SQL column can have by chance.
const LABEL: &str = "luopan label";

/// Fits `name` on its past cutoffs and scores the customers of `day`; no rows if it refuses.
pub async fn learn_and_score(
    build: &Build<'_>,
    name: &str,
    spec: &LearnedSpec,
    day: NaiveDate,
) -> Result<Rows> {
    let horizon_days = horizon(&build.settings.graph, spec)?;
    let mut cutoffs = Vec::new();
    for cutoff in labelled(&build.cutoffs, horizon_days, build.settings.as_of.day) {
        let rows = rows_at(build, spec, cutoff).await?;
        if rows.features.num_rows() > 0 {
            cutoffs.push(rows);
        }
    }
    let schema = learn::scores_schema(spec.kind == LearnedKind::Amount);
    let outcome = {
        let (name, spec) = (name.to_owned(), spec.clone());
        // Minutes of arithmetic, which must not hold up the tables that other threads make.
        let fit = tokio::task::spawn_blocking(move || train(&name, &spec, horizon_days.into(), &cutoffs));
        fit.await.map_err(|e| Problem::failed(format!("training ended: {e}")))??
    };
    let batches = match &outcome {
        Outcome::Refused { reason, .. } => {
            build.warn(format!("model `{name}` gives no scores: {reason}"));
            Vec::new()
        }
        Outcome::Fitted(fitted) => {
            for note in fitted.notes.iter().filter_map(|n| n.strip_prefix("warning: ")) {
                build.warn(format!("model `{name}`: {note}"));
            }
            let features = features_at(build, spec, day).await?;
            vec![fitted.artifact.score(&features, &descriptions(&build.settings.graph))?]
        }
    };
    build.outcomes().insert(name.to_owned(), outcome);
    Ok(Rows { schema, batches })
}

/// Features and label of a past day, by customer.
async fn rows_at(build: &Build<'_>, spec: &LearnedSpec, cutoff: NaiveDate) -> Result<CutoffRows> {
    let session = build.moment(cutoff).session(&build.engine, &build.shared, None)?;
    let (features, label) = (quote(&spec.features), quote(&spec.label));
    let sql = format!(
        "SELECT {features}.*, CAST({label}.{label} AS DOUBLE) AS \"{LABEL}\"\nFROM {features} LEFT JOIN {label} \
         ON {features}.customer_id = {label}.customer_id"
    );
    let rows = read_sorted(&session, &sql, "customer_id").await?.into_one()?;
    let last = rows.num_columns() - 1;
    let label = cast(rows.column(last), &DataType::Float64)
        .map_err(|e| Problem::failed(format!("label `{}`: {e}", spec.label)))?;
    let label = label.as_primitive::<Float64Type>().iter().collect();
    let columns: Vec<usize> = (0..last).collect();
    let features =
        rows.project(&columns).map_err(|e| Problem::failed(format!("features `{}`: {e}", spec.features)))?;
    Ok(CutoffRows { cutoff, features, label })
}

async fn features_at(build: &Build<'_>, spec: &LearnedSpec, day: NaiveDate) -> Result<RecordBatch> {
    let session = build.moment(day).session(&build.engine, &build.shared, None)?;
    read_sorted(&session, &format!("SELECT * FROM {}", quote(&spec.features)), "customer_id")
        .await?
        .into_one()
}

/// What people call each feature, from the headers of `sql/features/`.
fn descriptions(graph: &Graph) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for table in graph.of_layer(Layer::Features) {
        let Origin::Sql(sql) = &table.origin else { continue };
        for (column, note) in &sql.header.columns {
            if let Some(description) = &note.description {
                found.insert(column.clone(), description.clone());
            }
        }
    }
    found
}

/// The one row of `SELECT count(*), min, max`.
pub fn count_and_range(rows: &[RecordBatch]) -> (i64, Option<(i64, i64)>) {
    let Some(row) = rows.iter().find(|b| b.num_rows() > 0) else { return (0, None) };
    let value = |i: usize| {
        let column = cast(row.column(i), &DataType::Int64).ok()?;
        let column = column.as_primitive::<Int64Type>().clone();
        column.is_valid(0).then(|| column.value(0))
    };
    (value(0).unwrap_or(0), value(1).zip(value(2)))
}
