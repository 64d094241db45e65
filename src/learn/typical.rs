//! What is typical of customers: beside it, a customer's own value says something.

use std::collections::BTreeMap;

use arrow::array::{RecordBatch, StringArray};
use serde::{Deserialize, Serialize};

use super::{
    column::{Kind, Values},
    encode::Encoding,
};
use crate::problem::Result;

/// By column, over the training rows in which it is known; learned with the model and kept in its artifact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typical {
    columns: BTreeMap<String, TypicalValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypicalValue {
    /// The median; of two in the middle the lower, so that it is one that somebody has.
    Median(f64),
    /// The part of the rows that are true.
    ShareTrue(f64),
    /// The most frequent text; of equally frequent ones the first of the alphabet.
    Level(String),
}

impl Typical {
    /// `features`: the training rows.
    pub fn learn(encoding: &Encoding, features: &RecordBatch) -> Result<Self> {
        let mut columns = BTreeMap::new();
        for column in &encoding.columns {
            let value = match (column.kind, column.read(features)?) {
                (_, Values::Texts(texts)) => most_frequent(&texts).map(TypicalValue::Level),
                (Kind::Flag, Values::Numbers(numbers)) => share_true(&numbers).map(TypicalValue::ShareTrue),
                (_, Values::Numbers(numbers)) => median(numbers).map(TypicalValue::Median),
            };
            columns.extend(value.map(|value| (column.name.clone(), value)));
        }
        Ok(Self { columns })
    }

    /// None for a column that was never known.
    pub fn of(&self, column: &str) -> Option<&TypicalValue> {
        self.columns.get(column)
    }

    /// Whether each value is one that its column can have: else the artifact is damaged.
    pub fn is_sound(&self, encoding: &Encoding) -> bool {
        encoding.columns.iter().all(|column| match (self.of(&column.name), column.kind) {
            (None, _) | (Some(TypicalValue::Level(_)), Kind::Text) => true,
            (Some(TypicalValue::Median(median)), Kind::Number) => median.is_finite(),
            (Some(TypicalValue::ShareTrue(share)), Kind::Flag) => (0.0..=1.0).contains(share),
            _ => false,
        })
    }
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.retain(|v| !v.is_nan());
    let middle = numbers.len().checked_sub(1)? / 2;
    Some(*numbers.select_nth_unstable_by(middle, f64::total_cmp).1)
}

fn share_true(flags: &[f64]) -> Option<f64> {
    let known = flags.iter().filter(|v| !v.is_nan()).count();
    let set = flags.iter().filter(|v| **v == 1.0).count();
    (known > 0).then(|| set as f64 / known as f64)
}

fn most_frequent(texts: &StringArray) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.iter().flatten().for_each(|text| *counts.entry(text).or_default() += 1);
    // Of equals `max_by_key` takes the last: backwards, that is the first of the alphabet.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(text, _)| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Float64Array};

    use super::*;
    use crate::learn::synthetic;

    fn learned() -> (Encoding, Typical) {
        let logins = vec![Some(9.0), None, Some(1.0), Some(4.0), Some(2.0)];
        let sponsor = vec![Some(true), Some(false), Some(false), None, Some(false)];
        let region = vec![Some("South"), Some("North"), Some("South"), Some("North"), None];
        let features = synthetic::table(vec![
            ("logins", Arc::new(Float64Array::from(logins)) as ArrayRef),
            ("sponsor", Arc::new(BooleanArray::from(sponsor))),
            ("region", Arc::new(StringArray::from(region))),
        ]);
        let (encoding, notes) = Encoding::learn(&features).unwrap();
        assert_eq!((encoding.columns.len(), notes.len()), (3, 0), "{notes:?}");
        let typical = Typical::learn(&encoding, &features).unwrap();
        (encoding, typical)
    }

    #[test]
    fn numbers_have_a_median_flags_a_share_and_texts_a_most_frequent_one() {
        let (encoding, typical) = learned();
        // Known logins in order: 1, 2, 4, 9; of the middle two the lower.
        assert_eq!(typical.of("logins"), Some(&TypicalValue::Median(2.0)));
        assert_eq!(typical.of("sponsor"), Some(&TypicalValue::ShareTrue(0.25)));
        // Two each.
        assert_eq!(typical.of("region"), Some(&TypicalValue::Level("North".into())));
        assert_eq!(typical.of("Logins"), None);
        assert!(typical.is_sound(&encoding));
    }

    #[test]
    fn it_is_kept_as_json_and_damage_shows() {
        let (encoding, typical) = learned();
        let json = serde_json::to_string(&typical).unwrap();
        let written = r#"{"logins":{"median":2.0},"region":{"level":"North"},"sponsor":{"share_true":0.25}}"#;
        assert_eq!(json, written);
        assert_eq!(serde_json::from_str::<Typical>(&json).unwrap(), typical);
        for (sound, damaged) in [("0.25", "2.5"), (r#"{"median":2.0}"#, r#"{"level":"2"}"#)] {
            let typical: Typical = serde_json::from_str(&json.replace(sound, damaged)).unwrap();
            assert!(!typical.is_sound(&encoding), "{damaged}");
        }
    }
}
