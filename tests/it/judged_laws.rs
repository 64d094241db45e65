//! What holds for any scorecard and any quadrant over any customers: their SQL, in a session over rows in memory.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, Decimal128Array, Float64Array, RecordBatch, StringArray},
    datatypes::{DataType, Decimal128Type},
};
use datafusion::prelude::SessionContext;
use indexmap::IndexMap;
use luopan::{
    judge::{
        quadrant::quadrant_sql,
        scorecard::{components_sql, score_sql},
    },
    project::model::{Axis, Component, Cut, Missing, Points, QuadrantSpec, ScoreSegment, ScorecardSpec},
};
use proptest::prelude::*;

type Known = Option<f64>;

fn ids(count: usize) -> ArrayRef {
    Arc::new((0..count).map(|n| Some(format!("c{n:03}"))).collect::<StringArray>())
}

/// The rows of a query over these tables, as one batch.
fn ask(tables: &[(&str, &RecordBatch)], sql: &str) -> RecordBatch {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let session = SessionContext::new();
        for (name, batch) in tables {
            session.register_batch(*name, (*batch).clone()).unwrap();
        }
        let rows = session.sql(sql).await.unwrap();
        let schema = Arc::clone(rows.schema().inner());
        arrow::compute::concat_batches(&schema, &rows.collect().await.unwrap()).unwrap()
    })
}

fn in_order(sql: &str) -> String {
    format!("SELECT * FROM ({sql}) ORDER BY customer_id")
}

/// The whole ten-thousandths of a DECIMAL(9,4) column.
fn decimals(batch: &RecordBatch, column: &str) -> Vec<Option<i128>> {
    let column = batch.column_by_name(column).unwrap();
    assert_eq!(column.data_type(), &DataType::Decimal128(9, 4));
    column.as_primitive::<Decimal128Type>().iter().collect()
}

fn known() -> impl Strategy<Value = Known> {
    let whole = (-50..150i32).prop_map(|n| Some(f64::from(n)));
    prop_oneof![1 => Just(None), 3 => whole, 2 => (-50.0..150.0f64).prop_map(Some)]
}

fn points() -> impl Strategy<Value = Points> {
    let corner = (1..40i32, 0..=100i32);
    let line = (-60..60i32, prop::collection::vec(corner, 2..5)).prop_map(|(start, corners)| {
        let mut at = start;
        let line = corners.iter().map(|(step, points)| {
            at += step;
            (f64::from(at), f64::from(*points))
        });
        Points::Line(line.collect())
    });
    prop_oneof![2 => line, 1 => Just(Points::Rank)]
}

fn card() -> impl Strategy<Value = ScorecardSpec> {
    let missing = prop_oneof![Just(Missing::Reweight), Just(Missing::Neutral), Just(Missing::Zero)];
    let components = prop::collection::vec((0..60u32, points()), 3)
        .prop_filter("a weight", |c| c.iter().any(|(w, _)| *w > 0));
    (missing, components).prop_map(|(missing, components)| {
        let component = |(name, (weight, points)): (&str, (u32, Points))| Component {
            name: name.into(),
            description: None,
            description_zh: None,
            weight: weight.into(),
            value: name.into(),
            value_span: 0..0,
            points,
            missing,
        };
        let components = ["a", "b", "c"].into_iter().zip(components).map(component).collect();
        // Some customers are judged by weights and bands of their own.
        let segment = ScoreSegment {
            name: "few".into(),
            when: ("a < 20".into(), 0..0),
            weights: IndexMap::from([("b".to_owned(), 7.0), ("c".to_owned(), 1.0)]),
            bands: vec![("high".into(), 80.0), ("low".into(), 0.0)],
        };
        ScorecardSpec {
            from: "people".into(),
            components,
            bands: vec![("high".into(), 50.0), ("low".into(), 0.0)],
            segments: vec![segment],
            grade: None,
        }
    })
}

fn people() -> impl Strategy<Value = RecordBatch> {
    prop::collection::vec([known(), known(), known()], 1..25).prop_map(|rows| {
        let column = |i: usize| Arc::new(rows.iter().map(|r| r[i]).collect::<Float64Array>()) as ArrayRef;
        RecordBatch::try_from_iter_with_nullable([
            ("customer_id", ids(rows.len()), false),
            ("a", column(0), true),
            ("b", column(1), true),
            ("c", column(2), true),
        ])
        .unwrap()
    })
}

