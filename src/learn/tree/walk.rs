//! Many rows through many trees.

use ndarray::{ArrayView2, Axis, s};

use super::{Node, Tree};

/// Rows walked together: their values stay in a core's cache while every tree passes over them.
const BLOCK: usize = 256;

/// The sum of the trees' values, one per row of `x` (rows × columns, NaN is missing).
pub fn sums(trees: &[Tree], x: ArrayView2<f64>) -> Vec<f64> {
    let steps: Vec<Steps> = trees.iter().map(Steps::of).collect();
    let mut sums = vec![0.0; x.nrows()];
    in_blocks(x, |first, block| {
        for tree in &steps {
            let ends = tree.walk(block);
            sums[first..]
                .iter_mut()
                .zip(ends)
                .for_each(|(sum, end)| *sum += tree.steps[end as usize].threshold);
        }
    });
    sums
}

/// Some rows, one after the other.
struct Block<'a> {
    values: &'a [f64],
    width: usize,
    rows: usize,
}

/// Hands over the place of the first row of each block, and the block.
fn in_blocks(x: ArrayView2<f64>, mut each: impl FnMut(usize, &Block)) {
    let width = x.ncols();
    let mut values = vec![0.0; BLOCK * width];
    for first in (0..x.nrows()).step_by(BLOCK) {
        let block = x.slice(s![first..x.nrows().min(first + BLOCK), ..]);
        for (column, from) in block.axis_iter(Axis(1)).enumerate() {
            from.iter().enumerate().for_each(|(row, v)| values[row * width + column] = *v);
        }
        each(first, &Block { values: &values[..block.len()], width, rows: block.nrows() });
    }
}

/// A tree whose leaves lead to themselves, so that all rows take as many steps and a processor need not guess which way.
struct Steps {
    steps: Vec<Step>,
    depth: usize,
}

struct Step {
    /// The value of a leaf.
    threshold: f64,
    column: u32,
    /// Where to go from here: above, below.
    next: [u32; 2],
    missing_below: bool,
}

impl Steps {
    fn of(tree: &Tree) -> Self {
        let step = |(place, node): (usize, &Node)| match *node {
            Node::Leaf { value, .. } => {
                Step { threshold: value, column: 0, next: [place as u32; 2], missing_below: false }
            }
            Node::Split { column, threshold, below, above, missing } => Step {
                threshold,
                column: column as u32,
                next: [above as u32, below as u32],
                missing_below: missing == below,
            },
        };
        Self { steps: tree.0.iter().enumerate().map(step).collect(), depth: tree.depth() }
    }

    /// The leaf where each row of the block ends; beyond the last row nothing of meaning.
    fn walk(&self, block: &Block) -> [u32; BLOCK] {
        let mut places = [0; BLOCK];
        for _ in 0..self.depth {
            for (row, place) in places[..block.rows].iter_mut().enumerate() {
                let step = &self.steps[*place as usize];
                let x = block.values[row * block.width + step.column as usize];
                *place = step.next[usize::from((x < step.threshold) | (x.is_nan() & step.missing_below))];
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};
    use proptest::prelude::*;

    use super::{super::tests::*, *};

    proptest! {
        #[test]
        fn sums_are_those_of_the_walks_in_any_memory_order(
            rows in prop::sample::select(vec![0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 3]),
            seed in 0..1_000u32,
        ) {
            // Values from -1 to 11 and missing ones, in no order.
            let figure = |row: usize, column: usize| {
                match (row as u32 * 7919 + column as u32 * 104_729 + seed * 31) % 14 {
                    13 => f64::NAN,
                    v => f64::from(v) - 1.0,
                }
            };
            let trees = [tree(), Tree(vec![leaf(0.5)])];
            let by_rows = Array2::from_shape_fn((rows, 2), |(row, column)| figure(row, column));
            let by_columns = Array2::from_shape_fn((rows, 2).f(), |(row, column)| figure(row, column));
            let wanted: Vec<f64> =
                by_rows.rows().into_iter().map(|row| trees[0].value(&row.to_vec()) + 0.5).collect();
            prop_assert_eq!(&sums(&trees, by_rows.view()), &wanted);
            prop_assert_eq!(&sums(&trees, by_columns.view()), &wanted);
        }
    }
}
