//! What each stage of a run took: time, the process's time on processors, and memory.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use chrono::NaiveDate;

use super::progress::Progress;
use crate::{
    engine::memory::most_held,
    warehouse::{Stage, Step},
};

/// Passes on what it is told, and notes when stages begin.
pub struct Measured<'p> {
    telling: &'p dyn Progress,
    begun: Mutex<Vec<(String, Moment)>>,
}

#[derive(Clone, Copy)]
struct Moment {
    at: Instant,
    cpu_seconds: Option<f64>,
    peak_mb: Option<u64>,
}

impl<'p> Measured<'p> {
    pub fn new(telling: &'p dyn Progress) -> Self {
        Self { telling, begun: Mutex::default() }
    }

    /// The stages so far; the last one ends now.
    pub fn stages(&self) -> Vec<Stage> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, moment)| *moment).chain([Moment::now()]);
        let took = |((stage, from), to): (&(String, Moment), Moment)| Stage {
            stage: stage.clone(),
            seconds: (to.at - from.at).as_secs_f64(),
            cpu_seconds: to.cpu_seconds.zip(from.cpu_seconds).map(|(to, from)| to - from),
            peak_mb: to.peak_mb,
        };
        begun.iter().zip(ends).map(took).collect()
    }
}

impl Moment {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            cpu_seconds: cpu_seconds(),
            peak_mb: most_held().map(|bytes| bytes as u64 >> 20),
        }
    }
}

/// Of all threads of the process since it began, where the system says it.
fn cpu_seconds() -> Option<f64> {
    // After the name, which may hold anything, come state and numbers; the 12th and 13th count hundredths of a second
    // (proc(5): utime and stime, in ticks, of which Linux shows 100 a second).
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut numbers = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || numbers.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

impl Progress for Measured<'_> {
    fn stage(&self, name: &str, steps: Option<usize>) {
        let begins = (name.to_owned(), Moment::now());
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).push(begins);
        self.telling.stage(name, steps);
    }

    fn started(&self, table: &str, day: NaiveDate) {
        self.telling.started(table, day);
    }

    fn finished(&self, step: &Step) {
        self.telling.finished(step);
    }

    fn warning(&self, text: &str) {
        self.telling.warning(text);
    }

    fn note(&self, text: &str) {
        self.telling.note(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Progress for Silent {
        fn stage(&self, _: &str, _: Option<usize>) {}
        fn started(&self, _: &str, _: NaiveDate) {}
        fn finished(&self, _: &Step) {}
        fn warning(&self, _: &str) {}
        fn note(&self, _: &str) {}
    }

    #[test]
    fn stages_follow_one_another_and_the_work_of_each_is_its_own() {
        let measured = Measured::new(&Silent);
        assert!(measured.stages().is_empty());
        measured.stage("waiting", None);
        std::thread::sleep(std::time::Duration::from_millis(30));
        measured.stage("working", Some(1));
        let stages = measured.stages();
        let names: Vec<&str> = stages.iter().map(|stage| stage.stage.as_str()).collect();
        assert_eq!(names, ["waiting", "working"]);
        assert!(stages[0].seconds >= 0.03);
        let cpu = stages.iter().map(|stage| stage.cpu_seconds);
        let peaks: Vec<_> = stages.iter().filter_map(|stage| stage.peak_mb).collect();
        assert!(!cfg!(target_os = "linux") || peaks.len() == 2 && peaks.is_sorted() && peaks[0] > 0);
        assert!(!cfg!(target_os = "linux") || cpu.clone().all(|cpu| cpu.is_some_and(|cpu| cpu >= 0.0)));
    }
}
