//! Reading one Arrow column as numbers or as text.

use arrow::{
    array::{Array, ArrayRef, AsArray, StringArray},
    compute::cast,
    datatypes::{DataType, Float64Type},
};
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Result};

/// What a column is to a model; widths and decimals are no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Number,
    Flag,
    Text,
}

impl Kind {
    /// None for types that are no features, such as dates (a day by itself is no property of a customer).
    pub fn of(data_type: &DataType) -> Option<Self> {
        match data_type {
            DataType::Boolean => Some(Self::Flag),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Self::Text),
            DataType::Decimal128(..) | DataType::Decimal256(..) => Some(Self::Number),
            DataType::Dictionary(_, value) => Self::of(value),
            numeric if numeric.is_numeric() => Some(Self::Number),
            _ => None,
        }
    }

    pub fn in_words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Text => "text",
        }
    }
}

/// The values of a column; missing is NaN in numbers and null in text.
pub enum Values {
    Numbers(Vec<f64>),
    Texts(StringArray),
}

impl Values {
    /// Reads `array` as `kind`. NaN and infinities are missing too: no rule of ours could place them.
    pub fn read(name: &str, array: &ArrayRef, kind: Kind) -> Result<Self> {
        if *array.data_type() != DataType::Null && Kind::of(array.data_type()) != Some(kind) {
            return Err(Problem::failed(format!(
                "column `{name}` is {} now, and was {} when the model was trained",
                array.data_type(),
                kind.in_words()
            ))
            .help("train the model again, or give the column its former type"));
        }
        let to = if kind == Kind::Text { DataType::Utf8 } else { DataType::Float64 };
        let array = cast(array, &to).map_err(|error| Problem::failed(format!("column `{name}`: {error}")))?;
        Ok(match kind {
            Kind::Text => Self::Texts(array.as_string::<i32>().clone()),
            _ => Self::Numbers(
                array
                    .as_primitive::<Float64Type>()
                    .iter()
                    .map(|value| value.filter(|v| v.is_finite()).unwrap_or(f64::NAN))
                    .collect(),
            ),
        })
    }

    pub fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => !numbers[row].is_nan(),
            Self::Texts(texts) => texts.is_valid(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Decimal128Array, Float64Array, Int32Array, StringViewArray};

    use super::*;

    fn numbers(array: ArrayRef, kind: Kind) -> Vec<f64> {
        match Values::read("x", &array, kind).unwrap() {
            Values::Numbers(numbers) => numbers,
            Values::Texts(_) => panic!("text"),
        }
    }

    #[test]
    fn decimals_integers_and_flags_are_numbers() {
        let money = Decimal128Array::from(vec![Some(12_345), None]).with_precision_and_scale(18, 2).unwrap();
        let read = numbers(Arc::new(money), Kind::Number);
        assert_eq!(read[0], 123.45);
        assert!(read[1].is_nan());
        assert_eq!(numbers(Arc::new(Int32Array::from(vec![3])), Kind::Number), [3.0]);
        assert_eq!(numbers(Arc::new(BooleanArray::from(vec![true, false])), Kind::Flag), [1.0, 0.0]);
        assert!(numbers(Arc::new(Float64Array::from(vec![f64::INFINITY])), Kind::Number)[0].is_nan());
    }

    #[test]
    fn a_changed_type_is_an_error_that_names_the_column() {
        let array: ArrayRef = Arc::new(StringViewArray::from(vec!["a"]));
        assert!(Values::read("region", &array, Kind::Text).is_ok());
        let problem = Values::read("region", &array, Kind::Number).err().unwrap();
        assert!(problem.message.contains("`region`"), "{problem}");
    }
}
