//! Running one table's SELECT: a view for its readers, or rows in order of the grain.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::RecordBatch,
    compute::{cast, concat_batches},
    datatypes::{DataType, Field, Schema, SchemaRef},
    row::{RowConverter, SortField},
};
use datafusion::{
    common::ParamValues,
    datasource::{MemTable, TableProvider},
    logical_expr::Expr,
    prelude::{DataFrame, SessionContext},
};

use super::{fault, fault_at, query};
use crate::{
    graph::Table,
    lake::as_of::quote,
    problem::{Problem, Result},
};

/// Rows of a table, in order of its grain.
pub struct Rows {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl Rows {
    /// Runs a query. Every column may be null: what a plan says of nulls and what its batches say can differ.
    pub async fn of(planned: DataFrame) -> datafusion::error::Result<Self> {
        let schema = kept_schema(planned.schema().as_arrow());
        let keep = |batch: RecordBatch| {
            let columns = batch.columns().iter().zip(schema.fields());
            let columns = columns.map(|(column, field)| cast(column, field.data_type()));
            RecordBatch::try_new(Arc::clone(&schema), columns.collect::<std::result::Result<_, _>>()?)
        };
        let batches =
            planned.collect().await?.into_iter().map(keep).collect::<std::result::Result<_, _>>()?;
        Ok(Self { schema, batches })
    }

    pub fn count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// As a table for other queries, in `partitions` parts that can be read at once.
    pub fn into_table(self, partitions: usize) -> Result<Arc<dyn TableProvider>> {
        let mut parts = vec![Vec::new(); partitions.clamp(1, self.batches.len().max(1))];
        let count = parts.len();
        self.batches.into_iter().enumerate().for_each(|(i, batch)| parts[i % count].push(batch));
        let table = MemTable::try_new(self.schema, parts).map_err(|e| fault(e, None))?;
        Ok(Arc::new(table))
    }

    pub fn into_one(self) -> Result<RecordBatch> {
        concat_batches(&self.schema, &self.batches)
            .map_err(|e| Problem::failed(format!("cannot join the parts of a table: {e}")))
    }
}

/// Columns as a made table keeps them: any may be null, and text is copied out of views. A view holds on to the whole
/// buffer that it points into, and a join of views to those of both sides: a chain of a dozen joins over 72,000
/// customers took 24 GB.
pub fn kept_schema(planned: &Schema) -> SchemaRef {
    let keep = |field: &Arc<Field>| {
        let data_type = match field.data_type() {
            DataType::Utf8View => DataType::Utf8,
            other => other.clone(),
        };
        Field::new(field.name(), data_type, true)
    };
    Arc::new(Schema::new(planned.fields().iter().map(keep).collect::<Vec<_>>()))
}

/// Plans a table's query; faults point into its file.
pub async fn plan_table(
    session: &SessionContext,
    table: &Table,
    parameters: &ParamValues,
) -> Result<DataFrame> {
    let Some(sql) = table.sql() else {
        return Err(Problem::failed(format!("`{}` is learned, and has no SQL of its own", table.name)));
    };
    query(session, &sql, parameters).await.map_err(|e| fault_in(table, e))
}

fn fault_in(table: &Table, error: datafusion::error::DataFusionError) -> Problem {
    match &table.origin {
        crate::graph::Origin::Sql(sql) => fault(error, Some(&sql.file)),
        _ => fault(error, None).while_doing(format!("`{}`", table.name)),
    }
}

/// Runs a planned table: rows sorted by the grain, each key once.
pub async fn collect(planned: DataFrame, table: &Table) -> Result<Rows> {
    let file = match &table.origin {
        crate::graph::Origin::Sql(sql) => Some(&sql.file),
        _ => None,
    };
    let failed = |e| fault_at(e, &table.name, file);
    let grain = table.grain();
    let planned = match grain.is_empty() {
        true => planned,
        false => {
            let by =
                |name: &String| Expr::Column(datafusion::common::Column::from_name(name)).sort(true, true);
            planned.sort(grain.iter().map(by).collect()).map_err(failed)?
        }
    };
    let rows = Rows::of(planned).await.map_err(failed)?;
    check_grain(table, &rows)?;
    Ok(rows)
}

/// Neighbours with one key are a problem that shows it.
fn check_grain(table: &Table, rows: &Rows) -> Result<()> {
    let grain = table.grain();
    if grain.is_empty() || rows.count() == 0 {
        return Ok(());
    }
    let broken = |e: arrow::error::ArrowError| Problem::failed(format!("table `{}`: {e}", table.name));
    let indices = grain
        .iter()
        .map(|g| rows.schema.index_of(g))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(broken)?;
    let fields = indices.iter().map(|i| SortField::new(rows.schema.field(*i).data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(broken)?;
    let mut last: Option<Vec<u8>> = None;
    for batch in &rows.batches {
        let columns: Vec<_> = indices.iter().map(|i| Arc::clone(batch.column(*i))).collect();
        let keys = converter.convert_columns(&columns).map_err(broken)?;
        for i in 0..keys.num_rows() {
            let (this, before) = (keys.row(i), last.as_deref());
            let same = if i == 0 { before == Some(this.as_ref()) } else { keys.row(i - 1) == this };
            if same {
                let values: Vec<String> = columns
                    .iter()
                    .map(|c| arrow::util::display::array_value_to_string(c, i).unwrap_or_default())
                    .collect();
                return Err(Problem::failed(format!(
                    "table `{}` has two rows for {} = {}",
                    table.name,
                    grain.join(", "),
                    values.join(", ")
                ))
                .help("its header's grain says that there is one: mend the join, or the grain"));
            }
        }
        if keys.num_rows() > 0 {
            last = Some(keys.row(keys.num_rows() - 1).as_ref().to_vec());
        }
    }
    Ok(())
}

/// The rows of an already made table, in order of `by`.
pub async fn read_sorted(session: &SessionContext, sql: &str, by: &str) -> Result<Rows> {
    let failed = |e| fault(e, None);
    let none = ParamValues::Map(HashMap::new());
    let planned = query(session, &format!("SELECT * FROM ({sql}) ORDER BY {}", quote(by)), &none)
        .await
        .map_err(failed)?;
    Rows::of(planned).await.map_err(failed)
}
