use proptest::prelude::*;

use super::*;
use crate::learn::{
    spec::LearnedKind,
    synthetic::{self, day},
};

const DAYS: [&str; 4] = ["2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"];

fn cutoffs(kind: LearnedKind) -> Vec<CutoffRows> {
    DAYS.iter().map(|at| synthetic::cutoff(at, 2_000, kind)).collect()
}

fn fitted(spec: &LearnedSpec, cutoffs: &[CutoffRows]) -> Fitted {
    match train("risk", spec, 90, cutoffs).unwrap() {
        Outcome::Fitted(fitted) => *fitted,
        Outcome::Refused { reason, .. } => panic!("{reason}"),
    }
}

fn refusal(spec: &LearnedSpec, cutoffs: &[CutoffRows]) -> String {
    match train("risk", spec, 90, cutoffs).unwrap() {
        Outcome::Refused { reason, metrics } => {
            assert!(!metrics.is_empty() && metrics.iter().all(|m| m.value.is_none()));
            reason
        }
        Outcome::Fitted(_) => panic!("fitted"),
    }
}

fn value(metrics: &[Metric], name: &str) -> f64 {
    metrics.iter().find(|m| m.metric == name).unwrap().value.unwrap()
}

#[test]
fn the_newest_cutoff_measures_what_the_older_ones_taught() {
    let spec = synthetic::spec(LearnedKind::Probability);
    let found = fitted(&spec, &cutoffs(LearnedKind::Probability));
    // The truth's own AUC, with its log-odds known, is about 0.82.
    assert!((0.78..0.86).contains(&value(&found.metrics, "roc_auc")), "{:?}", found.metrics);
    assert!(value(&found.metrics, "lift_top_tenth") > 2.0);
    let metric = &found.metrics[0];
    assert_eq!(metric.test_cutoff, Some(day("2026-01-01")));
    assert_eq!(metric.train_cutoffs, [day("2025-04-01"), day("2025-07-01"), day("2025-10-01")]);
    assert_eq!(metric.rows, 1_960);
    assert_eq!(found.artifact.training_cutoffs.len(), 4);
    assert_eq!(found.artifact.rows, 4 * 1_960);
    assert!(
        found.notes[0].contains("then fitted with the same settings on all 4 cutoffs"),
        "{:?}",
        found.notes
    );
}

#[test]
fn amounts_are_measured_in_order_and_in_sum() {
    let spec = synthetic::spec(LearnedKind::Amount);
    let found = fitted(&spec, &cutoffs(LearnedKind::Amount));
    assert!(value(&found.metrics, "spearman") > 0.3, "{:?}", found.metrics);
    assert!((0.6..1.6).contains(&value(&found.metrics, "total_ratio")), "{:?}", found.metrics);
    assert!(found.metrics.iter().all(|m| m.value.is_some()));
}

#[test]
fn the_same_rows_give_the_same_bytes_in_any_order() {
    for kind in [LearnedKind::Probability, LearnedKind::Amount] {
        let (spec, mut cutoffs) = (synthetic::spec(kind), cutoffs(kind));
        let first = fitted(&spec, &cutoffs);
        cutoffs.reverse();
        let second = fitted(&spec, &cutoffs);
        assert_eq!(first.artifact.to_json().unwrap(), second.artifact.to_json().unwrap());
        assert_eq!(first.metrics, second.metrics);
    }
}

#[test]
fn a_sampled_fit_says_the_same_probabilities() {
    let (spec, cutoffs) = (synthetic::spec(LearnedKind::Probability), cutoffs(LearnedKind::Probability));
    let mean = |spec: &LearnedSpec| {
        let found = fitted(spec, &cutoffs);
        let p = found.artifact.model.predict(&cutoffs[3].features).unwrap().probability;
        (p.iter().sum::<f64>() / p.len() as f64, found.notes)
    };
    let (whole, _) = mean(&spec);
    let (sampled, notes) = mean(&LearnedSpec { max_rows: 4_000, ..spec.clone() });
    assert!(notes.iter().any(|n| n.contains("max_rows")), "{notes:?}");
    assert!((whole - sampled).abs() < 0.015, "{whole} without, {sampled} with sampling");
}

#[test]
fn too_little_to_learn_from_is_refused_with_what_was_found_and_needed() {
    let (spec, cutoffs) = (synthetic::spec(LearnedKind::Probability), cutoffs(LearnedKind::Probability));
    let reason = refusal(&LearnedSpec { min_events: 100_000, ..spec.clone() }, &cutoffs);
    assert!(reason.contains("customers with churned = true") && reason.contains("100000"), "{reason}");
    assert!(refusal(&spec, &cutoffs[..1]).contains("there are 2025-04-01"));
    assert!(refusal(&spec, &[]).contains("none is"));
    let never = |rows: &CutoffRows| CutoffRows {
        label: rows.label.iter().map(|l| l.map(|_| 0.0)).collect(),
        ..rows.clone()
    };
    let mut quiet = cutoffs.clone();
    quiet[3] = never(&cutoffs[3]);
    assert!(refusal(&spec, &quiet).contains("0 of 1960 customers at 2026-01-01"));
    let quiet: Vec<CutoffRows> = cutoffs.iter().map(never).collect();
    assert!(refusal(&spec, &quiet).contains("at least 50 of each"));
    // A newest cutoff without labels is not what the model is measured on.
    let mut open = cutoffs.clone();
    open[3].label = vec![None; 2_000];
    assert_eq!(fitted(&spec, &open).metrics[0].test_cutoff, Some(day("2025-10-01")));
}

#[test]
fn wrong_input_is_a_problem_not_a_refusal() {
    let (spec, cutoffs) = (synthetic::spec(LearnedKind::Probability), cutoffs(LearnedKind::Probability));
    assert!(train("risk", &LearnedSpec { penalty: 0.0, ..spec.clone() }, 90, &cutoffs).is_err());
    assert!(train("risk", &spec, 0, &cutoffs).is_err());
    let twice = [cutoffs[0].clone(), cutoffs[0].clone()];
    assert!(train("risk", &spec, 90, &twice).unwrap_err().message.contains("given twice"));
}

#[test]
fn a_label_must_be_over_at_the_test_cutoff() {
    let days = DAYS.map(day);
    // 2025-10-01 + 92 days is 2026-01-01, and may be used; a day more may not.
    assert_eq!(Split::newest(&days, 92), Some(Split { train: vec![0, 1, 2], test: 3 }));
    assert_eq!(Split::newest(&days, 93), Some(Split { train: vec![0, 1], test: 3 }));
    assert_eq!(Split::newest(&days, 276), None);
}

proptest! {
    #[test]
    fn nothing_after_the_test_cutoff_is_learned_from(
        offsets in prop::collection::btree_set(0u64..2_000, 0..12),
        horizon in 1i64..400,
    ) {
        let mut days: Vec<NaiveDate> = offsets.iter().map(|d| day("2020-01-01") + Days::new(*d)).collect();
        days.reverse();
        let Some(split) = Split::newest(&days, horizon) else {
            let newest = days.iter().max().copied();
            prop_assert!(days.iter().all(|d| Some(*d + Days::new(horizon as u64)) > newest || days.is_empty()));
            return Ok(());
        };
        prop_assert!(days.iter().all(|d| *d <= days[split.test]));
        prop_assert!(!split.train.contains(&split.test));
        for (place, day) in days.iter().enumerate() {
            let over = *day + Days::new(horizon as u64) <= days[split.test];
            prop_assert_eq!(over, split.train.contains(&place));
        }
    }
}
