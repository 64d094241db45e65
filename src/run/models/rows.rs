//! What models learn from and score, read from the tables of a day.

use std::collections::BTreeMap;

use arrow::{
    array::{AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type},
};
use chrono::NaiveDate;

use crate::{
    engine::tables::read_sorted,
    graph::{Graph, Origin},
    lake::as_of::quote,
    learn::CutoffRows,
    problem::{Problem, Result},
    project::{column_note::ColumnNote, sql_file::Layer},
    run::Build,
};

/// Name of the label beside the features, which no SQL column can have by chance.
const LABEL: &str = "luopan label";

/// Whose rows are wanted.
#[derive(Clone, Copy, PartialEq)]
pub enum Who {
    Everybody,
    /// Only those of whom it is known what came.
    Labelled,
}

/// A table of inputs and its label at a past day, by customer.
pub async fn rows_at(
    build: &Build<'_>,
    (inputs, label): (&str, &str),
    cutoff: NaiveDate,
    who: Who,
) -> Result<CutoffRows> {
    let session = build.moment(cutoff).session(&build.engine, &build.shared, None)?;
    let (from, column) = (quote(inputs), quote(label));
    let (join, known) = match who {
        Who::Everybody => ("LEFT JOIN", String::new()),
        Who::Labelled => ("JOIN", format!(" AND {column}.{column} IS NOT NULL")),
    };
    let sql = format!(
        "SELECT {from}.*, CAST({column}.{column} AS DOUBLE) AS \"{LABEL}\"\nFROM {from} {join} {column} \
         ON {from}.customer_id = {column}.customer_id{known}"
    );
    let rows = read_sorted(&session, &sql, "customer_id").await?.into_one()?;
    let last = rows.num_columns() - 1;
    let values = cast(rows.column(last), &DataType::Float64)
        .map_err(|e| Problem::failed(format!("label `{label}`: {e}")))?;
    let label = values.as_primitive::<Float64Type>().iter().collect();
    let columns: Vec<usize> = (0..last).collect();
    let features = rows.project(&columns).map_err(|e| Problem::failed(format!("table `{inputs}`: {e}")))?;
    Ok(CutoffRows { cutoff, features, label })
}

/// A table of a day, by customer.
pub async fn table_at(build: &Build<'_>, name: &str, day: NaiveDate) -> Result<RecordBatch> {
    let session = build.moment(day).session(&build.engine, &build.shared, None)?;
    read_sorted(&session, &format!("SELECT * FROM {}", quote(name)), "customer_id").await?.into_one()
}

/// What people call each feature, from the headers of `sql/features/`.
pub fn notes(graph: &Graph) -> BTreeMap<String, ColumnNote> {
    let mut found = BTreeMap::new();
    for table in graph.of_layer(Layer::Features) {
        let Origin::Sql(sql) = &table.origin else { continue };
        found.extend(sql.header.columns.iter().map(|(column, note)| (column.clone(), note.clone())));
    }
    found
}
