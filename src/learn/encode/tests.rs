use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use proptest::prelude::*;

use super::*;
use crate::learn::{spec::LearnedKind, synthetic};

fn numbers(values: &[Option<f64>]) -> RecordBatch {
    synthetic::table(vec![("x", Arc::new(Float64Array::from(values.to_vec())) as ArrayRef)])
}

fn texts(values: &[Option<&str>]) -> RecordBatch {
    synthetic::table(vec![("x", Arc::new(StringArray::from(values.to_vec())) as ArrayRef)])
}

#[test]
fn numbers_are_standardised_and_missing_ones_marked() {
    let (encoding, notes) = Encoding::learn(&numbers(&[Some(1.0), Some(3.0), None])).unwrap();
    assert!(notes.is_empty(), "{notes:?}");
    let x = encoding.encode(&numbers(&[Some(1.0), Some(3.0), None, Some(1e9)])).unwrap();
    let parts: Vec<Part> = encoding.outputs().map(|o| o.part).collect();
    let (linear, missing) = (
        parts.iter().position(|p| *p == Part::Linear).unwrap(),
        parts.iter().position(|p| *p == Part::Missing).unwrap(),
    );
    // The percentiles of two values lie just inside them: clamped there, they are ±1 once standardised.
    assert!((x[[0, linear]] + 1.0).abs() < 1e-9 && (x[[1, linear]] - 1.0).abs() < 1e-9, "{x}");
    assert_eq!(x[[2, linear]], 0.0);
    assert!((x[[3, linear]] - 1.0).abs() < 1e-9, "what is beyond training is clamped: {x}");
    assert_eq!(x.column(missing).to_vec(), [0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn only_a_skewed_column_takes_the_logarithm() {
    let log = |values: Vec<Option<f64>>| match Encoding::learn(&numbers(&values)).unwrap().0.columns[0].shape
    {
        Shape::Number { log, .. } => log,
        Shape::Category { .. } => panic!("a category"),
    };
    assert!(!log((0..100).map(|i| Some(f64::from(i))).collect()));
    assert!(log((0..100).map(|i| Some((f64::from(i) / 8.0).exp())).collect()));
    assert!(log(vec![Some(1e300), Some(-1e300), Some(1.0), Some(2.0)]), "too large for a third moment");
}

#[test]
fn unseen_and_rare_levels_are_other() {
    let names: Vec<String> = (0..14).map(|i| format!("level {i:02}")).collect();
    let trained: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
    let (encoding, _) = Encoding::learn(&texts(&trained)).unwrap();
    let x = encoding.encode(&texts(&[Some("level 00"), Some("level 13"), Some("new"), None])).unwrap();
    assert_eq!(encoding.width(), 13, "12 levels and other: {encoding:?}");
    assert_eq!(x.row(0).to_vec(), [vec![1.0], vec![0.0; 12]].concat());
    assert_eq!(x.row(1), x.row(2));
    assert_eq!(x[[1, 12]], 1.0);
    assert_eq!(x.row(3).sum(), 0.0, "missing, which training never saw, is no level");
}

#[test]
fn useless_columns_are_dropped_with_a_note() {
    let rows = synthetic::cutoff("2026-01-01", 2_000, LearnedKind::Probability);
    let (encoding, notes) = Encoding::learn(&rows.features().unwrap()).unwrap();
    let names: Vec<&str> = encoding.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["usage", "region", "nps", "revenue_12m", "weekend"]);
    let noted = |name: &str, why: &str| notes.iter().any(|n| n.contains(name) && n.contains(why));
    assert!(noted("`customer_name`", "names, not categories"), "{notes:?}");
    assert!(noted("`usage_again`", "the same as `usage`"), "{notes:?}");
    assert!(noted("`always`", "constant"), "{notes:?}");
    assert!(noted("`since`", "Date32"), "{notes:?}");
    assert!(noted("`nothing`", "no values"), "{notes:?}");
}

#[test]
fn a_column_that_went_or_changed_is_named() {
    let (encoding, _) = Encoding::learn(&numbers(&[Some(1.0), Some(2.0)])).unwrap();
    let renamed = synthetic::table(vec![("xs", Arc::new(Int64Array::from(vec![1])) as ArrayRef)]);
    let problem = encoding.encode(&renamed).unwrap_err();
    assert!(problem.message.contains("`x`"), "{problem}");
    assert_eq!(problem.help.as_deref(), Some("did you mean `xs`?"));
    assert!(encoding.encode(&texts(&[Some("a")])).unwrap_err().message.contains("`x`"));
    let wider = synthetic::table(vec![("x", Arc::new(Int64Array::from(vec![1])) as ArrayRef)]);
    assert!(encoding.encode(&wider).is_ok(), "an integer is a number too");
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        Just(Some(0.0)),
        (-5i8..5).prop_map(|v| Some(f64::from(v))),
        any::<f64>().prop_map(Some),
    ]
}

proptest! {
    #[test]
    fn whatever_comes_the_matrix_is_finite(
        trained in prop::collection::vec(any_value(), 1..60),
        scored in prop::collection::vec(any_value(), 0..20),
    ) {
        let (encoding, _) = Encoding::learn(&numbers(&trained)).unwrap();
        prop_assert!(encoding.columns.iter().all(|column| column.is_sound()), "{:?}", encoding);
        for rows in [&trained, &scored] {
            if !encoding.columns.is_empty() {
                let x = encoding.encode(&numbers(rows)).unwrap();
                prop_assert!(x.iter().all(|v| v.is_finite()), "{:?} {}", encoding, x);
            }
        }
    }

    #[test]
    fn the_centres_are_the_means_of_the_training_rows(trained in prop::collection::vec(any_value(), 2..60)) {
        let (encoding, _) = Encoding::learn(&numbers(&trained)).unwrap();
        let x = encoding.encode(&numbers(&trained)).unwrap();
        for (column, output) in x.columns().into_iter().zip(encoding.outputs()) {
            prop_assert!((column.sum() / trained.len() as f64 - output.centre).abs() < 1e-9);
        }
    }
}
