//! The memory of one grouping.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::{
    common::Result,
    execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation},
};

use crate::engine::memory::in_words;

/// What one grouping may take of the memory that queries share. What a pass took is kept for the next: another query would
/// take it in between, and the next share would find less.
#[derive(Debug)]
pub(super) struct OwnPool {
    most: usize,
    state: Mutex<OwnState>,
}

#[derive(Debug)]
struct OwnState {
    held: MemoryReservation,
    used: usize,
}

impl OwnPool {
    pub fn new(most: usize, shared: &Arc<dyn MemoryPool>) -> Self {
        let held = MemoryConsumer::new("AggregateInPasses").register(shared);
        Self { most, state: Mutex::new(OwnState { held, used: 0 }) }
    }

    fn with<T>(&self, act: impl FnOnce(&mut OwnState) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl MemoryPool for OwnPool {
    fn name(&self) -> &str {
        "OwnPool"
    }

    fn grow(&self, _: &MemoryReservation, additional: usize) {
        self.with(|state| {
            state.used += additional;
            state.held.grow(state.used.saturating_sub(state.held.size()));
        });
    }

    fn shrink(&self, _: &MemoryReservation, shrink: usize) {
        self.with(|state| state.used = state.used.saturating_sub(shrink));
    }

    fn try_grow(&self, _: &MemoryReservation, additional: usize) -> Result<()> {
        self.with(|state| {
            let wanted = state.used + additional;
            if wanted > self.most {
                return datafusion::common::resources_err!(
                    "one group takes more than the {} that a grouping may: it takes a larger --memory-limit",
                    in_words(self.most)
                );
            }
            state.held.try_grow(wanted.saturating_sub(state.held.size()))?;
            state.used = wanted;
            Ok(())
        })
    }

    fn reserved(&self) -> usize {
        self.with(|state| state.used)
    }
}

impl fmt::Display for OwnPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name(), in_words(self.most))
    }
}
