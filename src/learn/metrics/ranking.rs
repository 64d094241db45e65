//! Does the model put those with the event first?

use super::{Interval, Z95, count, measurable, sum_of_top, tied_groups};

/// Share of pairs (event, non-event) in which the event has the higher score; ties count half. None with one class.
pub fn roc_auc(scores: &[f64], events: &[bool]) -> Option<f64> {
    measurable(scores, events.len())?;
    let (positives, negatives) = (count(events), events.len() as f64 - count(events));
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let (mut above, mut pairs) = (0.0, 0.0);
    for (events, rows) in tied_groups(scores, events) {
        pairs += (rows - events) * (above + events / 2.0);
        above += events;
    }
    Some(pairs / (positives * negatives))
}

/// Average precision: Σ (recall − recall before) · precision over the distinct scores, without interpolation
/// (scikit-learn's `average_precision_score`). None without events.
pub fn average_precision(scores: &[f64], events: &[bool]) -> Option<f64> {
    measurable(scores, events.len())?;
    let positives = count(events);
    let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
    for (events, rows) in tied_groups(scores, events) {
        seen += rows;
        found += events;
        sum += events / positives * (found / seen);
    }
    (positives > 0.0).then_some(sum)
}

/// The logit interval of Boyd, Eng & Page (ECML PKDD 2013, "Area under the precision-recall curve: point estimates and
/// confidence intervals"): the average precision θ of n events varies as a share of n trials would.
///
/// At θ = 1, where the logit has no end, Wilson's interval of the same variance. None without events or non-events
/// (then every score has θ = 1).
pub fn average_precision_interval(scores: &[f64], events: &[bool]) -> Option<Interval> {
    let (value, trials) = (average_precision(scores, events)?, count(events));
    if trials == events.len() as f64 {
        return None;
    }
    Some(if value < 1.0 {
        Interval::on_logit_scale(value, Z95 * (value * (1.0 - value) / trials).sqrt())
    } else {
        Interval::wilson(value, trials)
    })
}

/// Share of events in the tenth of rows with the highest scores, over the share among all rows. Where the tenth ends
/// among equal scores, or within a row, the expected number of events counts. None without events.
pub fn lift_top_tenth(scores: &[f64], events: &[bool]) -> Option<f64> {
    lift(scores, events, events.len() as f64 / 10.0)
}

/// As [`lift_top_tenth`], of any share of the rows; None unless it is above 0 and at most 1.
pub fn lift_at_share(scores: &[f64], events: &[bool], share: f64) -> Option<f64> {
    (share > 0.0 && share <= 1.0).then(|| lift(scores, events, events.len() as f64 * share))?
}

fn lift(scores: &[f64], events: &[bool], wanted: f64) -> Option<f64> {
    measurable(scores, events.len())?;
    let rate = count(events) / events.len() as f64;
    (rate > 0.0).then(|| sum_of_top(tied_groups(scores, events), wanted) / wanted / rate)
}

