//! Of what the metrics share, and for the tests of each: how near a figure must be.

use proptest::prelude::*;

use super::*;

pub const T: bool = true;
pub const F: bool = false;

#[track_caller]
pub fn near(found: Option<f64>, wanted: f64) {
    near_by(found, wanted, 1e-12);
}

#[track_caller]
pub fn near_by(found: Option<f64>, wanted: f64, tolerance: f64) {
    assert!((found.unwrap() - wanted).abs() < tolerance, "{found:?}, wanted {wanted}");
}

#[track_caller]
pub fn between(found: Option<Interval>, low: f64, high: f64) {
    near_by(found.map(|i| i.low), low, 1e-9);
    near_by(found.map(|i| i.high), high, 1e-9);
}

/// Scores and labels apart.
pub fn columns(rows: &[(u8, bool)]) -> (Vec<f64>, Vec<bool>) {
    rows.iter().map(|(score, event)| (f64::from(*score), *event)).unzip()
}

/// 40 rows with ties and 13 events, and scores of another model: easily made again in Python, where figures of them
/// come from (`i = numpy.arange(40)`, the same formulas, numpy's `round(·, 1)` for the other model).
pub fn forty() -> (Vec<f64>, Vec<f64>, Vec<bool>) {
    let rows = 0..40u32;
    let scores: Vec<f64> = rows.clone().map(|i| f64::from((7 * i * i + 3 * i) % 23) / 23.0).collect();
    let other = |i: u32| f64::from((11 * i * i + 5 * i) % 19) / 19.0 * 0.5 + scores[i as usize] * 0.5;
    let others = rows.clone().map(|i| (10.0 * other(i)).round() / 10.0).collect();
    let event = |i: u32| (5 * i * i + i) % 11 < 3 || (scores[i as usize] > 0.6 && i.is_multiple_of(3));
    let events = rows.map(event).collect();
    (scores, others, events)
}

#[test]
fn wilson_by_hand() {
    // 3 of 12: scipy's binomtest(3, 12).proportion_ci(method="wilson").
    between(Some(Interval::wilson(0.25, 12.0)), 0.088_941_668_394, 0.532_305_334_934);
    // 12 of 12: the lower bound is n / (n + z²).
    between(Some(Interval::wilson(1.0, 12.0)), 12.0 / (12.0 + Z95 * Z95), 1.0);
    assert!(Interval::wilson(0.25, 12.0).holds(0.5) && !Interval::wilson(0.25, 12.0).holds(0.54));
}

#[test]
fn tenths_by_hand() {
    let sizes = |scores: &[f64]| tenths(scores).1.iter().map(Range::len).collect::<Vec<_>>();
    let distinct = |n: u32| (0..n).map(f64::from).collect::<Vec<_>>();
    assert_eq!(sizes(&distinct(20)), [2; 10]);
    assert_eq!(sizes(&distinct(3)), [1; 3]);
    assert_eq!(sizes(&distinct(12)).iter().sum::<usize>(), 12);
    assert_eq!(sizes(&distinct(12)).len(), 10);
    assert_eq!(sizes(&[0.5; 30]), [30]);
    // Two above, sixteen equal in the middle, two below.
    let mut scores = [0.5; 20];
    scores[7..9].fill(0.9);
    scores[11..13].fill(0.1);
    assert_eq!(sizes(&scores), [2, 16, 2]);
    assert_eq!(sizes(&[]), [0; 0]);
}

#[test]
fn a_top_that_ends_within_a_group_takes_its_share() {
    near(Some(sum_of_top([(1.0, 1.0), (2.0, 4.0), (9.0, 9.0)], 3.0)), 1.0 + 2.0 * 2.0 / 4.0);
    near(Some(sum_of_top([(1.0, 1.0)], 3.0)), 1.0);
}

#[test]
fn what_is_no_probability_is_none() {
    let (p, events) = ([1.1, 0.2], [T, F]);
    assert_eq!([brier(&p, &events), log_loss(&p, &events), calibration_test(&p, &events)], [None; 3]);
    assert_eq!(deciles(&[-0.1, 0.2], &events), []);
}

#[test]
fn what_does_not_fit_is_none() {
    let nan = [0.5, f64::NAN];
    let events = [T, F];
    for scores in [&nan[..], &[0.5], &[], &[f64::INFINITY, 0.0]] {
        assert_eq!(roc_auc(scores, &events), None);
        assert_eq!(roc_auc_interval(scores, &events), None);
        assert_eq!(roc_auc_difference(scores, &[0.1, 0.2], &events), None);
        assert_eq!(roc_auc_difference(&[0.1, 0.2], scores, &events), None);
        assert_eq!(average_precision(scores, &events), None);
        assert_eq!(average_precision_interval(scores, &events), None);
        assert_eq!(lift_top_tenth(scores, &events), None);
        assert_eq!(lift_at_share(scores, &events, 0.5), None);
        assert_eq!(recall_at(scores, &events, 1), None);
        assert_eq!(brier(scores, &events), None);
        assert_eq!(brier_interval(scores, &events), None);
        assert_eq!(log_loss(scores, &events), None);
        assert_eq!(log_loss_interval(scores, &events), None);
        assert_eq!(deciles(scores, &events), []);
        assert_eq!(expected_calibration_error(scores, &events), None);
        assert_eq!(calibration_test(scores, &events), None);
        assert_eq!(recalibration(scores, &events, None), None);
        for (a, b) in [(scores, &[1.0, 2.0][..]), (&[1.0, 2.0], scores)] {
            assert_eq!(spearman(a, b), None);
            assert_eq!(r_squared(a, b), None);
            assert_eq!(total_ratio(a, b), None);
            assert_eq!(mean_absolute_error(a, b), None);
            assert_eq!(decile_lift_of_amounts(a, b), []);
            assert_eq!(lift_top_tenth_of_amounts(a, b), None);
        }
    }
}

proptest! {
    /// The cuts depend on the scores only, and no two of a score are apart.
    #[test]
    fn equal_scores_share_a_tenth(scores in prop::collection::vec(0u8..30, 1..80)) {
        let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
        let (order, bins) = tenths(&scores);
        prop_assert!(bins.len() <= 10);
        prop_assert_eq!(bins.iter().map(Range::len).sum::<usize>(), scores.len());
        for pair in bins.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
            prop_assert!(scores[order[pair[0].end - 1]] > scores[order[pair[1].start]]);
        }
    }
}
