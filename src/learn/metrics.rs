//! How good a prediction is: exact, with ties, None where undefined.
//!
//! All slices of a function have one length; predictions are finite.

use std::ops::Range;

/// Row numbers by falling score, and the places in that order of rows with equal scores.
fn ranked(scores: &[f64]) -> (Vec<usize>, Vec<Range<usize>>) {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let mut ties = Vec::new();
    let mut start = 0;
    for end in 1..=order.len() {
        if end == order.len() || scores[order[end]] != scores[order[start]] {
            ties.push(start..end);
            start = end;
        }
    }
    (order, ties)
}

/// Events and rows of each group of equal scores, by falling score.
fn tied_groups(scores: &[f64], events: &[bool]) -> Vec<(f64, f64)> {
    let (order, ties) = ranked(scores);
    ties.into_iter()
        .map(|tie| (tie.clone().filter(|place| events[order[*place]]).count() as f64, tie.len() as f64))
        .collect()
}

fn count(events: &[bool]) -> f64 {
    events.iter().filter(|e| **e).count() as f64
}

/// Share of pairs (event, non-event) in which the event has the higher score; ties count half. None with one class.
pub fn roc_auc(scores: &[f64], events: &[bool]) -> Option<f64> {
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
    let positives = count(events);
    let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
    for (events, rows) in tied_groups(scores, events) {
        seen += rows;
        found += events;
        sum += events / positives * (found / seen);
    }
    (positives > 0.0).then_some(sum)
}

/// Share of events in the tenth of rows with the highest scores, over the share among all rows. Where the tenth ends
/// among equal scores, or within a row, the expected number of events counts. None without events.
pub fn lift_top_tenth(scores: &[f64], events: &[bool]) -> Option<f64> {
    let wanted = events.len() as f64 / 10.0;
    let (mut taken, mut found) = (0.0, 0.0);
    for (events, rows) in tied_groups(scores, events) {
        let take = rows.min(wanted - taken);
        found += events * take / rows;
        taken += take;
    }
    let rate = base_rate(events)?;
    (rate > 0.0).then(|| found / wanted / rate)
}

/// Share of events; None without rows.
pub fn base_rate(events: &[bool]) -> Option<f64> {
    (!events.is_empty()).then(|| count(events) / events.len() as f64)
}

/// Mean squared error of the probabilities; None without rows.
pub fn brier(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    mean(probabilities.iter().zip(events).map(|(p, event)| (p - f64::from(*event)).powi(2)))
}

/// Mean −ln of the probability given to what happened, at least the smallest step from 0 and 1; None without rows.
pub fn log_loss(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    mean(probabilities.iter().zip(events).map(|(p, event)| {
        let given = if *event { *p } else { 1.0 - p };
        -given.max(f64::EPSILON).ln()
    }))
}

/// Correlation of the ranks, ties sharing their average rank. None when either side is constant.
pub fn spearman(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let (a, b) = (average_ranks(predicted), average_ranks(actual));
    let centre = mean(a.iter().copied())?;
    let product =
        |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - centre) * (y - centre)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    (spread > 0.0).then(|| product(&a, &b) / spread)
}

fn average_ranks(values: &[f64]) -> Vec<f64> {
    let (order, ties) = ranked(values);
    let mut ranks = vec![0.0; values.len()];
    for tie in ties {
        let rank = (tie.start + tie.end - 1) as f64 / 2.0;
        order[tie].iter().for_each(|row| ranks[*row] = rank);
    }
    ranks
}

/// 1 − squared error over the squared error of the mean; below 0 when worse than the mean. None when `actual` is constant.
pub fn r_squared(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let centre = mean(actual.iter().copied())?;
    let total: f64 = actual.iter().map(|a| (a - centre).powi(2)).sum();
    let error: f64 = predicted.iter().zip(actual).map(|(p, a)| (a - p).powi(2)).sum();
    (total > 0.0).then(|| 1.0 - error / total)
}

/// Sum of the predictions over the sum of what happened. None when the latter is 0.
pub fn total_ratio(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let total: f64 = actual.iter().sum();
    (total != 0.0).then(|| predicted.iter().sum::<f64>() / total)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| values.sum::<f64>() / n as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(found: Option<f64>, wanted: f64) {
        assert!((found.unwrap() - wanted).abs() < 1e-12, "{found:?}, wanted {wanted}");
    }

    const T: bool = true;
    const F: bool = false;

    #[test]
    fn auc_by_hand() {
        // Pairs of {.9, .5, .5} with {.5, .1}: .9 wins 2; each .5 ties once (half) and wins once → 2 + 2 · 1.5 = 5 of 6.
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
    fn losses_by_hand() {
        near(brier(&[0.8, 0.3], &[T, F]), (0.04 + 0.09) / 2.0);
        near(log_loss(&[0.8, 0.3], &[T, F]), -(0.8f64.ln() + 0.7f64.ln()) / 2.0);
        assert!(log_loss(&[0.0], &[T]).unwrap().is_finite());
        near(base_rate(&[T, F, F, F]), 0.25);
        assert_eq!(brier(&[], &[]), None);
    }

    #[test]
    fn amounts_by_hand() {
        near(spearman(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1000.0]), 1.0);
        // Ranks 0 1 2 3 against ties 0.5 0.5 2 3 → 4.5 / sqrt(5 · 4.5).
        near(spearman(&[1.0, 2.0, 3.0, 4.0], &[0.0, 0.0, 5.0, 9.0]), 4.5 / (5.0f64 * 4.5).sqrt());
        assert_eq!(spearman(&[1.0, 2.0], &[3.0, 3.0]), None);
        near(r_squared(&[1.0, 2.0, 3.0], &[1.0, 2.0, 6.0]), 1.0 - 9.0 / 14.0);
        near(r_squared(&[3.0, 3.0, 3.0], &[1.0, 2.0, 6.0]), 0.0);
        assert_eq!(r_squared(&[1.0], &[2.0]), None);
        near(total_ratio(&[1.0, 2.0], &[2.0, 4.0]), 0.5);
        assert_eq!(total_ratio(&[1.0], &[0.0]), None);
    }

    proptest! {
        #[test]
        fn auc_is_the_share_of_pairs(rows in prop::collection::vec((0u8..5, any::<bool>()), 0..40)) {
            let scores: Vec<f64> = rows.iter().map(|(s, _)| f64::from(*s)).collect();
            let events: Vec<bool> = rows.iter().map(|(_, e)| *e).collect();
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
            let split = |rows: &[(u8, bool)]| -> (Vec<f64>, Vec<bool>) { rows.iter().map(|(s, e)| (f64::from(*s), *e)).unzip() };
            let mut sorted = rows.clone();
            sorted.sort();
            let ((s, e), (t, f)) = (split(&rows), split(&sorted));
            prop_assert_eq!(lift_top_tenth(&s, &e), lift_top_tenth(&t, &f));
            prop_assert_eq!(average_precision(&s, &e), average_precision(&t, &f));
        }
    }
}
