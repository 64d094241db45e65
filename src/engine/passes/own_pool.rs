//! The memory of one grouping.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::{
    common::Result,
    execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation},
};

use crate::engine::{memory::in_words, pool::is_counted};

/// What one grouping may take of the memory that queries share. What a pass took is kept for the next: another query would
/// take it in between, and the next share would find less. What the last one gives back is free for all.
#[derive(Debug)]
pub(super) struct OwnPool {
    most: usize,
    state: Mutex<OwnState>,
}

#[derive(Debug)]
struct OwnState {
    held: MemoryReservation,
    used: usize,
    is_last: bool,
}

impl OwnPool {
    pub fn new(most: usize, shared: &Arc<dyn MemoryPool>) -> Self {
        let held = MemoryConsumer::new("AggregateInPasses").register(shared);
        Self { most, state: Mutex::new(OwnState { held, used: 0, is_last: false }) }
    }

    /// No pass follows the one under way.
    pub fn is_at_last(&self) {
        self.with(|state| {
            state.is_last = true;
            state.free_unused();
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut OwnState) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl OwnState {
    fn free_unused(&mut self) {
        self.held.shrink(self.held.size().saturating_sub(self.used));
    }
}

impl MemoryPool for OwnPool {
    fn name(&self) -> &str {
        "OwnPool"
    }

    fn grow(&self, by: &MemoryReservation, additional: usize) {
        if !is_counted(by.consumer()) {
            return;
        }
        self.with(|state| {
            state.used += additional;
            state.held.grow(state.used.saturating_sub(state.held.size()));
        });
    }

    fn shrink(&self, by: &MemoryReservation, shrink: usize) {
        if !is_counted(by.consumer()) {
            return;
        }
        self.with(|state| {
            state.used = state.used.saturating_sub(shrink);
            if state.is_last {
                state.free_unused();
            }
        });
    }

    fn try_grow(&self, by: &MemoryReservation, additional: usize) -> Result<()> {
        if !is_counted(by.consumer()) {
            return Ok(());
        }
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
