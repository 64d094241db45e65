//! Binary decision trees of our own: what a crate grew, in a form that can be checked, kept and walked fast.

mod walk;

use serde::{Deserialize, Serialize};

pub use walk::sums;

/// Nodes in growing order: the children of a node come after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree(pub Vec<Node>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum Node {
    /// `cover`: the weight of the training rows that end here; 0 where it is not known.
    Leaf { value: f64, cover: f64 },
    /// A row goes on at node `below` if its value in `column` is less than `threshold`, at `missing` (which is one of
    /// the two) if it has none, and else at `above`.
    Split { column: usize, threshold: f64, below: usize, above: usize, missing: usize },
}

/// Two numbers are a leaf, five a split: a forest has tens of thousands of nodes.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Leaf(f64, f64),
    Split(usize, f64, usize, usize, usize),
}

impl From<Written> for Node {
    fn from(written: Written) -> Self {
        match written {
            Written::Leaf(value, cover) => Self::Leaf { value, cover },
            Written::Split(column, threshold, below, above, missing) => {
                Self::Split { column, threshold, below, above, missing }
            }
        }
    }
}

impl From<Node> for Written {
    fn from(node: Node) -> Self {
        match node {
            Node::Leaf { value, cover } => Self::Leaf(value, cover),
            Node::Split { column, threshold, below, above, missing } => {
                Self::Split(column, threshold, below, above, missing)
            }
        }
    }
}

impl Tree {
    /// The value of the leaf where `row` ends; NaN is missing.
    pub fn value(&self, row: &[f64]) -> f64 {
        let mut place = 0;
        loop {
            match self.0[place] {
                Node::Leaf { value, .. } => return value,
                Node::Split { column, missing, .. } if row[column].is_nan() => place = missing,
                Node::Split { column, threshold, below, above, .. } => {
                    place = if row[column] < threshold { below } else { above }
                }
            }
        }
    }

    /// Splits on the longest way from the root to a leaf.
    pub fn depth(&self) -> usize {
        let mut depths = vec![0; self.0.len()];
        for place in (0..self.0.len()).rev() {
            if let Node::Split { below, above, .. } = self.0[place] {
                depths[place] = 1 + depths[below].max(depths[above]);
            }
        }
        depths.first().copied().unwrap_or(0)
    }

    /// Whether every node has one way to it, and every way ends at a finite figure: else the artifact is damaged.
    ///
    /// `columns`: how many a row has.
    pub fn is_sound(&self, columns: usize) -> bool {
        let mut parents = vec![0; self.0.len()];
        let sound = self.0.iter().enumerate().all(|(place, node)| match *node {
            Node::Leaf { value, cover } => value.is_finite() && cover.is_finite() && cover >= 0.0,
            Node::Split { column, threshold, below, above, missing } => {
                let mut ahead =
                    |child: usize| child > place && parents.get_mut(child).map(|count| *count += 1).is_some();
                column < columns
                    && threshold.is_finite()
                    && ahead(below)
                    && ahead(above)
                    && (missing == below || missing == above)
            }
        });
        sound && !self.0.is_empty() && parents[1..].iter().all(|count| *count == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn split(column: usize, threshold: f64, below: usize, above: usize, missing: usize) -> Node {
        Node::Split { column, threshold, below, above, missing }
    }

    pub fn leaf(value: f64) -> Node {
        Node::Leaf { value, cover: 0.0 }
    }

    /// Below 1: 10. Else by the second column: below 5 or missing 20, else 30.
    pub fn tree() -> Tree {
        Tree(vec![split(0, 1.0, 1, 2, 1), leaf(10.0), split(1, 5.0, 3, 4, 3), leaf(20.0), leaf(30.0)])
    }

    #[test]
    fn a_row_goes_below_the_threshold_above_it_or_where_missing_goes() {
        let value = |row: [f64; 2]| tree().value(&row);
        assert_eq!(value([0.9, 9.0]), 10.0);
        assert_eq!(value([1.0, 4.9]), 20.0, "at the threshold is not below it");
        assert_eq!(value([1.0, 5.0]), 30.0);
        assert_eq!(value([f64::NAN, 9.0]), 10.0);
        assert_eq!(value([f64::INFINITY, f64::NAN]), 20.0);
    }

    #[test]
    fn a_tree_is_written_as_short_arrays() {
        let text = serde_json::to_string(&tree()).unwrap();
        assert_eq!(text, "[[0,1.0,1,2,1],[10.0,0.0],[1,5.0,3,4,3],[20.0,0.0],[30.0,0.0]]");
        assert_eq!(serde_json::from_str::<Tree>(&text).unwrap(), tree());
        assert!(serde_json::from_str::<Tree>("[[0,1.0,1]]").is_err());
    }

    #[test]
    fn a_walk_that_could_not_end_is_unsound() {
        assert!(tree().is_sound(2));
        assert_eq!(tree().depth(), 2);
        let unsound = |nodes: Vec<Node>, why: &str| assert!(!Tree(nodes).is_sound(1), "{why}");
        unsound(vec![], "no root");
        unsound(vec![split(0, 0.0, 0, 1, 1), leaf(1.0)], "a loop");
        unsound(vec![split(0, 0.0, 1, 2, 2), leaf(1.0)], "a child that is not there");
        unsound(vec![split(0, 0.0, 1, 1, 1), leaf(1.0)], "two ways to a child");
        unsound(vec![split(0, 0.0, 1, 2, 2), leaf(1.0), leaf(2.0), leaf(3.0)], "no way to a node");
        unsound(vec![split(1, 0.0, 1, 2, 2), leaf(1.0), leaf(2.0)], "a column that is not there");
        unsound(vec![split(0, 0.0, 1, 2, 0), leaf(1.0), leaf(2.0)], "a third way for missing");
        unsound(vec![split(0, f64::NAN, 1, 2, 2), leaf(1.0), leaf(2.0)], "no threshold");
        unsound(vec![leaf(f64::INFINITY)], "no finite value");
    }
}
