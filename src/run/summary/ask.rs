//! Questions to the tables just made.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};

use crate::{
    engine::fault,
    problem::Result,
    run::{Build, build::contract},
};

/// Whether the project publishes `table` with all of these columns.
pub fn publishes(build: &Build<'_>, table: &str, columns: &[&str]) -> bool {
    let published = build.settings.pipeline.publish.iter().any(|(name, _)| name == table);
    let schema = build.settings.graph.get(table).and_then(contract);
    published && schema.is_some_and(|s| columns.iter().all(|c| s.index_of(c).is_ok()))
}

/// The sum of a column of `customer_snapshot` as a double, null if that is not published.
pub fn sum(build: &Build<'_>, column: &str) -> String {
    match publishes(build, "customer_snapshot", &[column]) {
        true => format!("CAST(sum({column}) AS DOUBLE) AS {column}"),
        false => format!("CAST(NULL AS DOUBLE) AS {column}"),
    }
}

/// The rows of a SELECT's answer, in order.
pub async fn ask(build: &Build<'_>, sql: &str) -> Result<Vec<Row>> {
    let failed = |e| fault(e, None);
    let batches = build.session()?.sql(sql).await.map_err(failed)?.collect().await.map_err(failed)?;
    Ok(batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|i| Row(batch.slice(i, 1)))).collect())
}

/// The only row of an answer that always has one.
pub async fn ask_one(build: &Build<'_>, sql: &str) -> Result<Option<Row>> {
    Ok(ask(build, sql).await?.into_iter().next())
}

/// One row of an answer.
pub struct Row(RecordBatch);

impl Row {
    pub fn text(&self, column: usize) -> Option<String> {
        let column = cast(self.0.column(column), &DataType::Utf8).ok()?;
        let column = column.as_string::<i32>();
        column.is_valid(0).then(|| column.value(0).to_owned())
    }

    /// A count; 0 where there is none.
    pub fn count(&self, column: usize) -> i64 {
        let column = self.0.column(column).as_primitive_opt::<Int64Type>();
        column.filter(|c| c.is_valid(0)).map_or(0, |c| c.value(0))
    }

    pub fn double(&self, column: usize) -> Option<f64> {
        let column = self.0.column(column).as_primitive_opt::<Float64Type>()?;
        column.is_valid(0).then(|| column.value(0))
    }
}
