//! What a stage takes: wall time, CPU time of all threads, and the most memory that the process held meanwhile.

use std::{fs, time::Instant};

/// Runs `work` and prints its line.
pub fn stage<T>(name: &str, work: impl FnOnce() -> T) -> T {
    // From here on VmHWM counts anew.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let result = work();
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!("luopan\t{name}\t{wall:.2}\t{cpu:.2}\t{:.0}", peak_megabytes());
    result
}

/// User and system, of all threads.
fn cpu_seconds() -> f64 {
    // SAFETY: `usage` is a plain struct of integers, which `getrusage` fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(f64::NAN) / 1024.0
}
