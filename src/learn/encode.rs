//! From a table to a matrix: what was learned about each column, and how it is applied.

mod learn;
#[cfg(test)]
mod tests;
mod trees;

use std::collections::HashMap;

use arrow::{
    array::{Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use ndarray::{Array2, ShapeBuilder};
use serde::{Deserialize, Serialize};

pub use trees::TreeMatrix;

use super::column::{Kind, Values};
use crate::problem::{Problem, Result, did_you_mean};

/// All columns of a table, as the training rows taught them ([`Encoding::learn`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    pub columns: Vec<ColumnEncoding>,
}

/// One column of the table, which becomes `outputs.len()` columns of the matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnEncoding {
    pub name: String,
    pub kind: Kind,
    pub shape: Shape,
    pub outputs: Vec<Output>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// z = (clamp(x, low, high) − mean) / scale, where x is the value or, for `log`, sign(value)·ln(1 + |value|).
    Number { log: bool, low: f64, high: f64, mean: f64, scale: f64 },
    /// The levels that have a column of their own; others share one.
    Category { levels: Vec<String> },
}

/// One column of the matrix. `centre` is its mean over the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    pub part: Part,
    pub centre: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// z; 0, the mean, where it is missing.
    Linear,
    /// (max(0, knot − z) − mean) / scale: lets the slope be another one below the knot; 0 where it is missing.
    Below { knot: f64, mean: f64, scale: f64 },
    /// (max(0, z − knot) − mean) / scale: the same above the knot.
    Above { knot: f64, mean: f64, scale: f64 },
    /// 1 where the value is missing.
    Missing,
    /// 1 where the value is this level, by its place in `levels`.
    Level(usize),
    /// 1 where the value is none of the levels.
    Other,
}

impl Encoding {
    /// Columns of the matrix.
    pub fn width(&self) -> usize {
        self.columns.iter().map(|column| column.outputs.len()).sum()
    }

    /// All outputs, in the order of the matrix's columns.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.columns.iter().flat_map(|column| &column.outputs)
    }

    /// The matrix, rows × [`Self::width`], without NaN, each column in one piece of memory (what the fit reads fastest).
    ///
    /// Fails when a column is not there or is of another kind than in training.
    pub fn encode(&self, features: &RecordBatch) -> Result<Array2<f64>> {
        let rows = features.num_rows();
        let mut data = Vec::with_capacity(rows * self.width());
        for column in &self.columns {
            for encoded in column.encode(&column.read(features)?) {
                data.extend(encoded);
            }
        }
        Array2::from_shape_vec((rows, self.width()).f(), data)
            .map_err(|error| Problem::failed(format!("cannot build the feature matrix: {error}")))
    }
}

impl ColumnEncoding {
    /// This column's values in `features`.
    pub fn read(&self, features: &RecordBatch) -> Result<Values> {
        let Some(array) = features.column_by_name(&self.name) else {
            let schema = features.schema();
            let near = did_you_mean(&self.name, schema.fields().iter().map(|f| f.name().as_str()));
            return Err(Problem::failed(format!(
                "the model needs column `{}`, which the features lack",
                self.name
            ))
            .help(near.unwrap_or_else(|| "add the column, or train the model again".into())));
        };
        Values::read(&self.name, array, self.kind)
    }

    /// One vector per output.
    pub fn encode(&self, values: &Values) -> Vec<Vec<f64>> {
        match (&self.shape, values) {
            (Shape::Number { .. }, Values::Numbers(numbers)) => {
                let z: Vec<f64> = numbers.iter().map(|v| self.shape.standardised(*v)).collect();
                self.outputs.iter().map(|output| output.part.of_numbers(&z)).collect()
            }
            (Shape::Category { levels }, Values::Texts(texts)) => {
                let codes = level_codes(levels, texts);
                self.outputs.iter().map(|output| output.part.of_levels(&codes, levels.len())).collect()
            }
            // `read` gave values of this column's kind, and `check` tied the shape to the kind.
            _ => Vec::new(),
        }
    }

    /// Whether the parts fit the shape, and all figures are finite: else the artifact is damaged.
    pub fn is_sound(&self) -> bool {
        let parts = self.outputs.iter().all(|output| {
            output.centre.is_finite()
                && match (&self.shape, output.part) {
                    (_, Part::Missing) => true,
                    (Shape::Number { .. }, Part::Linear) => true,
                    (
                        Shape::Number { .. },
                        Part::Below { knot, mean, scale } | Part::Above { knot, mean, scale },
                    ) => knot.is_finite() && mean.is_finite() && scale.is_finite() && scale > 0.0,
                    (Shape::Category { levels }, Part::Level(level)) => level < levels.len(),
                    (Shape::Category { .. }, Part::Other) => true,
                    _ => false,
                }
        });
        parts
            && match self.shape {
                Shape::Number { low, high, mean, scale, .. } => {
                    self.kind != Kind::Text
                        && [low, high, mean, scale].iter().all(|v| v.is_finite())
                        && low <= high
                        && scale > 0.0
                }
                Shape::Category { .. } => self.kind == Kind::Text,
            }
    }
}

impl Shape {
    /// z of a value; NaN stays NaN.
    pub fn standardised(&self, value: f64) -> f64 {
        match *self {
            Self::Number { log, low, high, mean, scale } => {
                let x = if log { signed_log(value) } else { value };
                if x.is_nan() { x } else { (x.clamp(low, high) - mean) / scale }
            }
            Self::Category { .. } => f64::NAN,
        }
    }
}

/// sign(x)·ln(1 + |x|): squeezes long tails, keeps 0 and the sign.
pub fn signed_log(x: f64) -> f64 {
    x.signum() * x.abs().ln_1p()
}

impl Part {
    fn of_numbers(self, z: &[f64]) -> Vec<f64> {
        let of_present =
            |f: &dyn Fn(f64) -> f64| z.iter().map(|z| if z.is_nan() { 0.0 } else { f(*z) }).collect();
        match self {
            Self::Linear => of_present(&|z| z),
            Self::Below { knot, mean, scale } => of_present(&|z| ((knot - z).max(0.0) - mean) / scale),
            Self::Above { knot, mean, scale } => of_present(&|z| ((z - knot).max(0.0) - mean) / scale),
            Self::Missing => z.iter().map(|z| f64::from(z.is_nan())).collect(),
            Self::Level(_) | Self::Other => vec![0.0; z.len()],
        }
    }

    /// `codes`: the level's place, `levels` for another one, none for missing.
    fn of_levels(self, codes: &[Option<usize>], levels: usize) -> Vec<f64> {
        let wanted = match self {
            Self::Level(level) => Some(level),
            Self::Other => Some(levels),
            Self::Missing => None,
            Self::Linear | Self::Below { .. } | Self::Above { .. } => return vec![0.0; codes.len()],
        };
        codes.iter().map(|code| f64::from(*code == wanted)).collect()
    }
}

fn level_codes(levels: &[String], texts: &StringArray) -> Vec<Option<usize>> {
    debug_assert_eq!(texts.data_type(), &DataType::Utf8);
    let places: HashMap<&str, usize> =
        levels.iter().enumerate().map(|(place, level)| (level.as_str(), place)).collect();
    texts.iter().map(|text| text.map(|t| places.get(t).copied().unwrap_or(levels.len()))).collect()
}
