//! The matrix that trees are grown on: values as they are, for a tree needs no scale and finds its own bends.

use arrow::array::RecordBatch;
use ndarray::{Array2, ArrayView2, ShapeBuilder};

use super::{ColumnEncoding, Encoding, Part, Shape, level_codes};
use crate::{
    learn::{boosted::Binned, column::Values},
    problem::{Problem, Result},
};

/// Rows × columns, NaN where a value is missing, and what the columns came from.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeMatrix {
    /// Each column in one piece of memory; finite or NaN.
    x: Array2<f64>,
    /// Of each column of the matrix: the place of its table column in [`Encoding::columns`].
    places: Vec<usize>,
}

impl TreeMatrix {
    /// `columns`: the place of the table column, and one value per row. Infinities become missing, as [`Values::read`]
    /// has it.
    ///
    /// Fails when a column has more or fewer values than `rows`.
    pub fn new(rows: usize, columns: Vec<(usize, Vec<f64>)>) -> Result<Self> {
        if let Some((place, values)) = columns.iter().find(|(_, values)| values.len() != rows) {
            let found = values.len();
            return Err(Problem::failed(format!("column {place} has {found} values for {rows} rows")));
        }
        let (places, columns): (Vec<usize>, Vec<Vec<f64>>) = columns.into_iter().unzip();
        let mut data = columns.concat();
        data.iter_mut().filter(|v| v.is_infinite()).for_each(|v| *v = f64::NAN);
        let x = Array2::from_shape_vec((rows, places.len()).f(), data)
            .map_err(|error| Problem::failed(format!("cannot build the matrix for trees: {error}")))?;
        Ok(Self { x, places })
    }

    pub fn rows(&self) -> usize {
        self.x.nrows()
    }

    pub fn columns(&self) -> usize {
        self.places.len()
    }

    /// Of each column: the place of its table column in [`Encoding::columns`], rising.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// All values, column after column.
    pub fn data(&self) -> &[f64] {
        // Built column after column and never changed: one piece of memory.
        self.x.as_slice_memory_order().unwrap_or(&[])
    }

    /// Rows × columns.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    pub fn column(&self, column: usize) -> &[f64] {
        &self.data()[column * self.rows()..(column + 1) * self.rows()]
    }

    /// Some of the rows, in the order given.
    #[cfg(test)]
    pub fn select(&self, rows: &[usize]) -> Self {
        let values = (0..self.columns()).flat_map(|c| rows.iter().map(move |row| self.column(c)[*row]));
        let shape = (rows.len(), self.columns()).f();
        let x = Array2::from_shape_vec(shape, values.collect()).unwrap_or_default();
        Self { x, places: self.places.clone() }
    }
}

impl Encoding {
    /// Of each column of [`Self::for_trees`]: the place of its table column in [`Self::columns`].
    pub fn tree_places(&self) -> Vec<usize> {
        let of = |(place, column): (usize, &ColumnEncoding)| vec![place; column.tree_width()];
        self.columns.iter().enumerate().flat_map(of).collect()
    }

    /// The columns of [`Self::for_trees`] in bins. They are never all there as numbers.
    pub fn in_bins(&self, features: &RecordBatch) -> Result<Binned> {
        Binned::of(features.num_rows(), self.columns.len(), |place| {
            let column = &self.columns[place];
            Ok(column.for_trees(column.read(features)?))
        })
    }

    /// A number or flag as it is; of a category a column of 0 and 1 for each level that has one.
    ///
    /// Fails when a column is not there or is of another kind than in training.
    pub fn for_trees(&self, features: &RecordBatch) -> Result<TreeMatrix> {
        let mut columns = Vec::new();
        for (place, column) in self.columns.iter().enumerate() {
            columns
                .extend(column.for_trees(column.read(features)?).into_iter().map(|values| (place, values)));
        }
        TreeMatrix::new(features.num_rows(), columns)
    }
}

impl ColumnEncoding {
    fn tree_width(&self) -> usize {
        match self.shape {
            Shape::Number { .. } => 1,
            Shape::Category { .. } => self.outputs.len(),
        }
    }

