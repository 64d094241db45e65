//! A source as it was known: rows that came later are left out, columns that came later are null.

use arrow::datatypes::{DataType, FieldRef};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use datafusion::common::ScalarValue;

use crate::project::sources::{Delay, KnownAt, Source};

/// The start of a day in a time zone: what was known before it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsOf {
    pub day: NaiveDate,
    /// `day` 00:00 in the pipeline's zone, µs since 1970 UTC.
    pub micros: i64,
}

impl AsOf {
    /// Where a clock change skips midnight, the first instant after it.
    pub fn new(day: NaiveDate, zone: Tz) -> Self {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let instant: DateTime<Utc> = (0..=24 * 4)
            .find_map(|quarters| {
                zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarters))).earliest()
            })
            .map_or_else(|| midnight.and_utc(), |t| t.with_timezone(&Utc));
        Self { day, micros: instant.timestamp_micros() }
    }

    pub fn timestamp(self) -> ScalarValue {
        ScalarValue::TimestampMicrosecond(Some(self.micros), Some("UTC".into()))
    }

    pub fn date(self) -> ScalarValue {
        ScalarValue::Date32(Some(days_since_1970(self.day)))
    }

    /// Rows are known whose `known_at` column is below this (days for a date, µs for a timestamp).
    pub fn bound(self, known_at: &KnownAt, data_type: &DataType) -> i64 {
        match (data_type, known_at.delay) {
            (DataType::Date32, Delay::Days(days)) => i64::from(days_since_1970(self.day)) - i64::from(days),
            (_, Delay::Days(days)) => self.micros - i64::from(days) * 86_400_000_000,
            (_, Delay::Hours(hours)) => self.micros - hours * 3_600_000_000,
        }
    }
}

fn days_since_1970(day: NaiveDate) -> i32 {
    day.signed_duration_since(NaiveDate::default()).num_days() as i32
}

/// The day `days` after another; the last day of the calendar if there is none.
pub fn days_after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// The query that shows `source` as it was known at `$as_of`, over its files under the name `raw`.
pub fn as_known_sql(source: &Source, raw: &str) -> String {
    let valid_to = source.valid_to.iter().map(|c| (c, c));
    // A time that others wait for is not known before itself either.
    let late = source
        .late
        .iter()
        .flat_map(|(time, columns)| [time].into_iter().chain(columns).map(move |c| (c, time)));
    let masks: Vec<(&String, &String)> = late.chain(valid_to).collect();
    let column = |field: &FieldRef| {
        let name = quote(field.name());
        match masks.iter().find(|(masked, _)| *masked == field.name()) {
            None => format!("    {name}"),
            Some((_, time)) => {
                format!("    CASE WHEN {} < {} THEN {name} END AS {name}", quote(time), now(source, time))
            }
        }
    };
    let columns: Vec<String> = source.schema.fields().iter().map(column).collect();
    let mut sql = format!("SELECT\n{}\nFROM {raw}", columns.join(",\n"));
    if let Some(condition) = known_condition(source) {
        sql.push_str(&format!("\nWHERE {condition}"));
    }
    sql
}

/// What holds of a row that was known at `$as_of`; none where all are.
fn known_condition(source: &Source) -> Option<String> {
    let known_at = source.known_at.as_ref()?;
    let delay = match known_at.delay {
        Delay::Days(0) => String::new(),
        Delay::Days(days) => format!(" - INTERVAL '{days} days'"),
        Delay::Hours(hours) => format!(" - INTERVAL '{hours} hours'"),
    };
    let time = &known_at.column;
    Some(format!("{} < {}{delay}", quote(time), now(source, time)))
}

/// The query that counts the nulls of these columns in what was known of `source`, over its files under the name `raw`.
pub fn nulls_sql<'a>(source: &Source, raw: &str, columns: impl Iterator<Item = &'a str>) -> String {
    let null = |column: &str| format!("CASE WHEN {} IS NULL THEN 1 ELSE 0 END", quote(column));
    let nulls: Vec<String> = columns.map(null).collect();
    let condition = known_condition(source).unwrap_or_else(|| "TRUE".into());
    format!("SELECT CAST(SUM({}) AS BIGINT) AS nulls FROM {raw} WHERE {condition}", nulls.join(" + "))
}

/// The parameter to compare a column's times with.
fn now(source: &Source, column: &str) -> &'static str {
    match source.schema.field_with_name(column).map(|f| f.data_type()) {
        Ok(DataType::Date32) => "$as_of_date",
        _ => "$as_of",
    }
}

/// A name as SQL reads it, quoted where it must be.
pub fn quote(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_zone() {
        let utc = AsOf::new(day("2026-04-01"), Tz::UTC);
        let shanghai = AsOf::new(day("2026-04-01"), Tz::Asia__Shanghai);
        assert_eq!(utc.micros - shanghai.micros, 8 * 3_600_000_000);
        // Midnight does not exist on this day in Beirut: clocks went from 00:00 to 01:00.
        let beirut = AsOf::new(day("2024-03-31"), Tz::Asia__Beirut);
        assert_eq!(beirut.micros, AsOf::new(day("2024-03-30"), Tz::UTC).micros + 22 * 3_600_000_000);
    }

    #[test]
    fn usage_of_a_day_is_known_after_the_day_that_follows() {
        let as_of = AsOf::new(day("2026-04-01"), Tz::UTC);
        let known_at = KnownAt { column: "usage_date".into(), delay: Delay::Days(1) };
        // known iff usage_date + 1 day < 2026-04-01, so the last known day is 2026-03-30
        let bound = as_of.bound(&known_at, &DataType::Date32);
        assert_eq!(bound, i64::from(days_since_1970(day("2026-03-31"))));
    }
}
