//! The days, months and instants of the lake: it begins `months` before its exclusive end.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate};

use crate::problem::{Problem, Result};

/// Microseconds since 1970-01-01 00:00 UTC.
pub type Instant = i64;
/// Days since 1970-01-01.
pub type Day = i32;

pub const MINUTE: Instant = 60_000_000;
pub const DAY: Instant = 24 * 60 * MINUTE;
/// How many months of decisions come before the lake, so that its first months see customers leave like all others.
const BEFORE: u32 = 6;
/// How far past the end signings and decisions are still simulated, in months.
const BEYOND: u32 = 8;

pub struct Calendar {
    pub begin: Day,
    /// Exclusive.
    pub end: Day,
    /// Months that are simulated up to the end; the lake shows the last of them.
    pub months: usize,
    /// First day of each of these months, and of some beyond the end.
    starts: Vec<Day>,
}

impl Calendar {
    /// Errors when the lake would begin before the calendar does.
    pub fn new(months: u32, end: NaiveDate) -> Result<Self> {
        let too_far = || {
            Problem::setup(format!("no lake of {months} months can end on {end}"))
                .help("use an end between 1990 and 2100")
        };
        if !(1990..=2100).contains(&end.year()) {
            return Err(too_far());
        }
        let begin = end.checked_sub_months(Months::new(months)).ok_or_else(too_far)?;
        let first = begin.checked_sub_months(Months::new(BEFORE)).ok_or_else(too_far)?;
        let starts = (0..=BEFORE + months + BEYOND)
            .map(|month| first.checked_add_months(Months::new(month)).map(to_day).ok_or_else(too_far))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { begin: to_day(begin), end: to_day(end), months: (BEFORE + months) as usize, starts })
    }

    /// First day on which anything is decided.
    pub fn opening(&self) -> Day {
        self.starts[0]
    }

    /// First day of a month; months far beyond the end start when the last known one does.
    pub fn start(&self, month: usize) -> Day {
        self.starts[month.min(self.starts.len() - 1)]
    }

    /// The month that a day falls in, also beyond the end; days before the first count to it.
    pub fn month_of(&self, day: Day) -> usize {
        self.starts.partition_point(|start| *start <= day).saturating_sub(1)
    }

    pub fn end_at(&self) -> Instant {
        at(self.end, 0)
    }

    pub fn holds(&self, instant: Instant) -> bool {
        instant >= at(self.begin, 0) && instant < self.end_at()
    }

    /// The instant, if it has come before the end.
    pub fn known(&self, instant: Instant) -> Option<Instant> {
        (instant < self.end_at()).then_some(instant)
    }
}

fn to_day(date: NaiveDate) -> Day {
    date.signed_duration_since(DateTime::UNIX_EPOCH.date_naive()).num_days() as Day
}

fn to_date(day: Day) -> NaiveDate {
    let epoch = DateTime::UNIX_EPOCH.date_naive();
    if day < 0 { epoch - Days::new(u64::from(day.unsigned_abs())) } else { epoch + Days::new(day as u64) }
}

pub fn at(day: Day, minute: i64) -> Instant {
    Instant::from(day) * DAY + minute * MINUTE
}

pub fn day_of(instant: Instant) -> Day {
    instant.div_euclid(DAY) as Day
}

/// 0 = Monday.
pub fn weekday(day: Day) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The same day of the month, that many months later.
pub fn months_later(day: Day, months: u32) -> Day {
    to_date(day).checked_add_months(Months::new(months)).map_or(day, to_day)
}

/// A calendar month as one number, counted from year 0.
pub fn calendar_month(day: Day) -> i32 {
    let date = to_date(day);
    date.year() * 12 + date.month0() as i32
}

/// Both from 1.
pub fn month_and_day(day: Day) -> (u32, u32) {
    let date = to_date(day);
    (date.month(), date.day())
}

/// `2026-03`, the value of a partition.
pub fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_agree_with_the_calendar() {
        let calendar = Calendar::new(30, NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()).unwrap();
        assert_eq!(to_date(calendar.begin), NaiveDate::from_ymd_opt(2023, 10, 1).unwrap());
        assert_eq!(calendar.month_of(calendar.end - 1), 35);
        assert_eq!(month_name(calendar_month(calendar.end - 1)), "2026-03");
        assert_eq!(weekday(0), 3, "1970-01-01 was a Thursday");
        let leap = to_day(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        assert_eq!(to_date(months_later(leap, 12)), NaiveDate::from_ymd_opt(2025, 2, 28).unwrap());
        assert_eq!(day_of(-1), -1);
    }
}
