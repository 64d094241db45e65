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
    /// Of these alone, and small: of most keys it tells at once that they are none.
    marked: Bitmap,
}

impl Suspects {
    pub fn new(mut hashes: Vec<u64>, memory: usize) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        let marked = Bitmap::for_rows(hashes.len(), memory);
        hashes.iter().for_each(|hash| {
            marked.mark(*hash, *hash >> 32);
        });
        Self { hashes, marked }
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn place(&self, hash: u64) -> Option<usize> {
        let suspected = self.marked.is_marked(hash, hash >> 32);
        suspected.then(|| self.hashes.binary_search(&hash).ok()).flatten()
    }

    /// One look more at the keys, and no row in memory: where the bitmap is small, most are suspects by chance.
    pub async fn that_occur_twice(
        self,
        lake: &Location,
        source: &Source,
        files: &[LakeFile],
        threads: usize,
        memory: usize,
    ) -> Found<Self> {
        let met: Arc<Vec<AtomicU8>> = Arc::new(self.hashes.iter().map(|_| AtomicU8::new(0)).collect());
        let all = Arc::new(self);
        let (suspects, meet) = (Arc::clone(&all), Arc::clone(&met));
        over_row_groups(lake, source, files, threads, move |keys, _, _: &mut Vec<()>| {
            for (_, hash) in keys.hashes(FIRST_SEED)?.iter() {
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
        Ok(Self::new(twice.map(|(hash, _)| *hash).collect(), memory))
    }
}

/// At least 16 bits for each row (2 to 4 bytes a row), or as many as memory allows: then more keys are suspected by chance, and
/// looked at twice. A key marks four bits of one word, so that it is looked up with one access to memory (a blocked Bloom
/// filter: Putze, Sanders and Singler 2007); of 16 bits a row some 0.5 % of keys are met marked by chance.
///
/// Keys of one neighbourhood share a part of it that a processor's cache holds: where rows lie in order of time, most accesses
/// are to the part that the last one was to.
pub struct Bitmap {
    words: Vec<AtomicU64>,
    /// Words of a neighbourhood.
    part: usize,
}

/// Words of a part: 1 MB.
const PART: usize = 1 << 17;
const BITS_PER_ROW: usize = 16;

impl Bitmap {
    pub fn for_rows(rows: usize, memory: usize) -> Self {
        let most = (memory / 8 + 1).next_power_of_two() / 2;
        let words = (rows.saturating_mul(BITS_PER_ROW) / 64).next_power_of_two().min(most).max(1 << 10);
        Self { words: (0..words).map(|_| AtomicU64::new(0)).collect(), part: words.min(PART) }
    }

    fn place(&self, hash: u64, neighbourhood: u64) -> (&AtomicU64, u64) {
        let parts = (self.words.len() / self.part) as u64;
        let part = (neighbourhood % parts) as usize * self.part;
        let word = part + (hash as usize & (self.part - 1));
        let bits = [40, 46, 52, 58].iter().fold(0, |bits, shift| bits | 1 << (hash >> shift & 63));
        (&self.words[word], bits)
    }

    /// Marks the place of a hash; whether it was marked before.
    pub fn mark(&self, hash: u64, neighbourhood: u64) -> bool {
        let (word, bits) = self.place(hash, neighbourhood);
        word.fetch_or(bits, Ordering::Relaxed) & bits == bits
    }

    fn is_marked(&self, hash: u64, neighbourhood: u64) -> bool {
        let (word, bits) = self.place(hash, neighbourhood);
        word.load(Ordering::Relaxed) & bits == bits
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

    #[test]
    fn what_is_marked_is_met_again_and_little_else_is() {
        let keys = 1 << 18;
        let bitmap = Bitmap::for_rows(keys, 1 << 30);
        let hash = |key: usize| {
            (key as u64 + 1)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(29)
                .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        let met = (0..keys).filter(|key| bitmap.mark(hash(*key), *key as u64 / 1000)).count();
        assert!(met * 100 < keys, "{met} of {keys} by chance");
        assert!((0..keys).all(|key| bitmap.is_marked(hash(key), key as u64 / 1000)));
    }
}
