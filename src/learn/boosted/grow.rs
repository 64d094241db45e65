//! One tree: at each node the split that lowers the loss most, by the sums of gradients over bins.

use super::{
    bins::Binned,
    sums::{Layout, Unit, Word, take_away},
};
use crate::learn::{
    spec::BoostedSettings,
    tree::{Node, Tree},
};

/// What a tree is grown on.
pub struct Ground<'a> {
    pub x: &'a Binned,
    pub settings: &'a BoostedSettings,
    /// The sums of the columns that it may split.
    pub layout: Layout<'a>,
    /// One per row of `x`.
    pub words: &'a [Word],
    pub unit: Unit,
}

/// A tree with what it takes to walk it by bins.
pub struct Grown {
    /// Without covers.
    pub tree: Tree,
    /// Of each node that is a split: the last bin that goes below, beside that of missing values.
    pub last_below: Vec<u8>,
}

/// A node that may still be split: some of the rows, and their sums by slot.
struct Open {
    place: usize,
    depth: usize,
    from: usize,
    to: usize,
    total: Word,
    sums: Vec<Word>,
}

struct Split {
    column: usize,
    /// The last bin that goes below.
    bin: u8,
    missing_below: bool,
    /// Of the rows that go below.
    below: Word,
}

impl Ground<'_> {
    /// `rows`: those to learn from, in any order; they are sorted by the leaves where they end.
    pub fn grow(&self, rows: &mut [u32]) -> Grown {
        let total = rows.iter().map(|row| self.words[*row as usize]).sum();
        let mut grown = Grown { tree: Tree(vec![self.leaf(total)]), last_below: vec![0] };
        let mut open = Vec::new();
        if self.may_split(total, 0) {
            let sums = self.layout.fill(rows, self.words);
            open.push(Open { place: 0, depth: 0, from: 0, to: rows.len(), total, sums });
        }
        let mut kept = Vec::new();
        // The newest first: few sums are held at a time.
        while let Some(node) = open.pop() {
            let Some(split) = self.best_split(&node) else {
                self.layout.give_back(node.sums);
                continue;
            };
            let children = grown.tree.0.len();
            let (below, above) = (split.below, node.total - split.below);
            let missing = if split.missing_below { children } else { children + 1 };
            let threshold = self.x.columns()[split.column].cuts[usize::from(split.bin)];
            grown.tree.0[node.place] = Node::Split {
                column: split.column,
                threshold,
                below: children,
                above: children + 1,
                missing,
            };
            grown.last_below[node.place] = split.bin;
            for total in [below, above] {
                grown.tree.0.push(self.leaf(total));
                grown.last_below.push(0);
            }
            let own = &mut rows[node.from..node.to];
            let middle = node.from + self.divide(own, &split, &mut kept);
            self.open_children(&mut open, node, (children, middle), [below, above], rows);
        }
        grown
    }

    /// The sums of the child with fewer rows are gathered, those of the other are what is left of its parent's.
    fn open_children(
        &self,
        open: &mut Vec<Open>,
        node: Open,
        (place, middle): (usize, usize),
        totals: [Word; 2],
        rows: &[u32],
    ) {
        let depth = node.depth + 1;
        let may = totals.map(|total| self.may_split(total, depth));
        if may == [false, false] {
            return self.layout.give_back(node.sums);
        }
        let ranges = [(node.from, middle), (middle, node.to)];
        let small = usize::from(middle - node.from > node.to - middle);
        let (from, to) = ranges[small];
        let sums = self.layout.fill(&rows[from..to], self.words);
        let mut large = node.sums;
        take_away(&mut large, &sums);
        let mut of_children = if small == 0 { [Some(sums), Some(large)] } else { [Some(large), Some(sums)] };
        for child in [1, 0] {
            let (from, to) = ranges[child];
            match of_children[child].take() {
                Some(sums) if may[child] => {
                    open.push(Open { place: place + child, depth, from, to, total: totals[child], sums });
                }
                sums => sums.into_iter().for_each(|sums| self.layout.give_back(sums)),
            }
        }
    }

    /// A Newton step, of which the learning rate is taken.
    fn leaf(&self, total: Word) -> Node {
        let (gradient, curvature) = self.unit.sums(total);
        let value = -self.settings.learning_rate * gradient / (curvature + self.settings.l2);
        // Not −0, which is written otherwise.
        Node::Leaf { value: value + 0.0, cover: 0.0 }
    }

    fn may_split(&self, total: Word, depth: usize) -> bool {
        let (_, curvature) = self.unit.sums(total);
        depth < self.settings.depth && curvature >= 2.0 * self.settings.min_leaf_weight
    }

    /// The split whose two sides' Σ gradient² / (Σ curvature + l2) is largest, if it is more than that of the node; of
    /// equals the first (T. Chen & C. Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016, formula 7).
    fn best_split(&self, node: &Open) -> Option<Split> {
        let BoostedSettings { l2, min_leaf_weight, .. } = *self.settings;
        let score = |word: Word| {
            let (gradient, curvature) = self.unit.sums(word);
            (gradient * gradient / (curvature + l2), curvature >= min_leaf_weight)
        };
        // More than rounding makes of nothing.
        let mut best = score(node.total).0 * (1.0 + 1e-9) + 1e-12;
        let mut found = None;
        for (place, sums) in self.layout.columns(&node.sums) {
            let cuts = sums.len() - 2;
            let missing = sums[cuts + 1];
            let mut known = 0;
            for (bin, word) in sums[..cuts].iter().enumerate() {
                known += word;
                // As good as the cut before.
                if *word == 0 {
                    continue;
                }
                for missing_below in [false, true] {
                    let below = if missing_below { known + missing } else { known };
                    let (one, enough) = score(below);
                    let (other, other_enough) = score(node.total - below);
                    if one + other > best && enough && other_enough {
                        best = one + other;
                        found = Some(Split { column: place, bin: bin as u8, missing_below, below });
                    }
                    if missing == 0 {
                        break;
                    }
                }
            }
        }
        found
    }

    /// Puts the rows that go below first, both parts in the order in which they were; gives how many they are.
    fn divide(&self, rows: &mut [u32], split: &Split, kept: &mut Vec<u32>) -> usize {
        let bins = self.x.of_column(split.column);
        let missing = self.x.columns()[split.column].missing();
        kept.clear();
        kept.resize(rows.len(), 0);
        let (mut below, mut above) = (0, 0);
        for place in 0..rows.len() {
            let row = rows[place];
            let bin = bins[row as usize];
            let goes = (bin <= split.bin) | ((bin == missing) & split.missing_below);
            // Both are written, one is kept: a processor need not guess which.
            rows[below] = row;
            kept[above] = row;
            below += usize::from(goes);
            above += usize::from(!goes);
        }
        rows[below..].copy_from_slice(&kept[..above]);
        below
    }
}
