use proptest::prelude::*;

use super::*;
use crate::learn::tree::{Node, Tree};

fn split(column: usize, threshold: f64, below: usize, above: usize, missing: usize) -> Node {
    Node::Split { column, threshold, below, above, missing }
}

fn leaf(value: f64, cover: f64) -> Node {
    Node::Leaf { value, cover }
}

/// One column of the matrix for each column of the table.
fn explain(model: &Boosted, rows: &[Vec<f64>], places: &[usize]) -> (f64, Array2<f64>) {
    let column = |c: usize| rows.iter().map(|row| row[c]).collect();
    let columns = places.iter().enumerate().map(|(c, place)| (*place, column(c))).collect();
    let x = TreeMatrix::new(rows.len(), columns).unwrap();
    let explainer = Explainer::new(model, places);
    (explainer.base, explainer.contributions(&x, 1))
}

/// What a tree gives when only the columns of `known` (bits) are known.
fn expected(Tree(nodes): &Tree, node: usize, row: &[f64], known: usize) -> f64 {
    fn cover(nodes: &[Node], node: usize) -> f64 {
        match nodes[node] {
            Node::Leaf { cover, .. } => cover,
            Node::Split { below, above, .. } => cover_of(nodes, below) + cover_of(nodes, above),
        }
    }
    use cover as cover_of;
    match nodes[node] {
        Node::Leaf { value, .. } => value,
        Node::Split { column, threshold, below, above, missing } if known >> column & 1 == 1 => {
            let x = row[column];
            let next = if x.is_nan() {
                missing
            } else if x < threshold {
                below
            } else {
                above
            };
            expected(&Tree(nodes.clone()), next, row, known)
        }
        Node::Split { below, above, .. } => {
            let (b, a) = (cover(nodes, below), cover(nodes, above));
            let share = if a + b > 0.0 { b / (a + b) } else { 0.5 };
            let of = |child| expected(&Tree(nodes.clone()), child, row, known);
            share * of(below) + (1.0 - share) * of(above)
        }
    }
}

/// Shapley's sum over all sets of the other columns.
fn by_brute_force(trees: &[Tree], row: &[f64]) -> Vec<f64> {
    let k = row.len();
    let factorial = |n: usize| (1..=n).map(|v| v as f64).product::<f64>();
    let gives = |known: usize| trees.iter().map(|tree| expected(tree, 0, row, known)).sum::<f64>();
    (0..k)
        .map(|i| {
            let sets = (0..1usize << k).filter(|set| set >> i & 1 == 0);
            sets.map(|set| {
                let s = set.count_ones() as usize;
                let weight = factorial(s) * factorial(k - 1 - s) / factorial(k);
                weight * (gives(set | 1 << i) - gives(set))
            })
            .sum()
        })
        .collect()
}

#[test]
fn two_columns_by_hand() {
    // Half of the rows have x0 < 1 and get 0. Of the others, a quarter has x1 < 1 and gets 4; the rest gets 8.
    let tree = Tree(vec![
        split(0, 1.0, 1, 2, 1),
        leaf(0.0, 4.0),
        split(1, 1.0, 3, 4, 4),
        leaf(4.0, 1.0),
        leaf(8.0, 3.0),
    ]);
    let model = Boosted { base: -1.0, trees: vec![tree] };
    let (base, values) =
        explain(&model, &[vec![2.0, 2.0], vec![2.0, 0.0], vec![0.0, 0.0], vec![f64::NAN, f64::NAN]], &[0, 1]);
    // The mean is (0·4 + 4·1 + 8·3) / 8 = 3.5.
    assert_eq!(base, 2.5);
    // Both known 8, only x0 known 7, only x1 known 4, none 3.5: x0 adds (3.5 + 4) / 2, x1 (0.5 + 1) / 2.
    assert_eq!(values.row(0).to_vec(), [3.75, 0.75]);
    // 4, 7, 2, 3.5.
    assert_eq!(values.row(1).to_vec(), [2.75, -2.25]);
    // 0, 0, 2, 3.5.
    assert_eq!(values.row(2).to_vec(), [-2.75, -0.75]);
    // 0, 0, 4, 3.5: missing goes where x0 is below and x1 is above.
    assert_eq!(values.row(3).to_vec(), [-3.75, 0.25]);
}

#[test]
fn columns_of_one_table_column_are_added() {
    let tree = Tree(vec![
        split(0, 1.0, 1, 2, 1),
        leaf(0.0, 1.0),
        split(1, 1.0, 3, 4, 4),
        leaf(4.0, 1.0),
        leaf(8.0, 2.0),
    ]);
    let model = Boosted { base: 0.0, trees: vec![tree] };
    let rows = [vec![2.0, 2.0], vec![0.0, f64::NAN]];
    let (_, apart) = explain(&model, &rows, &[0, 1]);
    let (_, together) = explain(&model, &rows, &[0, 0]);
    assert_eq!(together.ncols(), 1);
    for row in 0..2 {
        assert!((apart.row(row).sum() - together[[row, 0]]).abs() < 1e-12);
    }
}

#[test]
fn a_leaf_alone_and_no_rows_say_nothing() {
    let model = Boosted { base: 1.0, trees: vec![Tree(vec![leaf(0.5, 10.0)])] };
    let (base, values) = explain(&model, &[vec![1.0]], &[0]);
    assert_eq!((base, values[[0, 0]]), (1.5, 0.0));
    assert_eq!(explain(&model, &[], &[0]).1.dim(), (0, 1));
}

const COLUMNS: usize = 4;

/// Splits of few columns at few thresholds, so that columns and thresholds come again on a way; covers may be 0.
fn any_tree() -> impl Strategy<Value = Tree> {
    let choice = (0..COLUMNS, 0..4u8, any::<bool>(), -5.0..5.0f64, 0..4u8, 0..4u8);
    prop::collection::vec(choice, 63).prop_map(|choices| {
        let mut nodes = Vec::new();
        let mut depths = vec![0];
        for (place, (column, threshold, missing_below, value, cover, stop)) in choices.into_iter().enumerate()
        {
            if place == depths.len() {
                break;
            }
            let depth = depths[place];
            if depth == 5 || stop == 0 {
                nodes.push(leaf(value, f64::from(cover)));
            } else {
                let below = depths.len();
                depths.extend([depth + 1; 2]);
                let missing = if missing_below { below } else { below + 1 };
                nodes.push(split(column, f64::from(threshold), below, below + 1, missing));
            }
        }
        Tree(nodes)
    })
}

fn any_row() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![1 => Just(f64::NAN), 4 => (-1..5i8).prop_map(|v| f64::from(v) - 0.5)];
    prop::collection::vec(value, COLUMNS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn contributions_are_the_shapley_values_and_add_up(
        trees in prop::collection::vec(any_tree(), 1..4),
        rows in prop::collection::vec(any_row(), 1..4),
    ) {
        let model = Boosted { base: 0.25, trees };
        prop_assert!(model.is_sound(COLUMNS));
        let (base, values) = explain(&model, &rows, &[0, 1, 2, 3]);
        for (row, values) in rows.iter().zip(values.rows()) {
            let log_odds = model.base + model.trees.iter().map(|tree| tree.value(row)).sum::<f64>();
            prop_assert!((base + values.sum() - log_odds).abs() < 1e-9);
            for (ours, theirs) in values.iter().zip(by_brute_force(&model.trees, row)) {
                prop_assert!((ours - theirs).abs() < 1e-9, "{} is not {}", ours, theirs);
            }
        }
    }
}
