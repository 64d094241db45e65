//! `history.NAME`: a published table in the sets of the months before.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Int64Array, RecordBatch},
    datatypes::SchemaRef,
};
use chrono::{Months, NaiveDate};

use super::{Build, audits::fit_to, build::contract};
use crate::{
    engine::{moment::put, plan::history_schema, tables::Rows},
    graph::references::{Reference, Time},
    problem::{Problem, Result},
    project::alerts_toml::MONTHS_OF_HISTORY,
    warehouse::{Pointer, Warehouse},
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

/// The sets that stand for 1, 2, … months before a day, as far as there are any: the newest that is so many months old, and
/// not yet one more. With a set a night that is the same day of that month; with one a month, whichever day is asked.
fn past_months(pointer: &Pointer, as_of: NaiveDate) -> Vec<(i64, NaiveDate)> {
    let one = |months: u32| {
        let day = as_of.checked_sub_months(Months::new(months))?;
        let too_old = as_of.checked_sub_months(Months::new(months + 1))?;
        let (set, _) = pointer.sets.range(..=day).next_back()?;
        (*set > too_old).then_some((i64::from(months), *set))
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

    fn found(sets: &[&str], as_of: &str) -> Vec<(i64, String)> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut pointer = Pointer::default();
        pointer.sets.extend(sets.iter().map(|d| (day(d), "run".to_owned())));
        past_months(&pointer, day(as_of)).into_iter().map(|(ago, day)| (ago, day.to_string())).collect()
    }

    #[test]
    fn a_month_ago_is_the_newest_set_that_is_a_month_old_and_not_two() {
        let sets = ["2026-03-01", "2026-01-29", "2025-12-20", "2025-04-01"];
        let told = |list: &[(i64, &str)]| list.iter().map(|(n, d)| (*n, (*d).to_owned())).collect::<Vec<_>>();
        let expected = told(&[(1, "2026-03-01"), (2, "2026-01-29"), (3, "2025-12-20"), (12, "2025-04-01")]);
        assert_eq!(found(&sets, "2026-04-01"), expected);
        // Sets of the first serve every night of a month, each once.
        let firsts = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
        let expected = told(&[(1, "2026-03-01"), (2, "2026-02-01"), (3, "2026-01-01")]);
        assert_eq!(found(&firsts, "2026-04-15"), expected);
        assert_eq!(found(&firsts, "2026-04-30"), expected);
        // A month before the 31st of May is the 30th of April.
        assert_eq!(found(&["2026-04-30"], "2026-05-31"), told(&[(1, "2026-04-30")]));
        assert_eq!(found(&["2026-04-30"], "2026-05-29"), told(&[]));
    }
}
