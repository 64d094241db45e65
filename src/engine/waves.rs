//! Planning many tables at a time: in waves, none of whose tables reads another of it.

use std::collections::BTreeMap;

use crate::graph::{Graph, Table};

/// All tables with their places in the graph's order; what a table reads is in an earlier wave.
pub fn waves(graph: &Graph) -> Vec<Vec<(usize, &Table)>> {
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waves: Vec<Vec<(usize, &Table)>> = Vec::new();
    for (place, table) in graph.in_order().enumerate() {
        let read = table.reads.iter().filter_map(|reads| depths.get(reads.table.as_str()));
        let depth = read.max().map_or(0, |deepest| deepest + 1);
        depths.insert(&table.name, depth);
        if depth == waves.len() {
            waves.push(Vec::new());
        }
        waves[depth].push((place, table));
    }
    waves
}
