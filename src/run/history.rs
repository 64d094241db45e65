//! `history.NAME`: a published table in the sets of the months before.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Int64Array, RecordBatch},
    datatypes::SchemaRef,
};
use chrono::NaiveDate;

use super::{Build, audits::fit_to, build::contract};
use crate::{
    engine::{moment::put, plan::history_schema},
    graph::references::{Reference, Time},
    problem::{Problem, Result},
    project::alerts_toml::MONTHS_OF_HISTORY,
    warehouse::Warehouse,
};

impl Build<'_> {
    /// Makes `history.NAME` readable as far as `targets`, or a query itself, read it.
    pub async fn open_history(
        &self,
        warehouse: &Warehouse,
        targets: &[&str],
        asked: &[Reference],
    ) -> Result<()> {
        let graph = &self.settings.graph;
        let needed = graph.closure(targets.iter().copied());
        let of_targets = needed.iter().filter_map(|name| graph.get(name)).flat_map(|t| t.reads.iter());
        let mut named: Vec<&str> =
            of_targets.chain(asked).filter(|r| r.time == Time::History).map(|r| r.table.as_str()).collect();
        named.sort_unstable();
        named.dedup();
        if named.is_empty() {
            return Ok(());
        }
        let published = |name: &str| self.settings.pipeline.publish.iter().any(|(table, _)| table == name);
        for name in named.iter().filter(|name| !published(name)) {
            self.warn(format!(
                "history.{name} is read, and pipeline `{}` does not publish {name}: there will be no past to look back at",
                self.settings.pipeline.name
            ));
        }
        let months = warehouse.pointer().await?.months_before(self.settings.as_of.day, MONTHS_OF_HISTORY);
        for name in named {
            let Some(contract) = contract(graph.table(name)?) else { continue };
            let fields: Vec<_> = contract.fields().iter().map(|f| f.as_ref().clone()).collect();
            let schema = history_schema(&fields);
            let mut keeper = self.engine.shelf.open(name, Arc::clone(&schema));
            for (months_ago, day) in &months {
                let Some(manifest) = warehouse.manifest(*day).await?.filter(|m| m.table(name).is_some())
                else {
                    continue;
                };
                for batch in warehouse.read_table(&manifest, name).await? {
                    let batch = fit_to(&batch, &contract, name)?;
                    keeper.push(dated(&batch, *day, *months_ago, &schema)?)?;
                }
            }
            put(&self.shared.history, name, keeper.finish()?.table)?;
        }
        Ok(())
    }
}

fn dated(batch: &RecordBatch, day: NaiveDate, months_ago: i64, schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let days = day.signed_duration_since(NaiveDate::default()).num_days() as i32;
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    columns.push(Arc::new(Date32Array::from(vec![days; rows])));
    columns.push(Arc::new(Int64Array::from(vec![months_ago; rows])));
    RecordBatch::try_new(Arc::clone(schema), columns)
        .map_err(|e| Problem::failed(format!("the set of {day}: {e}")))
}
