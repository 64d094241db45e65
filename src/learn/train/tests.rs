use std::sync::Arc;

use super::*;
use crate::learn::{
    gates,
    spec::{EstimatorChoice, LearnedKind, SplitKind},
    synthetic::{self, day},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array},
    datatypes::Float64Type,
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
            assert!(metrics.iter().all(|m| m.meaning_zh.contains(&reason.chinese)));
            reason.english
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
    assert!(
        (0.78..0.86).contains(&value(&found.artifact.card.metrics, "roc_auc")),
        "{:?}",
        found.artifact.card.metrics
    );
    assert!(value(&found.artifact.card.metrics, "lift_top_tenth") > 2.0);
    let metric = &found.artifact.card.metrics[0];
    assert_eq!(metric.test_cutoff, Some(day("2026-01-01")));
    assert_eq!(metric.train_cutoffs, [day("2025-04-01"), day("2025-07-01"), day("2025-10-01")]);
    assert_eq!(metric.rows, 1_960);
    assert_eq!(found.artifact.training_cutoffs.len(), 4);
    assert_eq!(found.artifact.rows, 4 * 1_960);
    assert!(found.notes[0].contains("then the same on all 4 cutoffs"), "{:?}", found.notes);
}

#[test]
fn amounts_are_measured_in_order_and_in_sum() {
    let spec = synthetic::spec(LearnedKind::Amount);
    let found = fitted(&spec, &cutoffs(LearnedKind::Amount));
    assert!(value(&found.artifact.card.metrics, "spearman") > 0.3, "{:?}", found.artifact.card.metrics);
    assert!(
        (0.6..1.6).contains(&value(&found.artifact.card.metrics, "total_ratio")),
        "{:?}",
        found.artifact.card.metrics
    );
    assert!(found.artifact.card.metrics.iter().all(|m| m.value.is_some()));
}

#[test]
fn the_same_rows_give_the_same_bytes_in_any_order() {
    for kind in [LearnedKind::Probability, LearnedKind::Amount] {
        let (spec, mut cutoffs) = (synthetic::spec(kind), cutoffs(kind));
        let first = fitted(&spec, &cutoffs);
        cutoffs.reverse();
        let second = fitted(&spec, &cutoffs);
        assert_eq!(first.artifact.to_json().unwrap(), second.artifact.to_json().unwrap());
        assert_eq!(first.artifact.card.metrics, second.artifact.card.metrics);
    }
}

