//! What models learn from and score, read from the tables of a day.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::{cast, concat},
    datatypes::{DataType, Float64Type},
};
use chrono::NaiveDate;

use crate::{
    engine::{kept::KeptRows, sorted::keep_sorted},
    graph::{Graph, Origin},
    lake::as_of::quote,
    learn::{
        CutoffRows,
        rows::{Features, customer_ids},
    },
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

/// Rows on the engine's shelf.
#[derive(Debug)]
struct OnTheShelf(KeptRows);

impl Features for OnTheShelf {
    fn read(&self) -> Result<RecordBatch> {
        self.0.read()
    }
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
    let (mut customers, mut labels) = (Vec::new(), Vec::new());
    let features = keep_sorted(&build.engine, &session, (inputs, &sql, "customer_id"), |mut batch| {
        let label_of = batch.remove_column(batch.num_columns() - 1);
        let label_of = cast(&label_of, &DataType::Float64)
            .map_err(|e| Problem::failed(format!("label `{label}`: {e}")))?;
        labels.extend(label_of.as_primitive::<Float64Type>().iter());
        customers.push(customer_ids(&batch)?);
        Ok(batch)
    })
    .await?;
    let customers: Vec<&dyn Array> = customers.iter().map(|ids| ids as &dyn Array).collect();
    let customers = concat(&customers).map_err(|e| Problem::failed(format!("table `{inputs}`: {e}")))?;
    Ok(CutoffRows::new(cutoff, Arc::new(OnTheShelf(features)), customers.as_string::<i32>().clone(), labels))
}

/// A table of a day, by customer, to be read later; and a table of its columns without rows.
pub async fn waiting_at(
    build: &Build<'_>,
    name: &str,
    day: NaiveDate,
) -> Result<(Arc<dyn Features>, RecordBatch)> {
    let session = build.moment(day).session(&build.engine, &build.shared, None)?;
    let sql = format!("SELECT * FROM {}", quote(name));
    let rows = keep_sorted(&build.engine, &session, (name, &sql, "customer_id"), Ok).await?;
    let nobody = RecordBatch::new_empty(Arc::clone(rows.schema()));
    Ok((Arc::new(OnTheShelf(rows)), nobody))
}

/// A table of a day, by customer.
pub async fn table_at(build: &Build<'_>, name: &str, day: NaiveDate) -> Result<RecordBatch> {
    waiting_at(build, name, day).await?.0.read()
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
