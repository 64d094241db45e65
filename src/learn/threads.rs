//! How many threads learning and scoring may take. What comes out does not hang on it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// 0: as many as there are processors.
static LIMIT: AtomicUsize = AtomicUsize::new(0);

/// From now on at most so many, for the whole process: whoever starts a run says it once. 0 is as many as there are processors.
pub fn limit(threads: usize) {
    LIMIT.store(threads, Ordering::Relaxed);
}

pub(super) fn count() -> usize {
    match LIMIT.load(Ordering::Relaxed) {
        0 => thread::available_parallelism().map_or(1, usize::from),
        limit => limit,
    }
}
