//! Invented customers whose truth is known, for the tests.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
        StringArray,
    },
    datatypes::{DataType, Field, Schema},
};
use chrono::NaiveDate;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal, Normal};

use super::{
    logistic::probability,
    rows::CutoffRows,
    spec::{CalibrationChoice, EstimatorChoice, Governance, LearnedKind, LearnedSpec, SplitKind},
};

pub fn spec(kind: LearnedKind) -> LearnedSpec {
    LearnedSpec {
        kind,
        features: "customer_features".into(),
        label: if kind == LearnedKind::Probability { "churned" } else { "growth" }.into(),
        exclude: vec!["customer_name".into()],
        weight: None,
        split: SplitKind::Time,
        folds: 3,
        estimator: EstimatorChoice::Logistic,
        penalty: 1.0,
        boosted_trees: None,
        calibration: CalibrationChoice::Auto,
        min_events: 50,
        shrink_below: 200,
        max_rows: 200_000,
        seed: 7,
        governance: Governance::default(),
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A table from named columns.
pub fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

/// `n` customers: churn falls with logins and rises for one region and for an unknown nps; growth is log-normal.
///
/// The true log-odds of an event are −2 − usage + 1.5 [region = North] + [nps missing].
pub fn cutoff(at: &str, n: usize, kind: LearnedKind) -> CutoffRows {
    let cutoff = day(at);
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from_le_bytes(at.as_bytes()[2..10].try_into().unwrap()));
    let normal = Normal::new(0.0, 1.0).unwrap();
    let money = LogNormal::new(8.0, 1.5).unwrap();
    let mut columns = Columns::default();
    let mut label = Vec::new();
    for customer in 0..n {
        let usage: f64 = normal.sample(&mut rng);
        let region = ["North", "South", "East"][rng.random_range(0..3)];
        let nps = rng.random_bool(0.7).then(|| rng.random_range(0..=10));
        let revenue = money.sample(&mut rng);
        let log_odds =
            -2.0 - usage + if region == "North" { 1.5 } else { 0.0 } + if nps.is_none() { 1.0 } else { 0.0 };
        let event = rng.random_bool(probability(log_odds));
        let size = revenue * (0.1 + 0.4 * rng.random::<f64>());
        label.push((!customer.is_multiple_of(50)).then_some(match (event, kind) {
            (false, _) => 0.0,
            (true, LearnedKind::Probability) => 1.0,
            (true, LearnedKind::Amount) => size,
        }));
        columns.push(customer, usage, region, nps, revenue);
    }
    CutoffRows::of(cutoff, columns.table(), label).unwrap()
}

#[derive(Default)]
struct Columns {
    id: Vec<String>,
    usage: Vec<f64>,
    region: Vec<Option<&'static str>>,
    nps: Vec<Option<i64>>,
    revenue: Vec<i128>,
}

impl Columns {
    fn push(&mut self, customer: usize, usage: f64, region: &'static str, nps: Option<i64>, revenue: f64) {
        self.id.push(format!("C{customer:06}"));
        self.usage.push(usage);
        self.region.push((!customer.is_multiple_of(20)).then_some(region));
        self.nps.push(nps);
        self.revenue.push((revenue * 100.0) as i128);
    }

    fn table(self) -> RecordBatch {
        let n = self.id.len();
        let revenue = Decimal128Array::from(self.revenue).with_precision_and_scale(18, 2).unwrap();
        let names: Vec<String> = (0..n).map(|i| format!("Customer {i}")).collect();
        table(vec![
            ("customer_id", Arc::new(StringArray::from(self.id))),
            ("customer_name", Arc::new(StringArray::from(names))),
            ("usage", Arc::new(Float64Array::from(self.usage.clone()))),
            ("usage_again", Arc::new(Float64Array::from(self.usage))),
            ("region", Arc::new(StringArray::from(self.region))),
            ("nps", Arc::new(Int64Array::from(self.nps))),
            ("revenue_12m", Arc::new(revenue)),
            ("always", Arc::new(BooleanArray::from(vec![true; n]))),
            ("weekend", Arc::new(BooleanArray::from_iter((0..n).map(|i| Some(i % 7 < 2))))),
            ("since", Arc::new(Date32Array::from(vec![19_000; n]))),
            ("nothing", arrow::array::new_null_array(&DataType::Float64, n)),
        ])
    }
}
