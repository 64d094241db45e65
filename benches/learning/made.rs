//! Invented customers like those of `customer_features`: figures with long tails, counts that are mostly 0, shares with gaps,
//! flags, a few texts. The same sizes give the same rows.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{Field, Schema},
};
use chrono::{Months, NaiveDate};
use luopan::learn::CutoffRows;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// One cutoff in three months.
pub const CUTOFFS: usize = 6;

/// `rows` in all, the same customers at each cutoff; about one of twenty has an event.
pub fn cutoffs(rows: usize, columns: usize) -> Vec<CutoffRows> {
    let first = NaiveDate::from_ymd_opt(2024, 10, 1).unwrap_or_default();
    (0..CUTOFFS)
        .map(|place| {
            let day = first + Months::new(3 * place as u32);
            let (features, events) = customers(rows / CUTOFFS, columns, place as u64);
            let label = events.into_iter().map(|event| Some(f64::from(event))).collect();
            CutoffRows::of(day, features, label).expect("the rows have a key")
        })
        .collect()
}

/// Customers of a day and whether each has an event: its log-odds are a sum of some columns' steps and slopes.
pub fn customers(rows: usize, columns: usize, seed: u64) -> (RecordBatch, Vec<bool>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let ids: StringArray = (0..rows).map(|row| Some(format!("C{row:07}"))).collect();
    let mut fields = vec![("customer_id".to_owned(), Arc::new(ids) as ArrayRef)];
    let mut log_odds = vec![-3.6; rows];
    // What customers have in common: columns are alike.
    let health: Vec<f64> = (0..rows).map(|_| StandardNormal.sample(&mut rng)).collect();
    for column in 0..columns {
        let weight = if column % 4 == 0 { 0.5 / (1.0 + column as f64 / 8.0) } else { 0.0 };
        let own = |rng: &mut ChaCha8Rng, row: usize| -> f64 {
            let noise: f64 = StandardNormal.sample(rng);
            0.5 * health[row] + noise
        };
        let drawn: Vec<f64> = (0..rows).map(|row| own(&mut rng, row)).collect();
        for (odds, z) in log_odds.iter_mut().zip(&drawn) {
            *odds -= weight * z + if column % 8 == 0 { weight * f64::from(*z < -1.0) } else { 0.0 };
        }
        let gap = |rng: &mut ChaCha8Rng, share: f64| rng.random_bool(share);
        let array: ArrayRef = match column % 10 {
            // Money with a long tail.
            0 | 5 => {
                let cents = drawn.iter().map(|z| (100.0 * (8.0 + 1.5 * z).exp()) as i128);
                Arc::new(Decimal128Array::from_iter_values(cents).with_precision_and_scale(18, 2).unwrap())
            }
            // Counts: more than half are 0.
            1 | 6 => Arc::new(
                drawn.iter().map(|z| Some((z - 0.3).max(0.0).exp_m1() as i64)).collect::<Int64Array>(),
            ),
            // Rare counts.
            2 => {
                Arc::new(drawn.iter().map(|z| Some((2.0 * z - 3.0).max(0.0) as i64)).collect::<Int64Array>())
            }
            // Changes, unknown for many.
            3 | 8 => Arc::new(
                drawn
                    .iter()
                    .map(|z| (!gap(&mut rng, 0.3)).then_some((0.3 * z).exp() - 1.0))
                    .collect::<Float64Array>(),
            ),
            4 => Arc::new(
                drawn
                    .iter()
                    .map(|z| (!gap(&mut rng, 0.02)).then_some((90.0 * z.abs()) as i64))
                    .collect::<Int64Array>(),
            ),
            7 if column % 40 == 7 => {
                let levels = ["North", "South", "East", "West", "Online"];
                let level = |z: &f64| levels[((z + 2.5).clamp(0.0, 4.9)) as usize];
                Arc::new(
                    drawn.iter().map(|z| (!gap(&mut rng, 0.02)).then_some(level(z))).collect::<StringArray>(),
                )
            }
            7 => Arc::new(drawn.iter().map(|z| Some(*z > 1.0)).collect::<BooleanArray>()),
            // Shares with few different values.
            _ => Arc::new(
                drawn
                    .iter()
                    .map(|z| (!gap(&mut rng, 0.05)).then_some((z.abs() * 8.0).floor() / 32.0))
                    .collect::<Float64Array>(),
            ),
        };
        fields.push((format!("feature_{column:03}"), array));
    }
    let events = log_odds.iter().map(|z| rng.random_bool(1.0 / (1.0 + (-z).exp()))).collect();
    let schema = fields.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true));
    let schema = Arc::new(Schema::new(schema.collect::<Vec<_>>()));
    let arrays = fields.into_iter().map(|(_, array)| array).collect();
    (RecordBatch::try_new(schema, arrays).expect("columns are equally long"), events)
}
