//! All rows of the training through a tree just grown, by their bins.

use super::{bins::Binned, grow::Grown};
use crate::learn::tree::Node;

/// Rows walked together: their places stay in a core's nearest cache.
const BLOCK: usize = 1_024;

/// A leaf leads to itself, so that all rows take as many steps.
struct Step {
    /// Where the bins of its column begin.
    column: usize,
    last_below: u8,
    /// Of its bins that of missing values; one that no row has in a leaf.
    missing: u8,
    missing_below: bool,
    /// Where to go from here: above, below.
    next: [u32; 2],
    value: f64,
}

impl Grown {
    /// Adds the value of the leaf where each row ends to `log_odds`, and says of each leaf which weight of the rows ends
    /// there.
    ///
    /// Where no value was missing the tree has not learned which way to send one: it goes where most rows went.
    pub fn add(&mut self, x: &Binned, weights: &[f64], log_odds: &mut [f64]) {
        let (steps, depth) = (self.steps(x), self.tree.depth());
        let mut covers = vec![0.0; steps.len()];
        let mut lacked = vec![false; steps.len()];
        let blocks = log_odds.chunks_mut(BLOCK).zip(weights.chunks(BLOCK));
        for (block, (log_odds, weights)) in blocks.enumerate() {
            let mut places = [0u32; BLOCK];
            let places = &mut places[..log_odds.len()];
            for _ in 0..depth {
                for (row, place) in (block * BLOCK..).zip(places.iter_mut()) {
                    let step = &steps[*place as usize];
                    let bin = x.by_column()[step.column + row];
                    let missing = bin == step.missing;
                    lacked[*place as usize] |= missing;
                    *place =
                        step.next[usize::from((bin <= step.last_below) | (missing & step.missing_below))];
                }
            }
            for ((log_odds, weight), place) in log_odds.iter_mut().zip(weights).zip(places) {
                *log_odds += steps[*place as usize].value;
                covers[*place as usize] += weight;
            }
        }
        // Children come after their node.
        for (place, node) in self.tree.0.iter_mut().enumerate().rev() {
            match node {
                Node::Leaf { cover, .. } => *cover = covers[place],
                Node::Split { below, above, missing, .. } => {
                    covers[place] = covers[*below] + covers[*above];
                    if !lacked[place] {
                        *missing = if covers[*below] > covers[*above] { *below } else { *above };
                    }
                }
            }
        }
    }

    fn steps(&self, x: &Binned) -> Vec<Step> {
        let step = |(place, (node, last)): (usize, (&Node, &u8))| match *node {
            Node::Leaf { value, .. } => Step {
                column: 0,
                last_below: 0,
                missing: u8::MAX,
                missing_below: false,
                next: [place as u32; 2],
                value,
            },
            Node::Split { column, below, above, missing, .. } => Step {
                column: column * x.rows(),
                last_below: *last,
                missing: x.columns()[column].missing(),
                missing_below: missing == below,
                next: [above as u32, below as u32],
                value: 0.0,
            },
        };
        self.tree.0.iter().zip(&self.last_below).enumerate().map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::tree::Tree;

    #[test]
    fn covers_are_the_weights_of_the_rows_that_end_in_a_leaf() {
        // Below 1: 10. Else by the second column: below 5 or missing 20, else 30.
        let split = |column, threshold, below, above, missing| Node::Split {
            column,
            threshold,
            below,
            above,
            missing,
        };
        let leaf = |value| Node::Leaf { value, cover: 0.0 };
        let nodes = vec![split(0, 2.0, 1, 2, 1), leaf(10.0), split(1, 8.0, 3, 4, 3), leaf(20.0), leaf(30.0)];
        // Missing in the first column is known to go below; no row with the second missing comes to its split.
        let columns = [vec![0.0, f64::NAN, 2.0, 2.0, 2.0], vec![1.0, f64::NAN, 1.0, 8.0, 9.0]];
        let x = Binned::of(5, 2, |place| Ok(vec![columns[place].clone()])).unwrap();
        let mut grown = Grown { tree: Tree(nodes), last_below: vec![0, 0, 0, 0, 0] };
        let mut log_odds = vec![1.0; 5];
        grown.add(&x, &[1.0, 2.0, 4.0, 8.0, 16.0], &mut log_odds);
        assert_eq!(log_odds, [11.0, 11.0, 21.0, 31.0, 31.0]);
        let told = |place: usize| match grown.tree.0[place] {
            Node::Leaf { cover, .. } => cover,
            Node::Split { missing, .. } => missing as f64,
        };
        assert_eq!([1, 3, 4].map(told), [3.0, 4.0, 24.0]);
        assert_eq!([0, 2].map(told), [1.0, 4.0], "where nothing was missing it goes with most of the weight");
    }
}
