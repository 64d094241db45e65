//! Planning many tables at a time: in waves, none of whose tables reads another of it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::STACK;
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

/// What `work` makes of each, in their order, on all processors.
pub fn side_by_side<J: Sync, T: Send>(jobs: &[J], work: impl Fn(&J) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    if threads < 2 {
        return jobs.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let take = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(place) else { return };
            let made = work(job);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, made));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread can be had, this one does it all.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take);
        }
        take();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, made)| made).collect()
}
