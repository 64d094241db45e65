//! Which days are to be filled in, and which of them are.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};

use super::{Stands, State};
use crate::{
    problem::{Problem, Result},
    run::settings::Settings,
    warehouse::Pointer,
};

/// Which days are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub every: Every,
    /// Also days that have a set.
    pub again: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Day,
    Week,
    /// The day of the month that `from` is, or the last of a shorter month.
    Month,
}

impl Wanted {
    /// `from` and every day after it by whole steps, up to `to`.
    pub fn days(&self) -> Vec<NaiveDate> {
        // Always counted from the first: the 31st comes back after a February.
        let day = |n: u32| match self.every {
            Every::Day => self.from.checked_add_days(Days::new(n.into())),
            Every::Week => self.from.checked_add_days(Days::new(7 * u64::from(n))),
            Every::Month => self.from.checked_add_months(Months::new(n)),
        };
        (0..).map_while(day).take_while(|day| *day <= self.to).collect()
    }
}

/// Days that cannot be, before anything is made.
pub(super) fn check_days(settings: &Settings, wanted: &Wanted, days: &[NaiveDate]) -> Result<()> {
    let Wanted { from, to, .. } = wanted;
    let Some(last) = days.last() else {
        return Err(Problem::setup(format!("--from {from} is after --to {to}"))
            .help("give the earlier day as --from"));
    };
    let newest = settings.as_of.day;
    if *last <= newest {
        return Ok(());
    }
    let why = match settings.pipeline.as_of {
        Some(_) => format!("the as_of of {}", settings.pipeline.file.path.display()),
        None => format!("today in {}", settings.pipeline.time_zone.name()),
    };
    Err(Problem::setup(format!("{last} is after {newest}, {why}: what came by then is not known yet"))
        .help(format!("choose --to {newest} or earlier")))
}

/// Days so far.
#[derive(Default)]
pub(super) struct Filled {
    done: Vec<NaiveDate>,
    run: BTreeSet<NaiveDate>,
    first_changed: Option<NaiveDate>,
}

impl Filled {
    pub fn add(&mut self, stands: &Stands) {
        self.done.push(stands.as_of);
        if stands.state != State::Skipped {
            self.run.insert(stands.as_of);
        }
        if stands.state == State::Published {
            self.first_changed.get_or_insert(stands.as_of);
        }
    }

    pub fn stopped_at(&self, day: NaiveDate) -> String {
        match self.done.is_empty() {
            true => format!("backfill stopped at {day}, its first day"),
            false => format!("backfill stopped at {day}; done before: {}", shown(&self.done)),
        }
    }

    /// A word about sets after a day that is new, which were made when it was not there.
    pub fn made_without(&self, pointer: &Pointer) -> Option<String> {
        let first = self.first_changed?;
        let later = pointer.sets.keys().filter(|day| **day > first && !self.run.contains(day));
        let later: Vec<NaiveDate> = later.copied().collect();
        let last = later.last()?;
        Some(format!(
            "sets after {first} were made before it was filled in, and looked back at another: {}; run these days again, \
             oldest first, or fill in up to {last} with --again",
            shown(&later)
        ))
    }
}

/// A few days by name, many by their ends.
fn shown(days: &[NaiveDate]) -> String {
    match days {
        [first, .., last] if days.len() > 4 => format!("{first} to {last} ({} days)", days.len()),
        _ => days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: &str, to: &str, every: Every) -> Vec<String> {
        let wanted = Wanted { from: from.parse().unwrap(), to: to.parse().unwrap(), every, again: false };
        wanted.days().iter().map(NaiveDate::to_string).collect()
    }

    #[test]
    fn days_are_counted_from_the_first() {
        let months = days("2025-04-01", "2025-06-30", Every::Month);
        assert_eq!(months, ["2025-04-01", "2025-05-01", "2025-06-01"]);
        let ends = days("2024-01-31", "2024-04-30", Every::Month);
        assert_eq!(ends, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]);
        assert_eq!(days("2025-12-29", "2026-01-05", Every::Week), ["2025-12-29", "2026-01-05"]);
        assert_eq!(days("2026-02-28", "2026-03-01", Every::Day).len(), 2);
        assert!(days("2026-03-02", "2026-03-01", Every::Day).is_empty());
    }
}
