//! Which keys were met before, more or less: of none that was met it says that it was not.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::DataType;

use crate::lake::{files::LakeFile, footer::ranges_of_row_groups};

/// Then some 0.5 % of keys are met marked by chance.
const BITS_PER_KEY: usize = 16;
/// With less than this for each, too many are: better look several times.
const FEWEST_BITS_PER_KEY: usize = 12;
const MOST_PASSES: usize = 64;
/// Words of a bitmap, and of what a time has of it, at least: 8 kB.
const FEWEST_WORDS: usize = 1 << 10;

/// A key marks four bits of one word, so that it is looked up with one access to memory (a blocked Bloom filter: Putze, Sanders
/// and Singler 2007).
///
/// Keys of one time share a window of it, and windows of later times lie further on: where rows lie in order of time, a
/// processor's cache holds what the next ones need.
pub struct Bitmap {
    words: Vec<AtomicU64>,
    /// Words of a window.
    window: usize,
    first: i64,
    words_per_time: f64,
}

/// How the rows of a source lie in time, as their files' footers tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    first: i64,
    last: i64,
    /// The part of all rows that may be of one time, at most.
    crowd: f64,
}

impl Times {
    /// None where some row group does not tell, or in other units than rows are read in.
    pub fn of(files: &[LakeFile], column: &str, read_as: &DataType) -> Option<Self> {
        let mut groups = Vec::new();
        for file in files {
            let written = file.footer.schema().field_with_name(column).ok()?.data_type();
            if (written == &DataType::Date32) != (read_as == &DataType::Date32) {
                return None;
            }
            let rows = file.footer.metadata().row_groups().iter().map(|group| group.num_rows() as usize);
            groups.extend(ranges_of_row_groups(&file.footer, column)?.into_iter().zip(rows));
        }
        Self::of_groups(&groups)
    }

    /// ((first, last), rows) of each row group.
    fn of_groups(groups: &[((i64, i64), usize)]) -> Option<Self> {
        let first = groups.iter().map(|((first, _), _)| *first).min()?;
        let last = groups.iter().map(|((_, last), _)| *last).max()?;
        let all: usize = groups.iter().map(|(_, rows)| rows).sum();
        // Rows of groups that have begun less those of groups that have ended, whenever one begins.
        let mut changes: Vec<(i64, bool, i64)> = Vec::new();
        for ((first, last), rows) in groups {
            changes.push((*first, false, *rows as i64));
            changes.push((*last, true, -(*rows as i64)));
        }
        changes.sort_unstable();
        let (mut now, mut most) = (0, 0);
        for (_, _, rows) in changes {
            now += rows;
            most = most.max(now);
        }
        Some(Self { first, last, crowd: most as f64 / all.max(1) as f64 })
    }
}

/// How often the keys have to be looked at so that each time those looked for have bits enough.
pub fn passes(rows: usize, memory: usize) -> usize {
    (rows.saturating_mul(FEWEST_BITS_PER_KEY) / 8).div_ceil(memory.max(1)).clamp(1, MOST_PASSES)
}

/// The pass in which a key is looked for.
pub fn pass_of(hash: u64, passes: usize) -> usize {
    ((hash >> 32 & 0xff) as usize * passes) >> 8
}

impl Bitmap {
    /// For so many keys, within so many bytes.
    pub fn new(keys: usize, memory: usize, times: Option<Times>) -> Self {
        let words = (keys.saturating_mul(BITS_PER_KEY) / 64).min(memory / 8).max(FEWEST_WORDS);
        let part = |share: f64| ((words as f64 * share) as usize).clamp(FEWEST_WORDS, words);
        let window = times.map_or(words, |times| part(times.crowd));
        let (first, last) = times.map_or((0, 0), |times| (times.first, times.last));
        let words_per_time = (words - window) as f64 / (last.saturating_sub(first)).max(1) as f64;
        Self { words: (0..words).map(|_| AtomicU64::new(0)).collect(), window, first, words_per_time }
    }