#[test]
fn a_sampled_fit_says_the_same_probabilities() {
    let (spec, cutoffs) = (synthetic::spec(LearnedKind::Probability), cutoffs(LearnedKind::Probability));
    let mean = |spec: &LearnedSpec| {
        let found = fitted(spec, &cutoffs);
        let p = found.artifact.model.predict(&cutoffs[3].features().unwrap()).unwrap().probability;
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
    assert_eq!(fitted(&spec, &open).artifact.card.metrics[0].test_cutoff, Some(day("2025-10-01")));
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
fn auto_takes_trees_where_lines_fail_and_lines_where_they_do() {
    // Churn hangs on whether usage is unusual, in either direction: no line through it helps.
    let bend = |rows: &CutoffRows| {
        let usage =
            rows.features().unwrap().column_by_name("usage").unwrap().as_primitive::<Float64Type>().clone();
        let region = rows.features().unwrap().column_by_name("region").unwrap().as_string::<i32>().clone();
        let label = (0..usage.len()).map(|row| {
            let (north, high) =
                (region.is_valid(row) && region.value(row) == "North", usage.value(row) > 0.0);
            let noise = row % 10 == 0;
            Some(f64::from((north == high) != noise))
        });
        CutoffRows { label: label.collect(), ..rows.clone() }
    };
    let spec = LearnedSpec {
        estimator: EstimatorChoice::Auto,
        exclude: ["customer_name", "weekend"].map(String::from).into(),
        ..synthetic::spec(LearnedKind::Probability)
    };
    let straight = cutoffs(LearnedKind::Probability);
    let crossed: Vec<CutoffRows> = straight.iter().map(bend).collect();
    let found = fitted(&spec, &crossed);
    assert!(found.artifact.card.estimator.starts_with("boosted trees"), "{:?}", found.artifact.card.tried);
    assert!(value(&found.artifact.card.metrics, "roc_auc") > 0.85, "{:?}", found.artifact.card.tried);
    let found = fitted(&spec, &straight);
    assert_eq!(found.artifact.card.estimator, "logistic regression");
    assert_eq!(found.artifact.card.tried.len(), 3);
}

#[test]
fn few_events_shrink_the_coefficients() {
    let spec = LearnedSpec { shrink_below: 100_000, ..synthetic::spec(LearnedKind::Probability) };
    let few: Vec<CutoffRows> =
        DAYS.iter().map(|at| synthetic::cutoff(at, 150, LearnedKind::Probability)).collect();
    let found = fitted(&LearnedSpec { min_events: 10, ..spec.clone() }, &few);
    assert!(found.artifact.card.estimator.contains("penalty"), "{}", found.artifact.card.estimator);
    assert_eq!(found.artifact.card.tried.len(), 4);
}

#[test]
fn without_time_every_customer_is_measured_by_a_fit_that_did_not_see_it() {
    let spec =
        LearnedSpec { split: SplitKind::Random, folds: 5, ..synthetic::spec(LearnedKind::Probability) };
    let found = fitted(&spec, &cutoffs(LearnedKind::Probability)[3..]);
    assert_eq!(found.holdout.events.len(), 1_960);
    assert!((0.78..0.86).contains(&value(&found.artifact.card.metrics, "roc_auc")));
    assert!(found.artifact.measured.is_none());
    assert!(found.notes[0].contains("5 parts"), "{:?}", found.notes);
}

#[test]
fn a_weight_moves_the_fit_towards_those_who_weigh() {
    // Whoever weighs nothing is left out: only the north is learned from.
    let north_only = |rows: &CutoffRows| {
        let region = rows.features().unwrap().column_by_name("region").unwrap().as_string::<i32>().clone();
        let weight: Float64Array = (0..region.len())
            .map(|row| Some(f64::from(region.is_valid(row) && region.value(row) == "North")))
            .collect();
        let mut columns: Vec<(&str, ArrayRef)> = vec![("weight", Arc::new(weight))];
        let schema = rows.features().unwrap().schema();
        columns.extend(
            schema
                .fields()
                .iter()
                .map(|f| f.name().as_str())
                .zip(rows.features().unwrap().columns().iter().cloned()),
        );
        CutoffRows::of(rows.cutoff, synthetic::table(columns), rows.label.clone()).unwrap()
    };
    let weighted: Vec<CutoffRows> = cutoffs(LearnedKind::Probability).iter().map(north_only).collect();
    let spec = LearnedSpec { weight: Some("weight".into()), ..synthetic::spec(LearnedKind::Probability) };
    let found = fitted(&spec, &weighted);
    assert!(found.artifact.rows > 1_500 && found.artifact.rows < 3_000, "{}", found.artifact.rows);
    assert!(found.artifact.model.encoding.columns.iter().all(|c| c.name != "weight" && c.name != "region"));
    let missing = LearnedSpec { weight: Some("wieght".into()), ..spec };
    let problem = train("risk", &missing, 90, &weighted).unwrap_err();
    assert!(problem.to_string().contains("did you mean `weight`"), "{problem}");
}

#[test]
fn noise_is_no_better_than_chance_and_says_so() {
    let noise = |rows: &CutoffRows| {
        let label =
            (0..rows.label.len()).map(|row| Some(f64::from((row * 7919 + rows.label.len()) % 100 < 8)));
        CutoffRows { label: label.collect(), ..rows.clone() }
    };
    let cutoffs: Vec<CutoffRows> = cutoffs(LearnedKind::Probability).iter().map(noise).collect();
    let spec = LearnedSpec { estimator: EstimatorChoice::Auto, ..synthetic::spec(LearnedKind::Probability) };
    let found = fitted(&spec, &cutoffs);
    let gates = gates::fitness(&found, &spec.governance.gates, None).unwrap();
    assert!(!gates[0].passed && gates[0].text.contains("holds 0.5"), "{gates:?}");
    assert!(gates[0].text_zh.contains("含 0.5：对未见过的客户"), "{gates:?}");
    let honest = fitted(&spec, &self::cutoffs(LearnedKind::Probability));
    assert!(gates::fitness(&honest, &spec.governance.gates, None).unwrap().iter().all(|gate| gate.passed));
}

#[test]
fn a_champion_that_has_seen_the_holdout_is_not_compared_on_it() {
    let spec = synthetic::spec(LearnedKind::Probability);
    let all = cutoffs(LearnedKind::Probability);
    // The champion's measured fit learned from the first three days; the third is the rival's holdout.
    let (champion, rival) = (fitted(&spec, &all).artifact, fitted(&spec, &all[..3]));
    let shift = champion.shift(&all[3].features().unwrap()).unwrap();
    let gates = |rival: &Fitted| {
        gates::against_champion(rival, &champion, &spec.governance.gates, &shift, &shift).unwrap()
    };
    assert!(gates(&rival)[0].passed && gates(&rival)[0].text.contains("not to be compared"));
    assert!(gates(&fitted(&spec, &all))[0].text.contains("on the same customers"));
}
