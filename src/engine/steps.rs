//! What a run makes, in order: (table, day), each after all that it reads, at past cutoffs and today.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::past::{fitted_for, label_horizon, learning_days, past_of};
use crate::{
    graph::{Graph, Table, references::Time},
    lake::as_of::days_after,
    problem::Result,
    project::pipeline::Cutoffs,
};

/// One table to make at one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub day: NaiveDate,
    pub table: String,
}

/// The order of a run: each step after those that it reads.
pub struct Steps {
    pub order: Vec<Step>,
    /// Per step, the places in `order` of what it reads, directly or through views.
    pub reads: Vec<BTreeSet<usize>>,
    /// Places of the steps whose rows are wanted at the end.
    pub wanted: BTreeSet<usize>,
    /// Past days to learn from, oldest first.
    pub cutoffs: Vec<NaiveDate>,
}

/// What is to be made, and what a run knows of it before.
pub struct Order<'a> {
    pub graph: &'a Graph,
    pub targets: &'a BTreeSet<Step>,
    pub as_of: NaiveDate,
    pub cutoffs: Cutoffs,
    /// Which past days models read that do not read all that they could learn from: those that are not fitted tonight none.
    pub past: &'a BTreeMap<String, BTreeSet<NaiveDate>>,
    /// Steps that an earlier order of this run made, whose rows are there.
    pub made: &'a BTreeSet<Step>,
    /// What a table of the same day may read beyond what it names: for each [`Origin::Recomputed`], what it may share.
    pub shared: &'a BTreeMap<String, BTreeSet<String>>,
}

/// Orders the making of all targets.
pub fn plan_steps(asked: &Order) -> Result<Steps> {
    let fitted = fitted_for(asked.graph, asked.targets.iter().map(|step| step.table.as_str()));
    let days = learning_days(asked.graph, &fitted, asked.cutoffs, asked.as_of)?;
    let mut planner =
        Planner { asked, cutoffs: &days, seen: BTreeSet::new(), order: Vec::new(), reads: Vec::new() };
    for target in asked.targets {
        planner.need(&target.table, target.day)?;
    }
    let places: BTreeMap<&Step, usize> =
        planner.order.iter().enumerate().map(|(i, step)| (step, i)).collect();
    let at = |steps: &BTreeSet<Step>| steps.iter().filter_map(|s| places.get(s).copied()).collect();
    let (reads, wanted) = (planner.reads.iter().map(at).collect(), at(asked.targets));
    Ok(Steps { order: planner.order, reads, wanted, cutoffs: days })
}

struct Planner<'a> {
    asked: &'a Order<'a>,
    cutoffs: &'a [NaiveDate],
    seen: BTreeSet<Step>,
    order: Vec<Step>,
    /// Per step of `order`, what it reads; a view's reads count for its readers too.
    reads: Vec<BTreeSet<Step>>,
}

impl Planner<'_> {
    fn need(&mut self, name: &str, day: NaiveDate) -> Result<()> {
        let step = Step { day, table: name.to_owned() };
        if self.asked.made.contains(&step) || !self.seen.insert(step.clone()) {
            return Ok(());
        }
        let table = self.asked.graph.table(name)?;
        let reads = self.direct_reads(table, day)?;
        for read in &reads {
            self.need(&read.table, read.day)?;
        }
        let reads = self.through_views(reads)?;
        self.order.push(step);
        self.reads.push(reads);
        Ok(())
    }

    fn direct_reads(&self, table: &Table, day: NaiveDate) -> Result<BTreeSet<Step>> {
        let at = |table: &str, day| Step { table: table.to_owned(), day };
        let mut reads = BTreeSet::new();
        if let Some((inputs, label)) = table.origin.fitted_on() {
            let past = past_of(self.asked.graph, table, self.cutoffs, self.asked.as_of)?;
            let wanted = self.asked.past.get(&table.name);
            for cutoff in past.into_iter().filter(|day| wanted.is_none_or(|days| days.contains(day))) {
                reads.insert(at(inputs, cutoff));
                reads.insert(at(label, cutoff));
            }
            reads.insert(at(inputs, day));
            return Ok(reads);
        }
        let shared = self.asked.shared.get(&table.name).into_iter().flatten();
        reads.extend(shared.map(|name| at(name, day)));
        for read in &table.reads {
            match read.time {
                Time::Now => {
                    reads.insert(at(&read.table, day));
                }
                Time::Future => {
                    let days = label_horizon(table).unwrap_or_default();
                    reads.insert(at(&read.table, days_after(day, days)));
                }
                Time::Previous | Time::History => {}
                Time::Engine if read.table == "sources" => {}
                Time::Engine => reads.extend(self.asked.graph.fitted().map(|(model, _, _)| at(model, day))),
            }
        }
        Ok(reads)
    }

    fn through_views(&self, direct: BTreeSet<Step>) -> Result<BTreeSet<Step>> {
        let mut all = direct.clone();
        let mut open: Vec<Step> = direct.into_iter().collect();
        while let Some(step) = open.pop() {
            let table = self.asked.graph.table(&step.table)?;
            if table.is_view() {
                open.extend(
                    self.direct_reads(table, step.day)?.into_iter().filter(|s| all.insert(s.clone())),
                );
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_recomputed_table_may_share_is_kept_until_it_is_made() {
        let sources =
            "[people]\npath = 'a.parquet'\nkind = 'static'\n[people.columns]\ncustomer_id = 'text'\n";
        let card = "kind = 'scorecard'\nfrom = 'people'\n[[component]]\nname = 'one'\nweight = 1\nvalue = '1'\n\
                    points = [[0, 0], [1, 100]]\n";
        let axis = "{ scores = { card = 1 }, cut = { fixed = 50 } }";
        let place = format!("kind = 'quadrant'\nfrom = 'people'\nx = {axis}\ny = {axis}\n");
        let texts = [
            ("sql/sources.toml", sources),
            ("models/card.toml", card),
            ("models/place.toml", place.as_str()),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let graph = Graph::new(&crate::project::Project::of(&texts).unwrap()).unwrap();
        let reads = |shared: &[&str]| -> Vec<String> {
            let step = Step { day: day("2026-04-01"), table: "place_recomputed".into() };
            let shared = shared.iter().map(|name| (*name).to_owned()).collect();
            let steps = plan_steps(&Order {
                graph: &graph,
                targets: &[step.clone()].into(),
                as_of: step.day,
                cutoffs: Cutoffs { every_months: 3, count: 6 },
                past: &BTreeMap::new(),
                made: &BTreeSet::new(),
                shared: &[(step.table.clone(), shared)].into(),
            });
            let steps = steps.unwrap_or_else(|problem| panic!("{problem}"));
            let place = steps.order.iter().position(|one| *one == step).unwrap();
            steps.reads[place].iter().map(|read| steps.order[*read].table.clone()).collect()
        };
        assert_eq!(reads(&[]), ["place"]);
        assert_eq!(reads(&["card", "people"]), ["people", "card", "place"]);
    }
}
