//! What is fitted on and what is measured on: parts of the labelled rows that are in or out together.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{
    refusal::count,
    rows::CutoffRows,
    sampling::row_hash,
    spec::{LearnedSpec, SplitKind},
};
use crate::problem::Result;

/// Labelled rows, oldest first.
pub struct Parts {
    parts: Vec<Vec<CutoffRows>>,
    order: Order,
}

enum Order {
    /// A part is a cutoff; the labels of one are known this many days later.
    Time(Days),
    /// A part is some of the customers, at all cutoffs.
    Random,
}

impl Parts {
    /// The parts that `spec` asks for: a cutoff each, or the newest cutoff's customers at random. `cutoffs` are labelled
    /// rows only, oldest first.
    pub fn of(cutoffs: &[CutoffRows], spec: &LearnedSpec, horizon_days: i64) -> Result<Self> {
        match spec.split {
            SplitKind::Time => {
                let horizon = Days::new(u64::try_from(horizon_days).unwrap_or(u64::MAX));
                let parts = cutoffs.iter().map(|rows| vec![rows.clone()]).collect();
                Ok(Self { parts, order: Order::Time(horizon) })
            }
            SplitKind::Random => {
                let newest = cutoffs.len().saturating_sub(1);
                Self::by_customer(cutoffs[newest..].iter(), spec.folds, spec.seed)
            }
        }
    }

