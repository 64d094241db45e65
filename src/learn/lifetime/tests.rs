//! From a table of purchases to a table of lifetimes.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use chrono::NaiveDate;

use super::{histories::tests::table, simulated, *};
use crate::{
    learn::{CutoffRows, Metric},
    project::model::LifetimeSpec,
};

const BUYING: BgNbd = BgNbd { r: 0.5, alpha: 30.0, a: 0.8, b: 2.5 };
const SPENDING: GammaGamma = GammaGamma { p: 6.25, q: 3.74, gamma: 15.44 };
const FUTURE_DAYS: u32 = 90;

fn spec() -> LifetimeSpec {
    LifetimeSpec {
        purchases: "customer_purchases".into(),
        horizon_days: 365,
        yearly_discount: 0.10,
        margin: 0.3,
        future: "future_purchases".into(),
        min_events: 50,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn past(cutoff: &str, count: usize, seed: u64) -> CutoffRows {
    let customers = simulated::purchases_and_future(&BUYING, count, seed, f64::from(FUTURE_DAYS));
    let repeats: Vec<u32> = customers.iter().map(|(p, _)| p.repeats).collect();
    let means = simulated::means(&SPENDING, &repeats, seed);
    let ids: Vec<String> = (0..count).map(|i| format!("c{i:05}")).collect();
    let rows: Vec<_> = customers
        .iter()
        .zip(&ids)
        .zip(means)
        .map(|(((p, _), id), mean)| {
            let bought = p.repeats > 0;
            (id.as_str(), i64::from(p.repeats), bought.then_some(p.last), p.age, bought.then_some(mean))
        })
        .collect();
    let label = customers.iter().map(|(_, future)| Some(f64::from(*future))).collect();
    CutoffRows::of(day(cutoff), table(&rows), label).unwrap()
}

fn learned(today: &RecordBatch, past: &[CutoffRows]) -> LifetimeOutcome {
    learn("lifetime", &spec(), FUTURE_DAYS, day("2026-04-01"), today, past).unwrap()
}

fn fitted(today: &RecordBatch, past: &[CutoffRows]) -> LifetimeFitted {
    match learned(today, past) {
        LifetimeOutcome::Fitted(fitted) => *fitted,
        LifetimeOutcome::Refused { reason, .. } => panic!("{reason}"),
    }
}

fn value(metrics: &[Metric], name: &str) -> Option<f64> {
    metrics.iter().find(|m| m.metric == name).unwrap_or_else(|| panic!("no {name}")).value
}

fn column(batch: &RecordBatch, name: &str) -> Vec<Option<f64>> {
    batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().iter().collect()
}

#[test]
fn what_came_is_foreseen_and_the_parameters_are_told() {
    let pasts = [past("2026-01-01", 6000, 11), past("2025-10-01", 300, 12)];
    let today = past("2026-04-01", 6000, 13).features().unwrap();
    let LifetimeFitted { artifact, metrics, notes } = fitted(&today, &pasts);
    let names: Vec<&str> = metrics.iter().map(|m| m.metric.as_str()).collect();
    assert_eq!(
        names,
        [
            "total_ratio",
            "spearman",
            "mae",
            "r",
            "alpha_days",
            "a",
            "b",
            "p",
            "q",
            "gamma",
            "value_correlation"
        ]
    );
    // The purchases of 6000 customers in 90 days vary by some 2 per cent around what was to be expected.
    let ratio = value(&metrics, "total_ratio").unwrap();
    assert!((ratio - 1.0).abs() < 0.08, "{ratio}");
    assert!(value(&metrics, "spearman").unwrap() > 0.3);
    assert!(value(&metrics, "value_correlation").unwrap().abs() < 0.1);
    assert!((value(&metrics, "q").unwrap() - 3.74).abs() < 0.6);
    assert!(notes.is_empty(), "{notes:?}");

    let newest = Some(day("2026-01-01"));
    let mae = &metrics[2];
    assert_eq!((mae.rows, mae.test_cutoff, mae.train_cutoffs.as_slice()), (6000, newest, newest.as_slice()));
    let direct = mae_of(&pasts[0]);
    assert!((mae.value.unwrap() - direct).abs() < 1e-12, "{mae:?} {direct}");
    assert_eq!(
        (metrics[3].test_cutoff, metrics[3].train_cutoffs.as_slice()),
        (None, [day("2026-04-01")].as_slice())
    );
    assert_eq!((artifact.customers, artifact.fitted_at), (6000, day("2026-04-01")));
}

/// Customer by customer.
fn mae_of(past: &CutoffRows) -> f64 {
    let histories = Histories::read(&past.features().unwrap()).unwrap();
    let model = BgNbd::fit(&histories.purchases, 50).unwrap().model;
    let off = |(customer, actual): (&Purchases, &Option<f64>)| {
        (model.expected_purchases(f64::from(FUTURE_DAYS), customer) - actual.unwrap()).abs()
    };
    histories.purchases.iter().zip(&past.label).map(off).sum::<f64>() / past.label.len() as f64
}

#[test]
fn a_table_is_scored_customer_by_customer_and_what_is_unknown_is_null() {
    let today = past("2026-04-01", 3000, 21).features().unwrap();
    let artifact = fitted(&today, &[]).artifact;
    let (buying, spending) = (artifact.model.purchases.model, artifact.model.value.as_ref().unwrap().model);
    let scores = artifact
        .score(&table(&[
            ("known", 3, Some(120.0), 200.0, Some(25.0)),
            ("once", 0, None, 200.0, None),
            ("no_value", 3, Some(120.0), 200.0, None),
            ("money_back", 3, Some(120.0), 200.0, Some(-1.0)),
            ("new", 0, None, 0.0, None),
        ]))
        .unwrap();
    assert_eq!(scores.schema(), lifetime_schema());
    assert_eq!(scores.column(0).as_string::<i32>().value(3), "money_back");

    let known = Purchases { repeats: 3, last: 120.0, age: 200.0 };
    let alive = column(&scores, "alive_probability");
    assert_eq!(alive, [Some(buying.alive_probability(&known)), Some(1.0), alive[0], alive[0], Some(1.0)]);
    let expected = column(&scores, "expected_purchases");
    let by_hand = buying.expected_purchases(365.0, &known);
    assert!((expected[0].unwrap() / by_hand - 1.0).abs() < 1e-12, "{expected:?} {by_hand}");
    assert!((expected[4].unwrap() / buying.expected_purchases_of_new(365.0) - 1.0).abs() < 1e-12);
    let of_all = spending.mean_of_all();
    let own = spending.expected_value(3, 25.0);
    assert_eq!(column(&scores, "expected_value"), [own, of_all, None, None, of_all]);

    // A purchase now is worth 0.3 of its value, one in a year a tenth less.
    let values = column(&scores, "lifetime_value");
    assert_eq!(values.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, false, true]);
    for row in [0, 1, 4] {
        let undiscounted = 0.3 * expected[row].unwrap() * [own, of_all][usize::from(row > 0)].unwrap();
        let share = values[row].unwrap() / undiscounted;
        assert!((1.0 / 1.1..1.0).contains(&share), "{row}: {share}");
    }
}

#[test]
fn read_back_it_scores_the_same_to_the_last_bit() {
    let today = past("2026-04-01", 2000, 31).features().unwrap();
    let artifact = fitted(&today, &[]).artifact;
    let json = artifact.to_json().unwrap();
    let again = LifetimeArtifact::from_json(&json).unwrap();
    assert_eq!(again, artifact);
    assert_eq!(again.version().unwrap(), artifact.version().unwrap());
    assert_eq!(again.score(&today).unwrap(), artifact.score(&today).unwrap());

    let alpha = serde_json::to_string(&artifact.model.purchases.model.alpha).unwrap();
    let other = json.replace(&alpha, "31.5");
    assert_ne!(other, json);
    for text in [other.as_str(), &json[..json.len() / 2], "{}", ""] {
        let problem = LifetimeArtifact::from_json(text).unwrap_err();
        assert!(problem.message.starts_with("the model file is damaged"), "{problem}");
    }
    let newer = json.replace("\"schema_version\":1", "\"schema_version\":9");
    assert!(LifetimeArtifact::from_json(&newer).unwrap_err().message.contains("schema version 9"));
}

#[test]
fn without_values_purchases_are_still_foreseen() {
    let whole = past("2026-04-01", 2000, 41).features().unwrap();
    let mut columns = whole.columns().to_vec();
    columns[4] = arrow::array::new_null_array(columns[4].data_type(), 2000);
    let today = RecordBatch::try_new(whole.schema(), columns).unwrap();
    let LifetimeFitted { artifact, metrics, notes } = fitted(&today, &[]);
    assert_eq!(value(&metrics, "q"), None);
    assert!(notes[0].starts_with("warning: no value is expected: 0 customers"), "{notes:?}");
    let scores = artifact.score(&today).unwrap();
    assert_eq!(column(&scores, "expected_value"), [None; 2000]);
    assert_eq!(scores.column_by_name("expected_purchases").unwrap().null_count(), 0);
    assert_eq!(LifetimeArtifact::from_json(&artifact.to_json().unwrap()).unwrap(), artifact);
    assert!(metrics[0].meaning.contains("no past day with labels `future_purchases`"), "{:?}", metrics[0]);
}

#[test]
fn frequent_buyers_who_spend_more_are_warned_of() {
    let whole = past("2026-04-01", 2000, 51).features().unwrap();
    let histories = Histories::read(&whole).unwrap();
    let ids = histories.ids.as_string::<i32>();
    let rows: Vec<_> = (0..2000)
        .map(|row| {
            let p = histories.purchases[row];
            let bought = p.repeats > 0;
            let mean = bought.then_some(10.0 * f64::from(p.repeats) + (row % 7) as f64);
            (ids.value(row), i64::from(p.repeats), bought.then_some(p.last), p.age, mean)
        })
        .collect();
    let notes = fitted(&table(&rows), &[]).notes;
    assert!(notes.iter().any(|n| n.contains("correlate by 1.00")), "{notes:?}");
}

#[test]
fn few_customers_are_refused_today_and_unmeasured_in_the_past() {
    let small = past("2026-01-01", 60, 61);
    match learned(&small.features().unwrap(), &[]) {
        LifetimeOutcome::Fitted(_) => panic!("fitted"),
        LifetimeOutcome::Refused { reason, metrics } => {
            assert!(reason.english.contains("at least 50 are needed"), "{reason}");
            assert!(metrics[0].meaning_zh.ends_with("至少需要 50 位"), "{:?}", metrics[0]);
            assert!(metrics.iter().all(|m| m.value.is_none()) && metrics.len() == 3);
        }
    }
    let metrics = fitted(&past("2026-04-01", 2000, 62).features().unwrap(), &[small]).metrics;
    assert_eq!((value(&metrics, "mae"), metrics[2].rows), (None, 60));
    assert!(metrics[2].meaning.ends_with("at 2026-01-01"), "{:?}", metrics[2]);
    assert!(metrics[2].meaning_zh.ends_with("（2026-01-01）"), "{:?}", metrics[2]);
}

#[test]
fn wrong_labels_are_problems() {
    let today = past("2026-04-01", 500, 71).features().unwrap();
    let says = |change: fn(&mut CutoffRows)| {
        let mut wrong = past("2026-01-01", 500, 72);
        change(&mut wrong);
        learn("lifetime", &spec(), FUTURE_DAYS, day("2026-04-01"), &today, &[wrong]).unwrap_err().message
    };
    assert_eq!(
        says(|rows| rows.label[3] = Some(-1.0)),
        "model `lifetime`: label `future_purchases` is -1 at 2026-01-01"
    );
    assert!(says(|rows| rows.label.truncate(3)).contains("3 labels for 500 customers"));
}
