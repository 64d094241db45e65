//! Keys that may be doubled, by a hash of them.

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

use crate::{
    lake::{
        files::LakeFile,
        keys::{Found, over_row_groups},
        store::Location,
    },
    project::sources::Source,
};

pub const FIRST_SEED: u64 = 0x6c75_6f70_616e_0001;

/// First hashes of keys that may be doubled.
pub struct Suspects {
    /// Sorted, each once.
    hashes: Vec<u64>,
    /// Marked for these alone: of most keys it tells at once that they are none.
    seen: Arc<Bitmap>,
}

impl Suspects {
    pub fn new(mut hashes: Vec<u64>, seen: Arc<Bitmap>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        seen.clear();
        hashes.iter().for_each(|hash| {
            seen.mark(*hash);
        });
        Self { hashes, seen }
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn place(&self, hash: u64) -> Option<usize> {
        self.seen.is_marked(hash).then(|| self.hashes.binary_search(&hash).ok()).flatten()
    }

    /// One look more at the keys, and no row in memory: where the bitmap is small, most are suspects by chance.
    pub async fn that_occur_twice(
        self,
        lake: &Location,
        source: &Source,
        files: &[LakeFile],
        threads: usize,
    ) -> Found<Self> {
        let met: Arc<Vec<AtomicU8>> = Arc::new(self.hashes.iter().map(|_| AtomicU8::new(0)).collect());
        let all = Arc::new(self);
        let (suspects, meet) = (Arc::clone(&all), Arc::clone(&met));
        over_row_groups(lake, source, files, threads, move |keys, _, _: &mut Vec<()>| {
            for hash in keys.hashes(FIRST_SEED)?.into_iter().flatten() {
                // Twice is enough: it must not come round to nothing.
                let times = suspects.place(hash).map(|place| &meet[place]);
                if let Some(times) = times.filter(|times| times.load(Ordering::Relaxed) < 2) {
                    times.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(())
        })
        .await?;
        let twice = all.hashes.iter().zip(met.iter()).filter(|(_, times)| times.load(Ordering::Relaxed) > 1);
        Ok(Self::new(twice.map(|(hash, _)| *hash).collect(), Arc::clone(&all.seen)))
    }
}

/// One bit for each of at least 16 times as many places as there are rows (2 to 4 bytes a row), or as many as memory allows:
/// then more keys are suspected by chance, and looked at twice.
pub struct Bitmap {
    words: Vec<AtomicU64>,
    mask: u64,
}

impl Bitmap {
    pub fn for_rows(rows: usize, memory: usize) -> Self {
        let most = (memory.saturating_mul(8) + 1).next_power_of_two() / 2;
        let bits = (rows.saturating_mul(16)).next_power_of_two().min(most).max(1 << 16);
        Self { words: (0..bits / 64).map(|_| AtomicU64::new(0)).collect(), mask: bits as u64 - 1 }
    }

    fn place(&self, hash: u64) -> (&AtomicU64, u64) {
        let place = hash & self.mask;
        (&self.words[(place / 64) as usize], 1 << (place % 64))
    }

    /// Marks the place of a hash; whether it was marked before.
    pub fn mark(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        word.fetch_or(bit, Ordering::Relaxed) & bit != 0
    }

    fn is_marked(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        word.load(Ordering::Relaxed) & bit != 0
    }

    fn clear(&self) {
        self.words.iter().for_each(|word| word.store(0, Ordering::Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_keeps_to_its_memory() {
        let bytes = |rows, memory| Bitmap::for_rows(rows, memory).words.len() * 8;
        assert_eq!(bytes(1 << 20, 1 << 30), 2 << 20);
        assert_eq!(bytes(1 << 20, 1 << 20), 1 << 20);
        assert_eq!(bytes(1 << 20, (1 << 20) + 5), 1 << 20);
        assert_eq!(bytes(1 << 20, (1 << 20) - 1), 1 << 19);
        assert_eq!(bytes(1, 0), 8 << 10);
    }
}
