//! Keys that may be doubled, by a hash of them.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use super::bitmap::Bitmap;
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
        let marked = Bitmap::new(hashes.len(), memory, None);
        hashes.iter().for_each(|hash| {
            marked.mark(*hash, None);
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
        let suspected = self.marked.is_marked(hash, None);
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
