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
            let ends = tree.walk(block, |_, _| {});
            sums[first..]
                .iter_mut()
                .zip(ends)
                .for_each(|(sum, end)| *sum += tree.steps[end as usize].threshold);
        }
    });
    sums
}

/// Says of each leaf which weight of the rows of `x`, those that the trees were grown on, ends there.
///
/// Where no value was missing the trees have not learned which way to send one: it goes where most rows went.
pub fn set_covers(trees: &mut [Tree], x: ArrayView2<f64>, weights: &[f64]) {
    let steps: Vec<Steps> = trees.iter().map(Steps::of).collect();
    // Of each node: the weight of the rows that end there, and of those that come there and lack the value.
    let mut covers: Vec<Vec<f64>> = trees.iter().map(|tree| vec![0.0; tree.0.len()]).collect();
    let mut missing = covers.clone();
    in_blocks(x, |first, block| {
        for ((tree, covers), missing) in steps.iter().zip(&mut covers).zip(&mut missing) {
            let ends = tree.walk(block, |place, row| missing[place] += weights[first + row]);
            weights[first..].iter().zip(ends).for_each(|(weight, end)| covers[end as usize] += weight);
        }
    });
    for ((Tree(nodes), mut covers), lacked) in trees.iter_mut().zip(covers).zip(missing) {
        // Children come after their node.
        for (place, node) in nodes.iter_mut().enumerate().rev() {
            match node {
                Node::Leaf { cover, .. } => *cover = covers[place],
                Node::Split { below, above, missing, .. } => {
                    covers[place] = covers[*below] + covers[*above];
                    if lacked[place] == 0.0 {
                        *missing = if covers[*below] > covers[*above] { *below } else { *above };
                    }
                }
            }
        }
    }
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
    is_leaf: bool,
}

impl Steps {
    fn of(tree: &Tree) -> Self {
        let step = |(place, node): (usize, &Node)| match *node {
            Node::Leaf { value, .. } => Step {
                threshold: value,
                column: 0,
                next: [place as u32; 2],
                missing_below: false,
                is_leaf: true,
            },
            Node::Split { column, threshold, below, above, missing } => Step {
                threshold,
                column: column as u32,
                next: [above as u32, below as u32],
                missing_below: missing == below,
                is_leaf: false,
            },
        };
        Self { steps: tree.0.iter().enumerate().map(step).collect(), depth: tree.depth() }
    }

    /// The leaf where each row of the block ends; beyond the last row nothing of meaning. `lacks`: told of each split and
    /// row that lacks its value.
    fn walk(&self, block: &Block, mut lacks: impl FnMut(usize, usize)) -> [u32; BLOCK] {
        let mut places = [0; BLOCK];
        for _ in 0..self.depth {
            for (row, place) in places[..block.rows].iter_mut().enumerate() {
                let step = &self.steps[*place as usize];
                let x = block.values[row * block.width + step.column as usize];
                if x.is_nan() && !step.is_leaf {
                    lacks(*place as usize, row);
                }
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

    #[test]
    fn covers_are_the_weights_of_the_rows_that_end_in_a_leaf() {
        // Missing in the first column is known to go below; no row with the second missing comes to its split.
        let x = ndarray::arr2(&[[0.0, 1.0], [f64::NAN, f64::NAN], [2.0, 1.0], [2.0, 8.0], [2.0, 9.0]]);
        let mut trees = [tree()];
        set_covers(&mut trees, x.view(), &[1.0, 2.0, 4.0, 8.0, 16.0]);
        let cover = |place: usize| match trees[0].0[place] {
            Node::Leaf { cover, .. } => cover,
            Node::Split { missing, .. } => missing as f64,
        };
        assert_eq!([1, 3, 4].map(cover), [3.0, 4.0, 24.0]);
        assert_eq!(
            [0, 2].map(cover),
            [1.0, 4.0],
            "where nothing was missing it goes with most of the weight"
        );
    }

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
