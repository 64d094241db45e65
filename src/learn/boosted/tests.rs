use arrow::array::{Array, AsArray};

use super::*;
use crate::learn::{
    encode::Encoding,
    gather::TrainingRows,
    metrics,
    shap::Explainer,
    spec::{LearnedKind, LearnedSpec},
    synthetic,
    tree::Node,
};

/// A tree that learns all that there is at once.
fn at_once() -> BoostedSettings {
    BoostedSettings {
        trees: 1,
        depth: 1,
        learning_rate: 1.0,
        min_leaf_weight: 0.0,
        l2: 1.0,
        column_share: 1.0,
        row_share: 1.0,
    }
}

fn matrix(columns: &[&[f64]]) -> TreeMatrix {
    TreeMatrix::new(columns[0].len(), columns.iter().map(|c| c.to_vec()).enumerate().collect()).unwrap()
}

fn events(bits: &[u8]) -> Vec<bool> {
    bits.iter().map(|bit| *bit == 1).collect()
}

fn fit(x: &TreeMatrix, events: &[bool], settings: &BoostedSettings) -> Result<Boosted> {
    Boosted::fit(x, events, None, settings, 7, 1)
}

fn customers(n: usize) -> (TrainingRows, TreeMatrix) {
    let spec = LearnedSpec { exclude: vec![], ..synthetic::spec(LearnedKind::Probability) };
    let cutoff = synthetic::cutoff("2026-01-01", n, LearnedKind::Probability);
    let rows = TrainingRows::gather(&[&cutoff], &spec).unwrap();
    let (encoding, _) = Encoding::learn(&rows.features).unwrap();
    let x = encoding.for_trees(&rows.features).unwrap();
    (rows, x)
}

#[test]
fn one_split_by_hand() {
    let x = matrix(&[&[1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]]);
    let model = fit(&x, &events(&[1, 0, 0, 0, 1, 1, 1, 0]), &at_once()).unwrap();
    // Half of the rows are events: base 0. A Newton step is Σ (y − p) / (Σ p (1 − p) + l2): ∓1 / (1 + 1).
    assert_eq!(model.base, 0.0);
    assert_eq!(model.log_odds(&x), [-0.5, -0.5, -0.5, -0.5, 0.5, 0.5, 0.5, 0.5]);
    let [Node::Split { column: 0, threshold, below, above, .. }, ..] = model.trees[0].0[..] else { panic!() };
    assert!(1.0 < threshold && threshold <= 2.0);
    assert_eq!(model.trees[0].0[below], Node::Leaf { value: -0.5, cover: 4.0 });
    assert_eq!(model.trees[0].0[above], Node::Leaf { value: 0.5, cover: 4.0 });
}

#[test]
fn missing_is_a_value_of_its_own() {
    let nan = f64::NAN;
    let x = matrix(&[&[3.0, 3.0, 3.0, 3.0, nan, nan, nan, f64::INFINITY]]);
    let model = fit(&x, &events(&[0, 0, 0, 1, 1, 1, 1, 0]), &at_once()).unwrap();
    let log_odds = model.log_odds(&x);
    assert_eq!((log_odds[0], log_odds[4], log_odds[7]), (-0.5, 0.5, 0.5), "infinity is missing too");
}

#[test]
fn a_weight_of_two_is_the_row_twice() {
    let (x, twice) = (matrix(&[&[1.0, 2.0, 3.0, 4.0]]), matrix(&[&[1.0, 2.0, 2.0, 3.0, 4.0, 4.0]]));
    let settings = BoostedSettings { trees: 5, learning_rate: 0.5, ..at_once() };
    let weights = [1.0, 2.0, 1.0, 2.0];
    let weighted =
        Boosted::fit(&x, &events(&[0, 0, 1, 1]), Some(&weights), &settings, 7, 1).unwrap().log_odds(&x);
    let doubled = fit(&twice, &events(&[0, 0, 0, 1, 1, 1]), &settings).unwrap().log_odds(&x);
    for (a, b) in weighted.iter().zip(doubled) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }
}

#[test]
fn the_same_rows_give_the_same_bytes_on_any_number_of_threads() {
    let (rows, x) = customers(20_000);
    let text = |seed, threads| {
        let settings = BoostedSettings { trees: 20, ..BoostedSettings::default() };
        let model = Boosted::fit(&x, &rows.events, None, &settings, seed, threads).unwrap();
        serde_json::to_string(&model).unwrap()
    };
    let one = text(7, 1);
    assert_eq!(one, text(7, 1));
    assert_eq!(one, text(7, 2));
    assert_eq!(one, text(7, 5));
    assert_ne!(one, text(8, 1), "the samples differ");
}