fn scores() -> impl Strategy<Value = Vec<(Option<i128>, Option<i128>, Option<i128>)>> {
    let score = || {
        prop::option::weighted(0.85, prop_oneof![0..=1_000_000i128, (0..=10i128).prop_map(|n| n * 100_000)])
    };
    let money = |most| prop::option::weighted(0.9, -100_000..most);
    let customers = move |most: i128| prop::collection::vec((score(), score(), money(most)), 1..25);
    // Of one population in four nobody holds any money.
    prop_oneof![3 => customers(500_000), 1 => customers(1)]
}

fn cut() -> impl Strategy<Value = Cut> {
    prop_oneof![
        (0..=100u32).prop_map(|v| Cut::Fixed(v.into())),
        (1..100u32).prop_map(|v| Cut::Quantile(f64::from(v) / 100.0)),
        (1..100u32).prop_map(|v| Cut::Pareto { share: f64::from(v) / 100.0, of: "money".into() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_score_is_the_exact_sum_of_its_contributions_and_lies_between_0_and_100(spec in card(), people in people()) {
        let scored = ask(&[("people", &people)], &in_order(&score_sql("card", &spec)));
        let parts = ask(&[("people", &people)], &in_order(&components_sql("card", &spec)));
        let found = decimals(&scored, "score");
        let (contributions, points) = (decimals(&parts, "contribution"), decimals(&parts, "points"));
        prop_assert_eq!(found.len(), people.num_rows());
        prop_assert_eq!(contributions.len(), 3 * people.num_rows());
        for (row, score) in found.iter().enumerate() {
            let own = &contributions[3 * row..3 * row + 3];
            let sum = own.iter().any(Option::is_some).then(|| own.iter().flatten().sum::<i128>());
            prop_assert_eq!(*score, sum, "row {}", row);
            // Three roundings of half a ten-thousandth.
            prop_assert!(score.is_none_or(|s| (0..=1_000_002).contains(&s)), "{:?}", score);
            let band = scored.column_by_name("band").unwrap();
            prop_assert_eq!(band.is_null(row), score.is_none(), "a band wherever there is a score");
            let seen = points[3 * row..3 * row + 3].iter().flatten().all(|p| (0..=1_000_000).contains(p));
            prop_assert!(seen, "points lie between 0 and 100");
        }
    }

    #[test]
    fn whoever_is_known_on_both_axes_stands_in_exactly_one_quadrant(rows in scores(), x in cut(), y in cut()) {
        let decimal = |values: Vec<Option<i128>>, precision, scale| {
            Arc::new(Decimal128Array::from(values).with_precision_and_scale(precision, scale).unwrap()) as ArrayRef
        };
        let count = rows.len();
        let table = |name: &'static str, values| {
            let columns = [("customer_id", ids(count), false), (name, values, true)];
            RecordBatch::try_from_iter_with_nullable(columns).unwrap()
        };
        let from = table("money", decimal(rows.iter().map(|r| r.2).collect(), 18, 2));
        let now = table("score", decimal(rows.iter().map(|r| r.0).collect(), 9, 4));
        let later = table("score", decimal(rows.iter().map(|r| r.1).collect(), 9, 4));
        let axis = |score: &str, cut: Cut| Axis {
            scores: IndexMap::from([(score.to_owned(), 1.0)]),
            cut,
            per: None,
        };
        let spec = QuadrantSpec {
            from: "people".into(),
            x: axis("now", x),
            y: axis("later", y),
            rules: None,
            stay: None,
        };
        let placed = ask(&[("people", &from), ("now", &now), ("later", &later)], &in_order(&quadrant_sql(&spec)));
        prop_assert_eq!(placed.num_rows(), count, "one row each");
        let quadrant = arrow::compute::cast(placed.column_by_name("quadrant").unwrap(), &DataType::Utf8).unwrap();
        let (cut_x, cut_y) = (decimals(&placed, "x_cut"), decimals(&placed, "y_cut"));
        for (row, (x, y, _)) in rows.iter().enumerate() {
            let expected = match (x.zip(cut_x[row]).map(|(x, c)| x >= c), y.zip(cut_y[row]).map(|(y, c)| y >= c)) {
                (Some(true), Some(true)) => Some("star"),
                (Some(true), Some(false)) => Some("cash_cow"),
                (Some(false), Some(true)) => Some("question_mark"),
                (Some(false), Some(false)) => Some("dog"),
                _ => None,
            };
            let found = quadrant.is_valid(row).then(|| quadrant.as_string::<i32>().value(row));
            prop_assert_eq!(found, expected, "row {}", row);
            prop_assert_eq!(found.is_some(), x.is_some() && y.is_some(), "row {} at {:?} and {:?} by {:?}", row, x, y, &spec);
        }
    }
}