    /// `folds` parts with about the same number of customers and of customers with an event; a customer's rows stay
    /// together, so that no model is measured on a customer whom it has seen.
    pub fn by_customer<'a>(
        cutoffs: impl Iterator<Item = &'a CutoffRows> + Clone,
        folds: usize,
        seed: u64,
    ) -> Result<Self> {
        let mut customers: BTreeMap<String, bool> = BTreeMap::new();
        for rows in cutoffs.clone() {
            for (id, label) in rows.customers.iter().zip(&rows.label) {
                let event = label.is_some_and(|v| v > 0.0);
                *customers.entry(id.unwrap_or_default().to_owned()).or_default() |= event;
            }
        }
        // By class, then by hash: dealt out in turn, every part gets its share of both classes.
        let mut dealt: Vec<(bool, [u8; 32], &str)> = customers
            .iter()
            .map(|(id, event)| (*event, row_hash(id, NaiveDate::default(), seed), id.as_str()))
            .collect();
        dealt.sort_unstable();
        let part_of: BTreeMap<&str, usize> =
            dealt.iter().enumerate().map(|(place, (_, _, id))| (*id, place % folds)).collect();
        let mut parts = vec![Vec::new(); folds];
        for rows in cutoffs {
            let mut members: Vec<Vec<u32>> = vec![Vec::new(); folds];
            for (row, id) in (0u32..).zip(&rows.customers) {
                members[part_of[id.unwrap_or_default()]].push(row);
            }
            for (part, members) in parts.iter_mut().zip(members) {
                part.push(rows.take(&members)?);
            }
        }
        Ok(Self { parts, order: Order::Random })
    }

    pub fn all(&self) -> Vec<usize> {
        (0..self.parts.len()).collect()
    }

    pub fn part(&self, place: usize) -> &[CutoffRows] {
        &self.parts[place]
    }

    /// The rows of several parts, by cutoff.
    pub fn rows(&self, places: &[usize]) -> Vec<&CutoffRows> {
        let mut rows: Vec<&CutoffRows> = places.iter().flat_map(|place| &self.parts[*place]).collect();
        // Stable: parts of one day stay in their order.
        rows.sort_by_key(|rows| rows.cutoff);
        rows
    }

    /// Which of `among` a model measured on `test` may learn from: those whose labels were known on that day
    /// (`cutoff + horizon <= test`), or, without time, all others.
    pub fn learnable(&self, test: usize, among: &[usize]) -> Vec<usize> {
        let may = |place: usize| match self.order {
            Order::Random => place != test,
            Order::Time(horizon) => {
                let day = |place: usize| self.parts[place].first().map(|rows: &CutoffRows| rows.cutoff);
                let known = day(place).and_then(|day| day.checked_add_days(horizon));
                known.zip(day(test)).is_some_and(|(known, test)| known <= test)
            }
        };
        among.iter().copied().filter(|place| may(*place)).collect()
    }

    /// The parts to measure on within `among`, oldest first: the newest `folds` that have something to learn from and
    /// whose labels look at different days; without time, all.
    pub fn tests(&self, among: &[usize], folds: usize) -> Vec<usize> {
        let mut able = among
            .iter()
            .copied()
            .filter(|place| !self.learnable(*place, among).is_empty())
            .collect::<Vec<_>>();
        if matches!(self.order, Order::Random) {
            return able;
        }
        let mut tests: Vec<usize> = Vec::new();
        while let Some(place) = able.pop() {
            // Two cutoffs within one horizon share most of what came: they are no two witnesses.
            let apart = tests.last().is_none_or(|later| !self.learnable(*later, &[place]).is_empty());
            if apart && tests.len() < folds {
                tests.push(place);
            }
        }
        tests.reverse();
        tests
    }

    /// The tests whose fits learn from enough to speak for a fit on all of `among`: both classes, and half of the events (or,
    /// where no test has that many, the newest). A fit on less is less sure than it may be, and would have later ones
    /// calibrated down.
    pub fn telling_tests(&self, among: &[usize], folds: usize) -> Vec<usize> {
        let learned = |test: usize| count(&self.rows(&self.learnable(test, among)));
        let mut tests = self.tests(among, folds);
        tests.retain(|test| {
            let (rows, events) = learned(*test);
            events > 0 && events < rows
        });
        let (_, all) = count(&self.rows(among));
        let enough: Vec<usize> = tests.iter().copied().filter(|test| 2 * learned(*test).1 >= all).collect();
        match enough.is_empty() {
            true => tests.split_off(tests.len().saturating_sub(1)),
            false => enough,
        }
    }

    pub fn is_in_time(&self) -> bool {
        matches!(self.order, Order::Time(_))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, StringArray};
    use proptest::prelude::*;

    use super::*;
    use crate::learn::{spec::LearnedKind, synthetic};

    fn cutoffs(days: &[&str], customers: usize) -> Vec<CutoffRows> {
        let made = days.iter().map(|day| synthetic::cutoff(day, customers, LearnedKind::Probability));
        made.map(|rows| rows.labelled(None).unwrap()).collect()
    }

    #[test]
    fn in_time_only_what_was_known_by_the_test_day_is_learned() {
        let days = ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"];
        let spec = synthetic::spec(LearnedKind::Probability);
        let parts = Parts::of(&cutoffs(&days, 10), &spec, 90).unwrap();
        assert_eq!(parts.learnable(3, &parts.all()), [0, 1, 2]);
        assert_eq!(parts.learnable(2, &[0, 3]), [0]);
        assert_eq!(parts.tests(&parts.all(), 2), [2, 3]);
        // A label that takes half a year: the cutoff before the last was not known yet.
        let slow = Parts::of(&cutoffs(&days, 10), &spec, 180).unwrap();
        assert_eq!(slow.learnable(3, &slow.all()), [0, 1]);
        assert_eq!(slow.tests(&slow.all(), 9), [3], "2025-07-01 and 2025-10-01 look at the same days");
    }

    #[test]
    fn random_parts_hold_each_customer_once_with_events_in_equal_shares() {
        let cutoffs = cutoffs(&["2025-07-01", "2025-10-01"], 1_000);
        let parts = Parts::by_customer(cutoffs.iter(), 5, 7).unwrap();
        let mut seen = BTreeMap::new();
        for place in parts.all() {
            let mut events = std::collections::BTreeSet::new();
            for rows in parts.part(place) {
                for (id, label) in rows.customers.iter().zip(&rows.label) {
                    let id = id.unwrap().to_owned();
                    assert_eq!(*seen.entry(id.clone()).or_insert(place), place, "{id} is in two parts");
                    events.extend((*label == Some(1.0)).then_some(id));
                }
            }
            assert_eq!(parts.learnable(place, &parts.all()).len(), 4);
            let (least, most) = (60, 110);
            assert!((least..most).contains(&events.len()), "{} events", events.len());
        }
        assert_eq!(seen.len(), 980, "one of 50 has no label");
    }

    proptest! {
        #[test]
        fn nothing_that_was_not_known_is_learned_from(
            offsets in prop::collection::btree_set(0u64..2_000, 1..12),
            horizon in 1i64..400,
        ) {
            let cutoffs: Vec<CutoffRows> = offsets
                .iter()
                .map(|offset| {
                    let cutoff = synthetic::day("2020-01-01") + chrono::Days::new(*offset);
                    let ids = Arc::new(StringArray::from(vec!["C1"])) as ArrayRef;
                    CutoffRows::of(cutoff, synthetic::table(vec![("customer_id", ids)]), vec![Some(1.0)]).unwrap()
                })
                .collect();
            let parts = Parts::of(&cutoffs, &synthetic::spec(LearnedKind::Probability), horizon).unwrap();
            for test in parts.all() {
                let known = parts.learnable(test, &parts.all());
                for (place, rows) in cutoffs.iter().enumerate() {
                    let over = rows.cutoff + chrono::Days::new(horizon as u64) <= cutoffs[test].cutoff;
                    prop_assert_eq!(over, known.contains(&place));
                }
            }
            let tests = parts.tests(&parts.all(), 1);
            let newest = parts.learnable(parts.all().len() - 1, &parts.all());
            prop_assert_eq!(tests.is_empty(), newest.is_empty());
        }
    }
}
