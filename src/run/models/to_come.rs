//! What people decided of the nights to come.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::champion::decision_for;
use crate::warehouse::Decision;

/// A decision that will count.
#[derive(Debug, PartialEq, Serialize)]
pub struct ToCome {
    pub version: String,
    /// The first night that it counts for, after the newest set.
    pub as_of: NaiveDate,
    pub hold: bool,
}

/// What will count for nights after `newest`, by day.
pub(super) fn to_come(decisions: &[Decision], newest: Option<NaiveDate>) -> Vec<ToCome> {
    let next = newest.and_then(|newest| newest.succ_opt());
    let mut days: BTreeSet<NaiveDate> = decisions.iter().map(|decision| decision.from).collect();
    days.retain(|day| next.is_none_or(|next| *day > next));
    let mut found: Vec<ToCome> = Vec::new();
    for day in next.into_iter().chain(days) {
        // By then the night before has been run.
        let Some(ruling) = decision_for(decisions, day, day.pred_opt()) else { continue };
        if found.last().is_none_or(|last| (&last.version, last.hold) != (&ruling.version, ruling.hold)) {
            found.push(ToCome { version: ruling.version.clone(), as_of: day, hold: ruling.hold });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_decided_is_told_by_the_night_that_it_counts_for() {
        let decision = |version: &str, from: &str, hold| Decision {
            version: version.into(),
            from: day(from),
            hold,
            made_at: Utc::now(),
        };
        let told = |decisions: &[Decision], newest: Option<&str>| -> Vec<(String, String, bool)> {
            let found = to_come(decisions, newest.map(day));
            found.into_iter().map(|d| (d.version, d.as_of.to_string(), d.hold)).collect()
        };
        let line = |version: &str, as_of: &str, hold| (version.to_owned(), as_of.to_owned(), hold);
        let both = [decision("a", "2026-04-01", true), decision("b", "2026-04-20", false)];
        let later = line("b", "2026-04-20", false);
        assert_eq!(told(&both, Some("2026-04-05")), [line("a", "2026-04-06", true), later.clone()]);
        assert_eq!(told(&both, Some("2026-04-19")), std::slice::from_ref(&later));
        assert_eq!(told(&both, Some("2026-04-20")), [], "followed");
        assert_eq!(told(&both, None), [line("a", "2026-04-01", true), later]);
        let past = [decision("a", "2026-04-01", true), decision("b", "2026-04-03", false)];
        assert_eq!(
            told(&past, Some("2026-04-05")),
            [],
            "the last word ended the hold, and its night is over"
        );
    }
}
