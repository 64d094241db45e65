//! How much memory a run may take, as people write it (`8GB`, `512MB`), how it is divided, and how much is taken.
//!
//! The limit is of the whole process. Queries are told a part of it, beyond which they spill; tables that wait for their
//! readers another, beyond which they wait in files. The rest is for what nobody counts: the rows that a model is fitted on,
//! buffers of readers and writers, the program itself. Who needs more than there is ends the run, and is named.

use crate::problem::{Problem, Result};

/// Hundredths of the limit that queries share.
const QUERIES: usize = 40;

/// With less than this for each, tables are made one after the other.
const PER_TABLE: usize = 1 << 30;

/// Enough for a large lake.
const MOST_METADATA: usize = 256 << 20;

/// The whole process's limit, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimit(pub usize);

impl MemoryLimit {
    /// What queries may reserve at once.
    pub fn of_queries(self) -> usize {
        self.0 / 100 * QUERIES
    }

    /// What each sort of a query sets aside for merging what it spilled. DataFusion's ten megabytes, times the sorts and threads
    /// of a query, leave nothing of a small limit.
    pub(super) fn of_one_merge(self) -> usize {
        (self.of_queries() / 100).min(10 << 20)
    }

    /// The limit of which queries get so many bytes.
    pub(super) fn that_gives_queries(bytes: usize) -> usize {
        (bytes.div_ceil(QUERIES) + 1) * 100
    }

    /// What tables may take in memory between two steps.
    pub fn of_tables(self) -> usize {
        self.0 / 10
    }

    /// What may be spent on finding doubled keys, before anything else is there.
    pub fn of_keys(self) -> usize {
        self.0 / 4
    }

    /// What footers and page indexes of the lake's files may take: read once, asked for at each as-of.
    pub fn of_metadata(self) -> usize {
        (self.0 / 16).min(MOST_METADATA)
    }

    /// How many tables may be on their way at a time: one to a thread, and one after the other below this much for each.
    pub fn tables_at_once(self, threads: usize) -> usize {
        (self.0 / PER_TABLE).clamp(1, threads.max(1))
    }

    /// What one grouping of files may take: of a table's share of what queries have all but a quarter, which is for its joins
    /// and sorts.
    pub(super) fn of_one_grouping(self, threads: usize) -> usize {
        self.of_queries() / self.tables_at_once(threads) / 4 * 3
    }

    /// Has the allocator return what it keeps for later, if the process holds half of what it may: what one step freed must
    /// not count against the next.
    pub fn give_back(self) {
        if resident().is_some_and(|held| held > self.0 / 2) {
            return_freed();
        }
    }

    /// Fails shortly before the process holds more: it grows between two looks. `who` says what was under way.
    pub fn check(self, who: impl FnOnce() -> String) -> Result<()> {
        match resident() {
            Some(held) if held > self.0 / 100 * 95 => Err(Problem::failed(format!(
                "{} took more memory than --memory-limit allows: the run holds {}, and may hold {}",
                who(),
                in_words(held),
                in_words(self.0)
            ))
            .help("nothing was published; raise --memory-limit, or lower --threads: each thread holds its own share")),
            _ => Ok(()),
        }
    }
}

/// Pieces of this size or more go back to the system as soon as they are freed: with little to go round, and with plenty, for
/// the system takes its time to give a piece (at 100,000 customers a cold run with small ones takes 10 % more CPU).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const RETURNED_AT_ONCE: [libc::c_int; 2] = [256 << 10, 4 << 20];

/// Plenty, in bytes of a limit.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const PLENTY: usize = 4 << 30;

/// Has the allocator return large pieces as they are freed. glibc's alone keeps so much that it has to be told: at 100,000
/// customers and a limit of 1 GB the tables took 837 MB with what it kept, and 644 without.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn return_large_pieces(limit: MemoryLimit) {
    let [small, large] = RETURNED_AT_ONCE;
    let size = if limit.0 < PLENTY { small } else { large };
    // SAFETY: sets a number of the allocator's, which may be done at any time.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, size) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn return_large_pieces(_: MemoryLimit) {}

/// Has it return what else it keeps.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn return_freed() {
    // SAFETY: takes a number, touches nothing but free memory, and may be called at any time from any thread.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn return_freed() {}

/// Bytes of memory that the process holds now, where the system says it.
fn resident() -> Option<usize> {
    bytes_of_process("VmRSS:")
}

/// The most bytes of memory that the process has held since it began, where the system says it.
pub fn most_held() -> Option<usize> {
    bytes_of_process("VmHWM:")
}

fn bytes_of_process(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? << 10)
}

pub(super) fn in_words(bytes: usize) -> String {
    match bytes {
        0..0x10_0000 => format!("{} KB", bytes.div_ceil(1 << 10)),
        _ => format!("{} MB", bytes.div_ceil(1 << 20)),
    }
}

/// Bytes of `512MB`, `8GB`, `8GiB` (K, M, G, T are powers of 1024 in both).
pub fn parse_memory(written: &str) -> Result<usize> {
    let wrong = || {
        Problem::setup(format!("cannot read the memory limit `{written}`"))
            .help("write a number and a unit: 512MB, 8GB")
    };
    let text = written.trim().to_ascii_uppercase();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or_else(wrong)?;
    let number: f64 = text[..digits].parse().map_err(|_| wrong())?;
    let shift = match text[digits..].trim() {
        "KB" | "KIB" | "K" => 10,
        "MB" | "MIB" | "M" => 20,
        "GB" | "GIB" | "G" => 30,
        "TB" | "TIB" | "T" => 40,
        _ => return Err(wrong()),
    };
    let bytes = number * (1u64 << shift) as f64;
    const LEAST: f64 = 256.0 * 1024.0 * 1024.0;
    if !(LEAST..=1e15).contains(&bytes) {
        return Err(wrong().help("at least 256MB: the program and one query take that much"));
    }
    Ok(bytes as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_holds_too_much_says_who_was_at_it() {
        assert!(MemoryLimit(usize::MAX).check(|| unreachable!()).is_ok());
        let problem = MemoryLimit(1).check(|| "`usage`".into());
        // Only Linux says how much there is.
        assert_eq!(problem.is_err(), cfg!(target_os = "linux"));
        let said = problem.err().map_or_else(|| "`usage` took".into(), |p| p.to_string());
        assert!(said.starts_with("`usage` took"), "{said}");
    }

    #[test]
    fn sizes_are_read_and_nonsense_is_not() {
        assert_eq!(parse_memory("8GB").unwrap(), 8 << 30);
        assert_eq!(parse_memory(" 1.5 gib").unwrap(), 3 << 29);
        for wrong in ["8", "GB", "8XB", "-1GB", "1KB", "255MB", "", "1e9GB"] {
            assert!(parse_memory(wrong).is_err(), "{wrong}");
        }
    }
}