/// Share of all events among the `k` rows with the highest scores; of equal scores at the end, the expected number. 1
/// where `k` is all rows or more. None without events.
pub fn recall_at(scores: &[f64], events: &[bool], k: usize) -> Option<f64> {
    measurable(scores, events.len())?;
    let positives = count(events);
    (positives > 0.0).then(|| sum_of_top(tied_groups(scores, events), k as f64) / positives)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::tests::{F, T, between, columns, forty, near},
        *,
    };

    #[test]
    fn auc_by_hand() {
        // Pairs of {.9, .5, .5} with {.5, .1}: .9 wins 2; each .5 ties once (half) and wins once → 2 + 2 · 1.5 = 5 of
        // 6.
        near(roc_auc(&[0.9, 0.5, 0.5, 0.5, 0.1], &[T, T, T, F, F]), 5.0 / 6.0);
        near(roc_auc(&[0.3, 0.3], &[T, F]), 0.5);
        near(roc_auc(&[0.1, 0.9], &[T, F]), 0.0);
        assert_eq!(roc_auc(&[0.1, 0.9], &[F, F]), None);
        assert_eq!(roc_auc(&[], &[]), None);
    }

    #[test]
    fn average_precision_by_hand() {
        // scikit-learn's example: [0, 0, 1, 1] with [.1, .4, .35, .8] → 1/2 · 1 + 1/2 · 2/3.
        near(average_precision(&[0.1, 0.4, 0.35, 0.8], &[F, F, T, T]), 0.5 + 1.0 / 3.0);
        // All tied: the base rate.
        near(average_precision(&[0.2; 4], &[T, F, F, F]), 0.25);
        assert_eq!(average_precision(&[0.1], &[F]), None);
    }

    #[test]
    fn average_precision_interval_by_hand() {
        // 1 event in 4 tied rows: θ = 1/4, logit −ln 3, standard error 1 / sqrt(3/16) = 4 / sqrt 3.
        let (centre, error) = (-3f64.ln(), 4.0 / 3f64.sqrt());
        let end = |z: f64| 1.0 / (1.0 + (-centre - z * error).exp());
        between(average_precision_interval(&[0.2; 4], &[T, F, F, F]), end(-Z95), end(Z95));
        // numpy and scikit-learn's average_precision_score.
        let (scores, _, events) = forty();
        between(average_precision_interval(&scores, &events), 0.286_541_612_540, 0.780_895_179_363);
        // Perfect, of two events: n / (n + z²).
        between(average_precision_interval(&[0.9, 0.8, 0.1], &[T, T, F]), 2.0 / (2.0 + Z95 * Z95), 1.0);
        assert_eq!(average_precision_interval(&[0.9, 0.8], &[T, T]), None);
        assert_eq!(average_precision_interval(&[0.9, 0.8], &[F, F]), None);
    }

    #[test]
    fn lift_by_hand() {
        let scores: Vec<f64> = (0..20).map(f64::from).collect();
        let mut events = [F; 20];
        (events[19], events[3]) = (T, T);
        // The top 2 of 20 hold 1 of 2 events: a rate of 1/2 over 1/10.
        near(lift_top_tenth(&scores, &events), 5.0);
        // All tied: as many as average, wherever the events stand.
        near(lift_top_tenth(&[1.0; 20], &events), 1.0);
        // 15 rows: the tenth is 1.5 rows, the best and half of the two tied next, of which one is an event.
        let mut scores = [0.0; 15];
        (scores[0], scores[1], scores[2]) = (3.0, 2.0, 2.0);
        let mut events = [F; 15];
        (events[0], events[1], events[9]) = (T, T, T);
        near(lift_top_tenth(&scores, &events), (1.25 / 1.5) / 0.2);
        assert_eq!(lift_top_tenth(&[0.5], &[F]), None);
        assert_eq!(lift_top_tenth(&[], &[]), None);
    }

    #[test]
    fn recall_and_lift_of_any_top_by_hand() {
        // By falling score: an event; two tied, one an event; a non-event; an event. 3 events in 5 rows.
        let (scores, events) = ([0.9, 0.5, 0.5, 0.4, 0.1], [T, F, T, F, T]);
        near(recall_at(&scores, &events, 0), 0.0);
        near(recall_at(&scores, &events, 1), 1.0 / 3.0);
        near(recall_at(&scores, &events, 2), 1.5 / 3.0);
        near(recall_at(&scores, &events, 3), 2.0 / 3.0);
        near(recall_at(&scores, &events, 99), 1.0);
        near(lift_at_share(&scores, &events, 0.4), (1.5 / 2.0) / 0.6);
        near(lift_at_share(&scores, &events, 1.0), 1.0);
        assert_eq!(lift_at_share(&scores, &events, 0.0), None);
        assert_eq!(lift_at_share(&scores, &events, 1.1), None);
        assert_eq!(recall_at(&[0.5], &[F], 1), None);
    }

    proptest! {
        #[test]
        fn auc_is_the_share_of_pairs(rows in prop::collection::vec((0u8..5, any::<bool>()), 0..40)) {
            let (scores, events) = columns(&rows);
            let (mut won, mut pairs) = (0.0, 0.0);
            for (s, _) in rows.iter().filter(|(_, e)| *e) {
                for (t, _) in rows.iter().filter(|(_, e)| !*e) {
                    pairs += 1.0;
                    won += if s > t { 1.0 } else if s == t { 0.5 } else { 0.0 };
                }
            }
            match roc_auc(&scores, &events) {
                None => prop_assert_eq!(pairs, 0.0),
                Some(auc) => prop_assert!((auc - won / pairs).abs() < 1e-12),
            }
        }

        #[test]
        fn the_order_of_tied_rows_is_no_matter(rows in prop::collection::vec((0u8..4, any::<bool>()), 1..40)) {
            let mut sorted = rows.clone();
            sorted.sort();
            let ((s, e), (t, f)) = (columns(&rows), columns(&sorted));
            prop_assert_eq!(lift_top_tenth(&s, &e), lift_top_tenth(&t, &f));
            prop_assert_eq!(lift_at_share(&s, &e, 0.3), lift_at_share(&t, &f, 0.3));
            prop_assert_eq!(recall_at(&s, &e, 7), recall_at(&t, &f, 7));
            prop_assert_eq!(average_precision(&s, &e), average_precision(&t, &f));
        }
    }
}
