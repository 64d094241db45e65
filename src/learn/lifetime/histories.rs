//! The table of purchases as a lifetime model reads it.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};

use super::{bg_nbd::Purchases, gamma_gamma::Spending};
use crate::{
    learn::{
        column::{Kind, Values},
        rows::customer_ids,
    },
    problem::{Problem, Result},
};

/// More repeats than these are a wrong column rather than a keen customer.
const MOST_REPEATS: f64 = 1_000_000.0;

/// What is known of each customer, in the order of the table.
#[derive(Clone, Debug)]
pub struct Histories {
    /// Text without nulls.
    pub ids: ArrayRef,
    /// In days.
    pub purchases: Vec<Purchases>,
    /// Mean value of the repeat purchases; NaN where it is not known.
    pub mean_value: Vec<f64>,
}

impl Histories {
    /// Reads `customer_id, repeats, last_days, age_days, mean_value`. Fails on columns that are not there or no numbers, and
    /// on customers that cannot be: it names the first.
    pub fn read(batch: &RecordBatch) -> Result<Self> {
        let ids = customer_ids(batch)?;
        let [repeats, last, age, mean_value] =
            ["repeats", "last_days", "age_days", "mean_value"].map(|name| numbers(batch, name));
        let (repeats, last, age, mean_value) = (repeats?, last?, age?, mean_value?);
        let purchases = (0..batch.num_rows())
            .map(|row| {
                customer(repeats[row], last[row], age[row]).map_err(|why| {
                    let id = ids.value(row);
                    Problem::failed(format!("customer `{id}` has {why}")).help(
                        "repeats counts the days with a purchase after the first such day, last_days the days from the first \
                         to the last, age_days those from the first to the as-of day",
                    )
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { ids: Arc::new(ids), purchases, mean_value })
    }

    pub fn len(&self) -> usize {
        self.purchases.len()
    }

    pub fn is_empty(&self) -> bool {
        self.purchases.is_empty()
    }

    /// Customers who have bought more than once.
    pub fn repeaters(&self) -> usize {
        self.purchases.iter().filter(|p| p.repeats > 0).count()
    }

    /// Of the repeaters with a mean value above 0: a logarithm of 0 is not defined, and money back is no purchase.
    pub fn spending(&self) -> Vec<Spending> {
        self.purchases
            .iter()
            .zip(&self.mean_value)
            .filter(|(purchases, mean)| purchases.repeats > 0 && **mean > 0.0)
            .map(|(purchases, mean)| Spending { repeats: purchases.repeats, mean: *mean })
            .collect()
    }
}

fn numbers(batch: &RecordBatch, name: &str) -> Result<Vec<f64>> {
    let Some(column) = batch.column_by_name(name) else {
        return Err(Problem::failed(format!("the purchases lack the column `{name}`"))
            .help("a lifetime model reads customer_id, repeats, last_days, age_days, mean_value"));
    };
    match Values::read(name, column, Kind::Number) {
        Ok(Values::Numbers(numbers)) => Ok(numbers),
        _ => Err(Problem::failed(format!("column `{name}` of the purchases is {}", column.data_type()))
            .help("it must be a number")),
    }
}

/// Err says what cannot be.
fn customer(repeats: f64, last: f64, age: f64) -> std::result::Result<Purchases, String> {
    // NaN is what is missing.
    if repeats.is_nan() || age.is_nan() {
        return Err(format!("no {}", if repeats.is_nan() { "repeats" } else { "age_days" }));
    }
    if !(0.0..=MOST_REPEATS).contains(&repeats) || repeats.fract() != 0.0 {
        return Err(format!("{repeats} repeats: a whole number from 0 to {MOST_REPEATS} is needed"));
    }
    if age < 0.0 {
        return Err(format!("age_days {age}: a first purchase after the as-of day"));
    }
    if repeats == 0.0 {
        return match last.is_nan() || last == 0.0 {
            true => Ok(Purchases { repeats: 0, last: 0.0, age }),
            false => Err(format!("last_days {last} without repeats")),
        };
    }
    if !(last > 0.0 && last <= age) {
        let last = if last.is_nan() { "no last_days".into() } else { format!("last_days {last}") };
        return Err(format!(
            "{repeats} repeats and {last} at age_days {age}: last_days lies above 0 and up to age_days"
        ));
    }
    Ok(Purchases { repeats: repeats as u32, last, age })
}

#[cfg(test)]
pub mod tests {
    use std::sync::Arc;

    use arrow::{
        array::{Decimal128Array, Float64Array, Int64Array, StringArray},
        datatypes::{DataType, Field, Schema},
    };

    use super::*;

    pub type Row<'a> = (&'a str, i64, Option<f64>, f64, Option<f64>);

    /// The table of these customers: id, repeats, last_days, age_days, mean_value.
    pub fn table(rows: &[Row]) -> RecordBatch {
        let double = |name: &str| Field::new(name, DataType::Float64, true);
        let fields = vec![
            Field::new("customer_id", DataType::Utf8, false),
            Field::new("repeats", DataType::Int64, true),
            double("last_days"),
            double("age_days"),
            double("mean_value"),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|r| r.0))),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| r.1))),
            Arc::new(Float64Array::from_iter(rows.iter().map(|r| r.2))),
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|r| r.3))),
            Arc::new(Float64Array::from_iter(rows.iter().map(|r| r.4))),
        ];
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
    }

    #[test]
    fn customers_are_read() {
        let rows = [
            ("a", 2, Some(30.0), 90.0, Some(12.5)),
            ("b", 0, None, 90.0, None),
            ("c", 0, Some(0.0), 0.0, None),
            ("d", 1, Some(5.0), 5.0, Some(-3.0)),
        ];
        let found = Histories::read(&table(&rows)).unwrap();
        assert_eq!(found.purchases[0], Purchases { repeats: 2, last: 30.0, age: 90.0 });
        assert_eq!(found.purchases[1], Purchases { repeats: 0, last: 0.0, age: 90.0 });
        assert_eq!((found.len(), found.repeaters()), (4, 2));
        assert_eq!(found.spending(), [Spending { repeats: 2, mean: 12.5 }]);
    }

    #[test]
    fn money_may_be_decimal() {
        let batch = table(&[("a", 1, Some(5.0), 5.0, None)]);
        let money = Decimal128Array::from(vec![1250]).with_precision_and_scale(18, 2).unwrap();
        let mut fields: Vec<Field> = batch.schema().fields().iter().map(|f| f.as_ref().clone()).collect();
        fields[4] = Field::new("mean_value", DataType::Decimal128(18, 2), true);
        let mut columns = batch.columns().to_vec();
        columns[4] = Arc::new(money);
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
        assert_eq!(Histories::read(&batch).unwrap().mean_value, [12.5]);
    }

    #[test]
    fn customers_that_cannot_be_are_named() {
        let says =
            |row: Row| Histories::read(&table(&[("ok", 0, None, 1.0, None), row])).unwrap_err().message;
        assert_eq!(
            says(("x", -1, None, 9.0, None)),
            "customer `x` has -1 repeats: a whole number from 0 to 1000000 is needed"
        );
        assert_eq!(says(("x", 0, Some(4.0), 9.0, None)), "customer `x` has last_days 4 without repeats");
        assert_eq!(
            says(("x", 2, Some(10.0), 9.0, None)),
            "customer `x` has 2 repeats and last_days 10 at age_days 9: last_days lies above 0 and up to age_days"
        );
        assert!(says(("x", 2, None, 9.0, None)).contains("no last_days"));
        assert!(says(("x", 2, Some(0.0), 9.0, None)).contains("last_days 0 at"));
        assert!(says(("x", 0, None, -1.0, None)).contains("after the as-of day"));
        assert_eq!(says(("x", 0, None, f64::NAN, None)), "customer `x` has no age_days");
    }

    #[test]
    fn columns_that_are_not_there_or_no_numbers_are_named() {
        let batch = table(&[("a", 1, Some(5.0), 5.0, None)]);
        let without = batch.project(&[0, 1, 2, 3]).unwrap();
        let problem = Histories::read(&without).unwrap_err();
        assert_eq!(problem.message, "the purchases lack the column `mean_value`");
        let mut columns = batch.columns().to_vec();
        columns[1] = columns[0].clone();
        let names = ["customer_id", "repeats", "last_days", "age_days", "mean_value"];
        let text = RecordBatch::try_from_iter(names.into_iter().zip(columns)).unwrap();
        assert!(
            Histories::read(&text).unwrap_err().message.contains("column `repeats` of the purchases is Utf8")
        );
    }
}