    fn place(&self, hash: u64, time: Option<i64>) -> (&AtomicU64, u64) {
        let since = time.map_or(0, |time| time.saturating_sub(self.first));
        let start = ((since as f64 * self.words_per_time) as usize).min(self.words.len() - self.window);
        let word = start + (((hash & 0xffff_ffff) * self.window as u64) >> 32) as usize;
        let bits = [40, 46, 52, 58].iter().fold(0, |bits, shift| bits | 1 << (hash >> shift & 63));
        (&self.words[word], bits)
    }

    /// Marks the place of a hash; whether it was marked before. `time`: the same for all rows of a key.
    pub fn mark(&self, hash: u64, time: Option<i64>) -> bool {
        let (word, bits) = self.place(hash, time);
        word.fetch_or(bits, Ordering::Relaxed) & bits == bits
    }

    pub fn is_marked(&self, hash: u64, time: Option<i64>) -> bool {
        let (word, bits) = self.place(hash, time);
        word.load(Ordering::Relaxed) & bits == bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_keeps_to_its_memory() {
        let bytes = |keys, memory| Bitmap::new(keys, memory, None).words.len() * 8;
        assert_eq!(bytes(1 << 20, 1 << 30), 2 << 20);
        assert_eq!(bytes(1 << 20, 1 << 20), 1 << 20);
        assert_eq!(bytes(1 << 20, (1 << 20) + 5), 1 << 20);
        assert_eq!(bytes(1, 0), 8 << 10);
    }

    #[test]
    fn little_memory_takes_more_passes() {
        // 1.5 bytes a key.
        assert_eq!(passes(1_000_000, 1_500_000), 1);
        assert_eq!(passes(1_000_000, 1_499_999), 2);
        assert_eq!(passes(1_000_000, 500_000), 3);
        assert_eq!(passes(usize::MAX, 0), MOST_PASSES);
        let of: Vec<usize> = (0..256u64).map(|bits| pass_of(bits << 32, 3)).collect();
        assert_eq!((of[0], of[85], of[86], of[171], of[255]), (0, 0, 1, 2, 2));
    }

    #[test]
    fn as_many_rows_share_a_time_as_groups_overlap() {
        let crowd = |groups: &[((i64, i64), usize)]| Times::of_groups(groups).unwrap().crowd;
        assert_eq!(crowd(&[((1, 7), 100), ((8, 14), 100)]), 0.5);
        assert_eq!(crowd(&[((1, 8), 100), ((8, 14), 100)]), 1.0, "the eighth is in both");
        assert_eq!(crowd(&[((1, 3), 100), ((2, 9), 50), ((4, 9), 250)]), 0.75);
        assert_eq!(Times::of_groups(&[]), None);
    }

    /// 300,000 keys, of which as many come at one of `times` times; how many of 1,000 are met by chance.
    fn met_by_chance(times: u64, told: Option<Times>) -> usize {
        let keys = 300_000;
        let bitmap = Bitmap::new(keys, 1 << 30, told);
        let hash = |key: usize| {
            (key as u64 + 1)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(29)
                .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        let time = |key: usize| Some((key as u64 * times / keys as u64) as i64 * 604_800_000_000);
        let met = (0..keys).filter(|key| bitmap.mark(hash(*key), time(*key))).count();
        assert!(
            (0..keys).all(|key| bitmap.is_marked(hash(key), time(key))),
            "what was met is never forgotten"
        );
        met * 1_000 / keys
    }

    #[test]
    fn few_keys_are_met_by_chance_however_they_lie_in_time() {
        let week = 604_800_000_000;
        for times in [1, 2, 100, 10_000] {
            let last = (times as i64 - 1) * week;
            let told = Times { first: 0, last, crowd: 1.0 / times as f64 };
            for told in [None, Some(told)] {
                let met = met_by_chance(times, told);
                assert!(met < 30, "{met} of 1,000 at {times} times, {told:?}");
            }
        }
    }
}
