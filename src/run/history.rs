//! `history.NAME`: a published table in the sets of the months before.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Int64Array, RecordBatch},
    datatypes::SchemaRef,
};
use chrono::{Days, Months, NaiveDate};

use super::{Build, audits::fit_to, build::contract};
use crate::{
    engine::{moment::put, plan::history_schema, tables::Rows},
    graph::references::{Reference, Time},
    problem::{Problem, Result},
    project::alerts_toml::MONTHS_OF_HISTORY,
    warehouse::{Pointer, Warehouse},
};

/// A month back, the set of that very day or the newest of so many days before it: a night may have been left out.
const DAYS_BEFORE: u64 = 7;

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
        let months = past_months(&warehouse.pointer().await?, self.settings.as_of.day);
        for name in named {
            let Some(contract) = contract(graph.table(name)?) else { continue };
            let fields: Vec<_> = contract.fields().iter().map(|f| f.as_ref().clone()).collect();
            let schema = history_schema(&fields);
            let mut batches = Vec::new();
            for (months_ago, day) in &months {
                let Some(manifest) = warehouse.manifest(*day).await?.filter(|m| m.table(name).is_some())
                else {
                    continue;
                };
                for batch in warehouse.read_table(&manifest, name).await? {
                    let batch = fit_to(&batch, &contract, name)?;
                    batches.push(dated(&batch, *day, *months_ago, &schema)?);
                }
            }
            let rows = Rows { schema, batches };
            put(&self.shared.history, name, rows.into_table(self.engine.threads)?)?;
        }
        Ok(())
    }
}

/// The sets that stand for 1, 2, … months before a day, as far as there are any.
fn past_months(pointer: &Pointer, as_of: NaiveDate) -> Vec<(i64, NaiveDate)> {
    let one = |months: u32| {
        let day = as_of.checked_sub_months(Months::new(months))?;
        let earliest = day.checked_sub_days(Days::new(DAYS_BEFORE))?;
        let (set, _) = pointer.sets.range(earliest..=day).next_back()?;
        Some((i64::from(months), *set))
    };
    (1..=MONTHS_OF_HISTORY).filter_map(one).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_back_is_the_same_day_or_the_newest_of_a_week_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let sets = ["2026-03-01", "2026-01-29", "2025-12-20", "2025-04-01"];
        let mut pointer = Pointer::default();
        pointer.sets.extend(sets.map(|d| (day(d), "run".to_owned())));
        let found = past_months(&pointer, day("2026-04-01"));
        assert_eq!(found, [(1, day("2026-03-01")), (2, day("2026-01-29")), (12, day("2025-04-01"))]);
        // A month before the 31st of May is the 30th of April.
        let mut pointer = Pointer::default();
        pointer.sets.insert(day("2026-04-30"), "run".into());
        assert_eq!(past_months(&pointer, day("2026-05-31")), [(1, day("2026-04-30"))]);
    }
}
