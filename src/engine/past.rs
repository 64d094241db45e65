//! The past days that models learn from, and what the tables of such a day are made of.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};

use super::steps::Step;
use crate::{
    graph::{Graph, Origin, Table, references::Time},
    lake::as_of::days_after,
    problem::{Problem, Result},
    project::pipeline::Cutoffs,
};

/// Days to learn from: firsts of months on a fixed grid, the newest `count` whose shortest label window is over.
pub fn cutoff_days(cutoffs: Cutoffs, as_of: NaiveDate, shortest_horizon: u32) -> Vec<NaiveDate> {
    let newest = as_of.checked_sub_days(chrono::Days::new(shortest_horizon.into())).unwrap_or(NaiveDate::MIN);
    let month = newest.month0() - newest.month0() % cutoffs.every_months;
    let first = NaiveDate::from_ymd_opt(newest.year(), month + 1, 1);
    let mut days: Vec<NaiveDate> = (0..cutoffs.count)
        .filter_map(|i| first?.checked_sub_months(Months::new(i * cutoffs.every_months)))
        .collect();
    days.reverse();
    days
}

/// The horizon of a model's label, in days.
pub fn horizon(graph: &Graph, label: &str) -> Result<u32> {
    label_horizon(graph.table(label)?).ok_or_else(|| Problem::setup(format!("`{label}` is no label")))
}

pub(super) fn label_horizon(table: &Table) -> Option<u32> {
    match &table.origin {
        Origin::Sql(sql) => sql.header.horizon_days,
        _ => None,
    }
}

/// Past days for which this model's label window is over at `as_of`.
pub fn labelled(cutoffs: &[NaiveDate], horizon: u32, as_of: NaiveDate) -> Vec<NaiveDate> {
    cutoffs.iter().copied().filter(|day| days_after(*day, horizon) <= as_of).collect()
}

/// The models that are fitted, or of which is asked, for `targets`.
pub fn fitted_for<'a>(graph: &'a Graph, targets: impl IntoIterator<Item = &'a str>) -> Vec<&'a Table> {
    let needed = graph.closure(targets);
    let reads_models = needed.iter().filter_map(|n| graph.get(n)).any(Table::reads_models);
    let fitted = graph.in_order().filter(|table| table.origin.fitted_on().is_some());
    fitted.filter(|table| reads_models || needed.contains(table.name.as_str())).collect()
}

/// Past days that these models learn from, oldest first: those of the label that is known soonest.
pub fn learning_days(
    graph: &Graph,
    fitted: &[&Table],
    cutoffs: Cutoffs,
    as_of: NaiveDate,
) -> Result<Vec<NaiveDate>> {
    let labels = fitted.iter().filter_map(|table| table.origin.fitted_on());
    let horizons: Vec<u32> = labels.map(|(_, label)| horizon(graph, label)).collect::<Result<_>>()?;
    let shortest = horizons.into_iter().min();
    Ok(shortest.map_or_else(Vec::new, |days| cutoff_days(cutoffs, as_of, days)))
}

/// Of these days those that `model` reads to be fitted as of `as_of`.
pub fn past_of(graph: &Graph, model: &Table, days: &[NaiveDate], as_of: NaiveDate) -> Result<Vec<NaiveDate>> {
    let Some((_, label)) = model.origin.fitted_on() else { return Ok(Vec::new()) };
    let mut past = labelled(days, horizon(graph, label)?, as_of);
    if let Origin::Lifetime { .. } = &model.origin {
        // It is fitted on today, and only measured on the past.
        past.drain(..past.len().saturating_sub(1));
    }
    Ok(past)
}

/// A step and all that its rows are made of, if that is the lake alone: no model, and no published set.
pub fn made_of(graph: &Graph, step: &Step) -> Option<BTreeSet<Step>> {
    let mut found = BTreeSet::new();
    let mut open = vec![step.clone()];
    while let Some(step) = open.pop() {
        let table = graph.get(&step.table)?;
        if !matches!(table.origin, Origin::Source(_) | Origin::Sql(_) | Origin::Judged { .. }) {
            return None;
        }
        if found.insert(step.clone()) {
            for read in &table.reads {
                let day = match read.time {
                    Time::Now => step.day,
                    Time::Future => days_after(step.day, label_horizon(table)?),
                    Time::Previous | Time::History | Time::Engine => return None,
                };
                open.push(Step { day, table: read.table.clone() });
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn cutoffs_lie_on_a_grid_that_the_night_does_not_move() {
        let quarterly = Cutoffs { every_months: 3, count: 3 };
        let expected = [day("2025-04-01"), day("2025-07-01"), day("2025-10-01")];
        assert_eq!(cutoff_days(quarterly, day("2026-03-31"), 90), expected);
        assert_eq!(cutoff_days(quarterly, day("2026-01-15"), 90), expected);
        assert_eq!(cutoff_days(quarterly, day("2026-04-01"), 90).last(), Some(&day("2026-01-01")));
    }

    #[test]
    fn a_cutoff_serves_a_label_once_its_window_is_over() {
        let cutoffs = [day("2025-07-01"), day("2025-10-01"), day("2026-01-01")];
        assert_eq!(labelled(&cutoffs, 180, day("2026-04-01")).len(), 2);
        assert_eq!(labelled(&cutoffs, 90, day("2026-04-01")).len(), 3);
    }
}