#[test]
fn it_finds_what_made_the_customers_leave() {
    let (rows, x) = customers(6_000);
    let model = fit(&x, &rows.events, &BoostedSettings::default()).unwrap();
    assert!(model.is_sound(x.columns()));
    let usage = rows.features.column_by_name("usage").unwrap();
    let usage = usage.as_primitive::<arrow::datatypes::Float64Type>();
    let region = rows.features.column_by_name("region").unwrap().as_string::<i32>();
    let nps = rows.features.column_by_name("nps").unwrap();
    let errors = model.log_odds(&x).into_iter().enumerate().map(|(row, log_odds)| {
        let north = region.is_valid(row) && region.value(row) == "North";
        // As `synthetic::cutoff` has it.
        let truth = -2.0 - usage.value(row)
            + if north { 1.5 } else { 0.0 }
            + if nps.is_null(row) { 1.0 } else { 0.0 };
        (log_odds - truth).abs()
    });
    let mean = errors.sum::<f64>() / x.rows() as f64;
    assert!(mean < 0.3, "{mean}");
}

#[test]
fn contributions_start_from_the_mean_of_the_training_rows() {
    let (rows, x) = customers(3_000);
    let settings = BoostedSettings { trees: 50, depth: 5, ..BoostedSettings::default() };
    let model = fit(&x, &rows.events, &settings).unwrap();
    let log_odds = model.log_odds(&x);
    let explainer = Explainer::new(&model, x.places());
    let contributions = explainer.contributions(&x, 1);
    assert!((explainer.base - log_odds.iter().sum::<f64>() / log_odds.len() as f64).abs() < 1e-9);
    for (row, log_odds) in contributions.rows().into_iter().zip(&log_odds) {
        assert!((explainer.base + row.sum() - log_odds).abs() < 1e-9);
    }
    assert_eq!(contributions, explainer.contributions(&x, 3));
}

#[test]
fn odd_columns_are_no_harm() {
    let nan = f64::NAN;
    let x = matrix(&[
        &[nan; 6],
        &[4.0; 6],
        &[f64::MAX, f64::MIN, 1e-300, -0.0, 0.0, nan],
        &[f64::INFINITY, f64::NEG_INFINITY, nan, 1.0, 1.0, 2.0],
    ]);
    let outcomes = events(&[1, 0, 1, 0, 0, 1]);
    for settings in
        [BoostedSettings::default(), BoostedSettings { trees: 30, depth: 6, l2: 1e-3, ..at_once() }]
    {
        let model = fit(&x, &outcomes, &settings).unwrap();
        assert!(model.log_odds(&x).iter().all(|v| v.is_finite()));
    }
    let nothing = matrix(&[&[nan; 6]]);
    let model = fit(&nothing, &outcomes, &BoostedSettings { trees: 30, ..at_once() }).unwrap();
    assert_eq!(model.log_odds(&nothing), [0.0; 6], "the base rate of a half, and nothing learned");
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let x = matrix(&[&[1.0, 2.0, 3.0]]);
    let refused = |x: &TreeMatrix, events: &[bool], weights: Option<&[f64]>, why: &str| {
        let problem = Boosted::fit(x, events, weights, &BoostedSettings::default(), 7, 1).unwrap_err();
        assert!(problem.message.contains(why), "{problem}");
    };
    refused(&x, &events(&[1, 1, 1]), None, "without it");
    refused(&x, &events(&[0, 0, 0]), None, "with the event");
    refused(&x, &events(&[0, 1]), None, "3 rows, 2 outcomes");
    refused(&x, &events(&[0, 1, 1]), Some(&[0.0, 1.0, 1.0]), "without it");
    refused(&x, &events(&[0, 1, 1]), Some(&[1.0, f64::NAN, 1.0]), "weighs NaN");
    refused(&x, &events(&[0, 1, 1]), Some(&[1.0, -1.0, 1.0]), "weighs -1");
    refused(&TreeMatrix::new(2, vec![]).unwrap(), &events(&[0, 1]), None, "a column to split");
    let deep = BoostedSettings { depth: 7, ..BoostedSettings::default() };
    assert_eq!(deep.check().unwrap_err().message, "`depth` is 7: boosted trees take 1 to 6");
    let nothing = BoostedSettings { l2: f64::NAN, ..BoostedSettings::default() };
    assert!(nothing.check().is_err());
}

#[test]
fn it_ranks_unseen_customers() {
    let (rows, x) = customers(6_000);
    let (seen, unseen): (Vec<usize>, Vec<usize>) = (0..x.rows()).partition(|row| row % 3 != 0);
    let of = |places: &[usize]| places.iter().map(|row| rows.events[*row]).collect::<Vec<_>>();
    let model = fit(&x.select(&seen), &of(&seen), &BoostedSettings::default()).unwrap();
    let auc = metrics::roc_auc(&model.log_odds(&x.select(&unseen)), &of(&unseen));
    assert!(auc.is_some_and(|auc| auc > 0.75), "{auc:?}");
}
