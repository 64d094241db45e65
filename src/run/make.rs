//! The order of work: every step once what it reads is made, several at a time, and rows let go of when read last.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use futures::{StreamExt, stream::FuturesUnordered};

use super::{Build, progress::Progress};
use crate::{
    engine::steps::{Order, Step, Steps, plan_steps},
    problem::{Problem, Result, Severity},
    warehouse,
};

/// How often the memory that the process holds is looked at.
const LOOK_AT_MEMORY: Duration = Duration::from_millis(20);

impl Build<'_> {
    /// Makes `targets` at the as-of day, and whatever they need at whatever day. `done` gets what was made, as it is made.
    pub async fn make(
        &mut self,
        targets: &[&str],
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) -> Result<()> {
        let day = self.settings.as_of.day;
        self.make_steps(targets.iter().map(|t| Step { day, table: t.to_string() }).collect(), progress, done)
            .await
    }

    /// As [`Self::make`], at any days. What was wanted once is not made again.
    pub(super) async fn make_steps(
        &mut self,
        targets: BTreeSet<Step>,
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) -> Result<()> {
        let settings = self.settings;
        let steps = plan_steps(&Order {
            graph: &settings.graph,
            targets: &targets,
            as_of: settings.as_of.day,
            cutoffs: settings.pipeline.cutoffs,
            past: &self.past_to_read(),
            made: &self.made,
            shared: &self.may_share,
        })?;
        self.made.extend(targets);
        self.cutoffs.clone_from(&steps.cutoffs);
        self.with_reasons.extend(steps.order.iter().map(|step| step.table.clone()));
        let made = |s: &&Step| settings.graph.get(&s.table).is_some_and(|t| !t.is_view());
        progress.stage("building tables", Some(steps.order.iter().filter(made).count()));
        let mut queue = Queue::new(&steps);
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.tables_at_once() {
                let Some(place) = queue.next() else { break };
                running.push(self.make_step(place, &steps.order[place], progress));
            }
            let Some((place, finished)) = self.within_memory(running.next()).await? else {
                return Ok(());
            };
            done.extend(finished?);
            for unread in queue.finish(place) {
                let step = &steps.order[unread];
                // A view holds no rows, and is part of what inlined it.
                if settings.graph.get(&step.table).is_some_and(|t| !t.is_view()) {
                    self.moment(step.day).forget(&step.table)?;
                }
            }
            self.settings.memory.give_back();
        }
    }

    /// Waits, and ends the run if it takes more memory than it may.
    async fn within_memory<T>(&self, wait: impl Future<Output = T>) -> Result<T> {
        let mut wait = std::pin::pin!(wait);
        loop {
            match tokio::time::timeout(LOOK_AT_MEMORY, &mut wait).await {
                Ok(done) => return Ok(done),
                Err(_) => self.settings.memory.check(|| self.under_way())?,
            }
        }
    }

    async fn make_step(
        &self,
        place: usize,
        step: &Step,
        progress: &dyn Progress,
    ) -> (usize, Result<Option<warehouse::Step>>) {
        let start = Instant::now();
        let made = async {
            let table = self.settings.graph.table(&step.table)?;
            let _begun = self.begin(step);
            if !table.is_view() {
                progress.started(&step.table, step.day);
            }
            let Some(rows) = self.make_one(table, step.day).await? else { return Ok(None) };
            self.keep_for_next_night(step).await;
            let done = warehouse::Step {
                table: step.table.clone(),
                as_of: step.day,
                rows: Some(rows as u64),
                millis: start.elapsed().as_millis() as u64,
                cached: false,
                error: None,
            };
            progress.finished(&done);
            Ok(Some(done))
        };
        let made: Result<_> = made.await;
        (place, made.map_err(|problem| on_day(problem, step, self.settings.as_of.day)))
    }
}

/// A fault of a past day says which.
fn on_day(mut problem: Problem, step: &Step, today: NaiveDate) -> Problem {
    if step.day != today && problem.severity == Severity::Failed {
        problem.message = format!("{} (as of {})", problem.message, step.day);
    }
    problem
}

/// Which steps can begin, and whose rows nobody will read again.
struct Queue<'a> {
    steps: &'a Steps,
    /// Per step, how many of those that it reads are still to be made.
    waits: Vec<usize>,
    /// Per step, how many that read it are still to be made.
    readers_left: Vec<usize>,
    /// In the planned order, which keeps a day's rows together.
    ready: BTreeSet<usize>,
}

impl<'a> Queue<'a> {
    fn new(steps: &'a Steps) -> Self {
        let waits: Vec<usize> = steps.reads.iter().map(BTreeSet::len).collect();
        let mut readers_left = vec![0; steps.order.len()];
        steps.reads.iter().flatten().for_each(|read| readers_left[*read] += 1);
        let ready = (0..waits.len()).filter(|place| waits[*place] == 0).collect();
        Self { steps, waits, readers_left, ready }
    }

    fn next(&mut self) -> Option<usize> {
        self.ready.pop_first()
    }

    /// Places whose rows can go now that `done` is made.
    fn finish(&mut self, done: usize) -> Vec<usize> {
        for place in done + 1..self.waits.len() {
            if self.steps.reads[place].contains(&done) {
                self.waits[place] -= 1;
                if self.waits[place] == 0 {
                    self.ready.insert(place);
                }
            }
        }
        let mut unread = Vec::new();
        for read in &self.steps.reads[done] {
            self.readers_left[*read] -= 1;
            if self.readers_left[*read] == 0 && !self.steps.wanted.contains(read) {
                unread.push(*read);
            }
        }
        unread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_waits_for_what_it_reads_and_rows_go_after_their_last_reader() {
        let step = |table: &str| Step { day: Default::default(), table: table.into() };
        let steps = Steps {
            order: vec![step("a"), step("b"), step("c"), step("d")],
            reads: vec![[].into(), [0].into(), [0].into(), [1, 2].into()],
            wanted: [3].into(),
            cutoffs: Vec::new(),
        };
        let mut queue = Queue::new(&steps);
        assert_eq!((queue.next(), queue.next()), (Some(0), None));
        assert!(queue.finish(0).is_empty());
        assert_eq!((queue.next(), queue.next(), queue.next()), (Some(1), Some(2), None));
        assert!(queue.finish(2).is_empty());
        assert_eq!(queue.finish(1), [0]);
        assert_eq!(queue.next(), Some(3));
        assert_eq!(queue.finish(3), [1, 2]);
    }
}
