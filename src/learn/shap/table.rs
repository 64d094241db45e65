//! Shapley values of the parts of a tree, for every way to pass their splits.

use std::collections::BTreeMap;

use super::game::{self, Player};
use crate::learn::{
    encode::TreeMatrix,
    tree::{Node, Tree},
};

/// Splits that are looked up together: a table has 2^this entries for each of its columns.
const MAX_BITS: usize = 9;

/// Contributions of the leaves of a part of a tree.
pub struct Table {
    /// Bit i of a row's key: whether it goes below at test i.
    tests: Vec<Test>,
    /// Columns of the feature table, rising.
    columns: Vec<usize>,
    /// Columns × keys.
    values: Vec<f64>,
}

struct Test {
    column: usize,
    threshold: f64,
    missing_below: bool,
}

/// A split on the way to a leaf.
#[derive(Clone, Copy)]
struct Step {
    node: usize,
    below: bool,
    /// Of the training rows at the split, those that went this way.
    share: f64,
}

/// A tree and the weight of the training rows at each of its nodes.
pub struct Covered<'a> {
    nodes: &'a [Node],
    covers: Vec<f64>,
    /// Splits at or below a node.
    splits: Vec<usize>,
}

impl Table {
    /// The key of the rows from `first` on, one for each of `keys`.
    pub fn keys(&self, x: &TreeMatrix, first: usize, keys: &mut [u16]) {
        keys.fill(0);
        for (bit, test) in self.tests.iter().enumerate() {
            let (t, bit) = (test.threshold, 1 << bit);
            let rows = keys.iter_mut().zip(&x.column(test.column)[first..]);
            if test.missing_below {
                rows.for_each(|(key, x)| *key |= if *x < t || x.is_nan() { bit } else { 0 });
            } else {
                rows.for_each(|(key, x)| *key |= if *x < t { bit } else { 0 });
            }
        }
    }

    /// Columns of the feature table, with the contribution for each key.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.columns.iter().copied().zip(self.values.chunks(1 << self.tests.len()))
    }
}

impl<'a> Covered<'a> {
    pub fn of(Tree(nodes): &'a Tree) -> Self {
        let (mut covers, mut splits) = (vec![0.0; nodes.len()], vec![0; nodes.len()]);
        // Children come after their node.
        for (place, node) in nodes.iter().enumerate().rev() {
            (covers[place], splits[place]) = match *node {
                Node::Leaf { cover, .. } => (cover, 0),
                Node::Split { below, above, .. } => {
                    (covers[below] + covers[above], 1 + splits[below] + splits[above])
                }
            };
        }
        Self { nodes, covers, splits }
    }

    /// What the training rows get on average.
    pub fn mean(&self) -> f64 {
        let mut means = vec![0.0; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            means[place] = match *node {
                Node::Leaf { value, .. } => value,
                Node::Split { below, above, .. } => {
                    let share = self.share_below(place, below);
                    share * means[below] + (1.0 - share) * means[above]
                }
            };
        }
        means[0]
    }

    /// The tables of all leaves. `places`: the table column of each column that a tree splits.
    pub fn tables(&self, places: &[usize]) -> Vec<Table> {
        let mut tables = Vec::new();
        self.cut(0, &mut Vec::new(), &mut |node, path| tables.push(self.table(node, path, places)));
        tables
    }

    /// Hands over the largest parts of the tree under `node` whose tests, with those on the `path` there, fit a key.
    fn cut(&self, node: usize, path: &mut Vec<Step>, found: &mut impl FnMut(usize, &[Step])) {
        if path.len() + self.splits[node] <= MAX_BITS {
            return found(node, path);
        }
        for (child, step) in self.steps(node) {
            path.push(step);
            self.cut(child, path, found);
            path.pop();
        }
    }

    /// Where a split leads; nowhere from a leaf.
    fn steps(&self, node: usize) -> impl Iterator<Item = (usize, Step)> + use<> {
        let steps = match self.nodes[node] {
            Node::Leaf { .. } => None,
            Node::Split { below, above, .. } => {
                let share = self.share_below(node, below);
                let step = |below, share| Step { node, below, share };
                Some([(below, step(true, share)), (above, step(false, 1.0 - share))])
            }
        };
        steps.into_iter().flatten()
    }

    /// Where no training row came, one way is as likely as the other.
    fn share_below(&self, node: usize, below: usize) -> f64 {
        if self.covers[node] > 0.0 { self.covers[below] / self.covers[node] } else { 0.5 }
    }

    /// Of the leaves under `node`, to which `path` leads.
    fn table(&self, node: usize, path: &[Step], places: &[usize]) -> Table {
        let mut leaves = Vec::new();
        self.leaves(node, &mut path.to_vec(), &mut leaves);
        let mut splits: Vec<usize> = leaves.iter().flat_map(|(_, path)| path).map(|step| step.node).collect();
        splits.sort_unstable();
        splits.dedup();
        let tests: Vec<Test> = splits.iter().filter_map(|split| Test::of(&self.nodes[*split])).collect();
        let mut columns: Vec<usize> = tests.iter().map(|test| places[test.column]).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut values = vec![0.0; columns.len() << tests.len()];
        for (value, path) in leaves {
            let mut players: BTreeMap<usize, Player> = BTreeMap::new();
            for step in path {
                let bit = splits.partition_point(|split| *split < step.node);
                players.entry(tests[bit].column).or_default().must(bit, step.below, step.share);
            }
            let slot = |column: &usize| columns.partition_point(|other| *other < places[*column]);
            let slots: Vec<usize> = players.keys().map(slot).collect();
            let players: Vec<Player> = players.into_values().collect();
            let shares = game::shapley(value, &players);
            for key in 0..1 << tests.len() {
                let of_key = &shares[players.len() * game::passing(&players, key)..];
                for (slot, share) in slots.iter().zip(of_key) {
                    values[(slot << tests.len()) + key] += share;
                }
            }
        }
        Table { tests, columns, values }
    }

    /// The values of the leaves under `node`, and the way from the root to each.
    fn leaves(&self, node: usize, path: &mut Vec<Step>, found: &mut Vec<(f64, Vec<Step>)>) {
        if let Node::Leaf { value, .. } = self.nodes[node] {
            found.push((value, path.clone()));
        }
        for (child, step) in self.steps(node) {
            path.push(step);
            self.leaves(child, path, found);
            path.pop();
        }
    }
}

impl Test {
    fn of(node: &Node) -> Option<Self> {
        match *node {
            Node::Leaf { .. } => None,
            Node::Split { column, threshold, below, missing, .. } => {
                Some(Self { column, threshold, missing_below: missing == below })
            }
        }
    }
}