    fn for_trees(&self, values: Values) -> Vec<Vec<f64>> {
        match (&self.shape, values) {
            (_, Values::Numbers(numbers)) => vec![numbers],
            (Shape::Category { levels }, Values::Texts(texts)) => {
                let codes = level_codes(levels, &texts);
                let parts: Vec<Part> = self.outputs.iter().map(|output| output.part).collect();
                parts.into_iter().map(|part| part.of_levels(&codes, levels.len())).collect()
            }
            // `read` gave values of this column's kind, and `is_sound` ties the shape to the kind.
            (Shape::Number { .. }, Values::Texts(_)) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};

    use super::*;
    use crate::learn::{spec::LearnedKind, synthetic};

    fn table(money: &[Option<f64>], flag: &[Option<bool>], region: &[Option<&str>]) -> RecordBatch {
        synthetic::table(vec![
            ("money", Arc::new(Float64Array::from(money.to_vec())) as ArrayRef),
            ("flag", Arc::new(BooleanArray::from(flag.to_vec())) as ArrayRef),
            ("region", Arc::new(StringArray::from(region.to_vec())) as ArrayRef),
        ])
    }

    fn same(x: &[f64], y: &[f64]) -> bool {
        x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x == y || (x.is_nan() && y.is_nan()))
    }

    #[test]
    fn numbers_stay_as_they_are_and_levels_become_columns() {
        let (yes, no) = (Some(true), Some(false));
        let trained = table(
            &[Some(1.0), Some(2.0), None, Some(4.0), Some(5.0)],
            &[yes, no, no, yes, None],
            &[Some("North"), Some("South"), Some("North"), None, Some("South")],
        );
        let (encoding, notes) = Encoding::learn(&trained).unwrap();
        assert!(notes.is_empty(), "{notes:?}");
        let beyond =
            table(&[Some(1e9), Some(f64::INFINITY), None], &[None; 3], &[Some("West"), None, Some("South")]);
        let x = encoding.for_trees(&beyond).unwrap();
        assert_eq!(x.places(), [0, 1, 2, 2, 2]);
        assert_eq!(x.places(), encoding.tree_places());
        assert_eq!((x.rows(), x.columns()), (3, 5));
        let nan = f64::NAN;
        assert!(same(x.column(0), &[1e9, nan, nan]), "not clamped, no logarithm: {x:?}");
        assert!(same(x.column(1), &[nan; 3]));
        assert_eq!(x.column(2), [0.0; 3], "North; West, which training never saw, is no level");
        assert_eq!(x.column(3), [0.0, 0.0, 1.0], "South");
        assert_eq!(x.column(4), [0.0, 1.0, 0.0], "missing");
        assert!(same(x.select(&[2, 0]).column(0), &[nan, 1e9]));
        assert_eq!(x.view()[[2, 3]], 1.0);
    }

    #[test]
    fn what_the_encoding_left_out_is_left_out_here() {
        let rows = synthetic::cutoff("2026-01-01", 500, LearnedKind::Probability);
        let (encoding, _) = Encoding::learn(&rows.features().unwrap()).unwrap();
        let x = encoding.for_trees(&rows.features().unwrap()).unwrap();
        let names: Vec<&str> =
            x.places().iter().map(|place| encoding.columns[*place].name.as_str()).collect();
        // Three regions and their gap.
        assert_eq!(names, ["usage", "region", "region", "region", "region", "nps", "revenue_12m", "weekend"]);
    }

    #[test]
    fn a_column_that_changed_is_named() {
        let (encoding, _) = Encoding::learn(&table(&[Some(1.0), Some(2.0)], &[None; 2], &[None; 2])).unwrap();
        let changed = synthetic::table(vec![("money", Arc::new(StringArray::from(vec!["1"])) as ArrayRef)]);
        assert!(encoding.for_trees(&changed).unwrap_err().message.contains("`money`"));
        let wider = synthetic::table(vec![("money", Arc::new(Int64Array::from(vec![1])) as ArrayRef)]);
        assert_eq!(encoding.for_trees(&wider).unwrap().column(0), [1.0]);
        assert!(TreeMatrix::new(2, vec![(0, vec![1.0])]).is_err());
    }
}
