//! Running one table's SELECT: a view for its readers, or rows in order of the grain.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::{
    array::RecordBatch,
    compute::{cast, concat_batches},
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
    row::{RowConverter, SortField},
};
use datafusion::{
    common::ParamValues,
    datasource::TableProvider,
    error::DataFusionError,
    logical_expr::Expr,
    prelude::{DataFrame, SessionContext},
};
use futures::StreamExt;

use super::{
    Engine, fault, fault_at,
    kept::{Kept, Shelf},
    query, rows_of,
};
use crate::{
    graph::Table,
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
        let batches = planned.collect().await?;
        let batches = batches.into_iter().map(|batch| as_kept(&schema, &batch));
        Ok(Self { batches: batches.collect::<std::result::Result<_, _>>()?, schema })
    }

    pub fn count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
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

pub(super) fn as_kept(
    schema: &SchemaRef,
    batch: &RecordBatch,
) -> std::result::Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type()));
    RecordBatch::try_new(Arc::clone(schema), columns.collect::<std::result::Result<_, _>>()?)
}

/// A table that SQL makes.
pub enum Made {
    View(Arc<dyn TableProvider>),
    Rows(Kept),
}

/// Makes a table by its SELECT. `session` gives the tables that it may read to an engine.
///
/// If its joins do not fit into the memory that queries may take, it is made again with joins that spill; and if these find
/// no room beside other tables, once more without any.
pub async fn make_table(
    engine: &Engine,
    table: &Table,
    parameters: &ParamValues,
    session: impl Fn(&Engine) -> Result<SessionContext>,
) -> Result<Made> {
    let planned = plan_table(&session(engine)?, table, parameters).await?;
    if table.is_view() {
        return Ok(Made::View(planned.into_view()));
    }
    let beside_others = engine.making.read().await;
    let mut kept = collect(planned, table, &engine.shelf).await;
    let frugally = async || {
        let planned = plan_table(&session(&engine.frugal())?, table, parameters).await?;
        collect(planned, table, &engine.shelf).await
    };
    if is_for_memory(&kept) {
        kept = frugally().await;
    }
    drop(beside_others);
    if is_for_memory(&kept) && engine.at_once > 1 {
        let _alone = engine.making.write().await;
        kept = frugally().await;
    }
    kept.map(Made::Rows).map_err(|unmade| unmade.problem)
}

fn is_for_memory(made: &std::result::Result<Kept, Unmade>) -> bool {
    made.as_ref().is_err_and(|unmade| unmade.for_memory)
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

/// Why a table was not made, and whether it was for memory alone.
struct Unmade {
    problem: Problem,
    for_memory: bool,
}

impl From<Problem> for Unmade {
    fn from(problem: Problem) -> Self {
        Self { problem, for_memory: false }
    }
}

/// Runs a planned table: rows sorted by the grain, each key once, put away as they come.
async fn collect(planned: DataFrame, table: &Table, shelf: &Shelf) -> std::result::Result<Kept, Unmade> {
    let file = match &table.origin {
        crate::graph::Origin::Sql(sql) => Some(&sql.file),
        _ => None,
    };
    let failed = |e: DataFusionError| Unmade {
        for_memory: matches!(e.find_root(), DataFusionError::ResourcesExhausted(_)),
        problem: fault_at(e, &table.name, file),
    };
    let grain = table.grain();
    let planned = match grain.is_empty() {
        true => planned,
        false => {
            let by =
                |name: &String| Expr::Column(datafusion::common::Column::from_name(name)).sort(true, true);
            planned.sort(grain.iter().map(by).collect()).map_err(failed)?
        }
    };
    let schema = kept_schema(planned.schema().as_arrow());
    let mut keys = OneRowPerKey::of(table, &schema)?;
    let mut keeper = shelf.open(&table.name, Arc::clone(&schema));
    let mut batches = rows_of(planned).await.map_err(failed)?;
    while let Some(batch) = batches.next().await {
        let batch = as_kept(&schema, &batch.map_err(failed)?).map_err(|e| failed(e.into()))?;
        if let Some(keys) = &mut keys {
            keys.check(&batch)?;
        }
        keeper.push(batch)?;
    }
    Ok(keeper.finish()?)
}

/// Looks for neighbours with one key, in rows that come in order of the grain.
struct OneRowPerKey<'t> {
    table: &'t Table,
    columns: Vec<usize>,
    converter: RowConverter,
    last: Option<Vec<u8>>,
}

impl<'t> OneRowPerKey<'t> {
    /// None for a table without a grain.
    fn of(table: &'t Table, schema: &SchemaRef) -> Result<Option<Self>> {
        let grain = table.grain();
        if grain.is_empty() {
            return Ok(None);
        }
        let broken = |e: ArrowError| broken(table, &e);
        let columns = grain.iter().map(|g| schema.index_of(g)).collect::<std::result::Result<Vec<_>, _>>();
        let columns = columns.map_err(broken)?;
        let fields = columns.iter().map(|i| SortField::new(schema.field(*i).data_type().clone())).collect();
        let converter = RowConverter::new(fields).map_err(broken)?;
        Ok(Some(Self { table, columns, converter, last: None }))
    }

    /// Neighbours with one key are a problem that shows it.
    fn check(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns: Vec<_> = self.columns.iter().map(|i| Arc::clone(batch.column(*i))).collect();
        let keys = self.converter.convert_columns(&columns).map_err(|e| broken(self.table, &e))?;
        for i in 0..keys.num_rows() {
            let (this, before) = (keys.row(i), self.last.as_deref());
            let same = if i == 0 { before == Some(this.as_ref()) } else { keys.row(i - 1) == this };
            if same {
                let values: Vec<String> = columns
                    .iter()
                    .map(|c| arrow::util::display::array_value_to_string(c, i).unwrap_or_default())
                    .collect();
                return Err(Problem::failed(format!(
                    "table `{}` has two rows for {} = {}",
                    self.table.name,
                    self.table.grain().join(", "),
                    values.join(", ")
                ))
                .help("its header's grain says that there is one: mend the join, or the grain"));
            }
        }
        if keys.num_rows() > 0 {
            self.last = Some(keys.row(keys.num_rows() - 1).as_ref().to_vec());
        }
        Ok(())
    }
}

fn broken(table: &Table, e: &ArrowError) -> Problem {
    Problem::failed(format!("table `{}`: {e}", table.name))
}
