//! Reading tables that are made, in order of a column.

use std::{collections::HashMap, sync::Arc};

use arrow::array::RecordBatch;
use datafusion::{
    common::ParamValues,
    prelude::{DataFrame, SessionContext},
};
use futures::StreamExt;

use super::{
    Engine, fault,
    kept::KeptRows,
    query, rows_of,
    tables::{Rows, as_kept, kept_schema},
};
use crate::{lake::as_of::quote, problem::Result};

/// The rows of an already made table, in order of `by`.
pub async fn read_sorted(session: &SessionContext, sql: &str, by: &str) -> Result<Rows> {
    let planned = sorted(session, sql, by).await?;
    Rows::of(planned).await.map_err(|e| fault(e, None))
}

/// The same, put away as they come; `look` is shown each batch, and says what is kept of it.
pub async fn keep_sorted(
    engine: &Engine,
    session: &SessionContext,
    (name, sql, by): (&str, &str, &str),
    mut look: impl FnMut(RecordBatch) -> Result<RecordBatch>,
) -> Result<KeptRows> {
    let failed = |e| fault(e, None);
    let planned = sorted(session, sql, by).await?;
    let schema = kept_schema(planned.schema().as_arrow());
    let nobody = look(RecordBatch::new_empty(Arc::clone(&schema)))?;
    let mut keeper = engine.shelf.open(name, nobody.schema());
    let mut batches = rows_of(planned).await.map_err(failed)?;
    while let Some(batch) = batches.next().await {
        let batch = as_kept(&schema, &batch.map_err(failed)?).map_err(|e| failed(e.into()))?;
        keeper.push(look(batch)?)?;
    }
    keeper.rows()
}

async fn sorted(session: &SessionContext, sql: &str, by: &str) -> Result<DataFrame> {
    let none = ParamValues::Map(HashMap::new());
    query(session, &format!("SELECT * FROM ({sql}) ORDER BY {}", quote(by)), &none)
        .await
        .map_err(|e| fault(e, None))
}
