//! The memory of one grouping.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::{
    common::{DataFusionError, Result},
    execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation},
};

use super::share::Share;
use crate::engine::{fault::TooLarge, memory::in_words, pool::is_counted};

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
    /// Who deals rows out to parts of the pass is counted, too.
    counts_dealers: bool,
    /// The pass under way asked for more than there is, whatever others hold.
    was_too_small: bool,
}

impl OwnPool {
    pub fn new(most: usize, shared: &Arc<dyn MemoryPool>) -> Self {
        let held = MemoryConsumer::new("AggregateInPasses").register(shared);
        Self { most, state: Mutex::new(OwnState::new(held)) }
    }

    /// A pass over `share` of the keys begins; none is under way. If it is the whole, groups of parts of the files are dealt out to
    /// be put together: what waits there is as large as they are. Of a share rows are dealt out at most, a few at a time, of
    /// which a `RepartitionExec` tells more than they are (see [`crate::engine::pool`]).
    pub fn begin(&self, share: Share) {
        self.with(|state| {
            state.counts_dealers = share == Share::WHOLE;
            state.was_too_small = false;
        });
    }

    pub fn was_too_small(&self) -> bool {
        self.with(|state| state.was_too_small)
    }

    /// What is said where the smallest share is too large.
    pub fn too_small(&self) -> DataFusionError {
        let most = in_words(self.most);
        DataFusionError::External(Box::new(TooLarge(format!(
            "one group takes more than the {most} that a grouping may"
        ))))
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
    fn new(held: MemoryReservation) -> Self {
        Self { held, used: 0, is_last: false, counts_dealers: false, was_too_small: false }
    }

    fn counts(&self, by: &MemoryReservation) -> bool {
        self.counts_dealers || is_counted(by.consumer())
    }

    fn free_unused(&mut self) {
        self.held.shrink(self.held.size().saturating_sub(self.used));
    }
}

impl MemoryPool for OwnPool {
    fn name(&self) -> &str {
        "OwnPool"
    }

    fn grow(&self, by: &MemoryReservation, additional: usize) {
        self.with(|state| {
            if !state.counts(by) {
                return;
            }
            state.used += additional;
            state.held.grow(state.used.saturating_sub(state.held.size()));
        });
    }

    fn shrink(&self, by: &MemoryReservation, shrink: usize) {
        self.with(|state| {
            if !state.counts(by) {
                return;
            }
            state.used = state.used.saturating_sub(shrink);
            if state.is_last {
                state.free_unused();
            }
        });
    }

    fn try_grow(&self, by: &MemoryReservation, additional: usize) -> Result<()> {
        self.with(|state| {
            if !state.counts(by) {
                return Ok(());
            }
            let wanted = state.used + additional;
            if wanted > self.most {
                state.was_too_small = true;
                return datafusion::common::resources_err!(
                    "{} wanted of {}",
                    in_words(wanted),
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
