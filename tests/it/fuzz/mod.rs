//! Files that people write and files that machines write, damaged in every way: never a panic, a hang or an endless descent,
//! and always a message.
//!
//! `cargo test --test it fuzz` tries a fixed number of cases of each kind, the same each time.
//! `LUOPAN_FUZZ_SECONDS=3600 cargo test --test it fuzz -- --ignored --nocapture` goes on for that long, from a new seed.
//! What is found is kept in the folder that the message names, and runs again with `LUOPAN_FUZZ_CASE=FILE`, as the kind that
//! the file's name begins with.

mod found;
mod kinds;
mod machine;
mod mutate;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use kinds::Kind;
use mutate::mutated;

/// Longer than that for one file is a find.
const SLOW: Duration = Duration::from_secs(10);
/// And this is a hang, which only the end of the process ends.
const HANG: Duration = Duration::from_secs(60);
/// As the program's main thread has it on Linux.
const STACK: usize = 8 << 20;

/// Where a case lies before it is tried: an endless descent takes the process with it, and leaves the file.
fn last(kind: Kind) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz_last/{}.txt", kind.name()))
}

fn finds() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz_finds")
}

struct Ran {
    cases: u64,
    /// Cases that were sound all the same.
    sound: u64,
    finds: Vec<String>,
}

/// Tries cases from `first` on until `go_on` says no.
fn run(kind: Kind, seed: u64, go_on: impl Fn(u64) -> bool) -> Ran {
    let seeds = kind.seeds();
    let last = last(kind);
    fs::create_dir_all(last.parent().unwrap()).unwrap();
    let under_way: Arc<Mutex<Option<Instant>>> = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let watch = (Arc::clone(&under_way), Arc::clone(&over), last.clone());
    std::thread::spawn(move || {
        let (under_way, over, last) = watch;
        while !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_secs(1));
            if under_way.lock().unwrap().is_some_and(|since| since.elapsed() > HANG) {
                eprintln!("a case hangs: {}", last.display());
                std::process::abort();
            }
        }
    });
    let mut ran = Ran { cases: 0, sound: 0, finds: Vec::new() };
    let workshop = kinds::Workshop::new(kind);
    while go_on(ran.cases) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(ran.cases);
        let one = &seeds[rng.random_range(0..seeds.len())];
        let other = &seeds[rng.random_range(0..seeds.len())];
        let bytes = mutated(&one.1, &other.1, &mut rng);
        fs::write(&last, &bytes).unwrap();
        let start = Instant::now();
        *under_way.lock().unwrap() = Some(start);
        let tried = catch_unwind(AssertUnwindSafe(|| workshop.try_one(&one.0, &bytes)));
        *under_way.lock().unwrap() = None;
        let fault = match tried {
            Ok(Ok(sound)) => {
                ran.sound += u64::from(sound);
                (start.elapsed() > SLOW).then(|| format!("took {:?}", start.elapsed()))
            }
            Ok(Err(why)) => Some(why),
            Err(_) => Some("panicked".into()),
        };
        if let Some(why) = fault {
            fs::create_dir_all(finds()).unwrap();
            let kept =
                finds().join(format!("{}_{seed}_{}_{}", kind.name(), ran.cases, one.0.replace('/', "-")));
            fs::write(&kept, &bytes).unwrap();
            ran.finds.push(format!("{}: {why}", kept.display()));
        }
        ran.cases += 1;
    }
    over.store(true, Ordering::Relaxed);
    ran
}

/// In a thread with the stack of the program's own.
fn in_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Prints and asserts.
fn told(kind: Kind, seed: u64, ran: &Ran, took: Duration) {
    println!(
        "{}: {} cases (seed {seed}, {} sound) in {took:.1?}, {} finds",
        kind.name(),
        ran.cases,
        ran.sound,
        ran.finds.len()
    );
    ran.finds.iter().for_each(|find| println!("  {find}"));
}

fn bounded(kind: Kind, cases: u64) {
    let start = Instant::now();
    let ran = in_thread(|| run(kind, 6, |done| done < cases));
    told(kind, 6, &ran, start.elapsed());
    assert!(ran.finds.is_empty(), "{} finds:\n{}", ran.finds.len(), ran.finds.join("\n"));
    assert!(ran.sound < cases, "nothing was damaged");
}

#[test]
fn damaged_pipelines_are_refused_in_words() {
    bounded(Kind::Pipeline, 1_500);
}

#[test]
fn damaged_models_are_refused_in_words() {
    bounded(Kind::Model, 1_500);
}

#[test]
fn damaged_sources_are_refused_in_words() {
    bounded(Kind::Sources, 1_500);
}

#[test]
fn damaged_parameters_and_words_are_refused_in_words() {
    bounded(Kind::Parameters, 1_500);
    bounded(Kind::Words, 1_500);
}

#[test]
fn damaged_sql_files_are_refused_in_words() {
    bounded(Kind::SqlFile, 1_500);
}

#[test]
fn damaged_queries_are_refused_in_words_or_planned() {
    bounded(Kind::Query, 1_500);
}

#[test]
fn damaged_project_files_are_refused_in_words_or_make_a_graph() {
    bounded(Kind::Project, 150);
}

#[test]
fn damaged_artifacts_are_refused_in_words() {
    bounded(Kind::Artifact, 1_500);
}

#[test]
fn damaged_records_are_refused_in_words() {
    bounded(Kind::Record, 1_500);
}

#[test]
#[ignore = "as long as LUOPAN_FUZZ_SECONDS says"]
fn fuzz_for_a_while() {
    let seconds = std::env::var("LUOPAN_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(60);
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    println!("seed {seed}");
    let mut finds = Vec::new();
    for kind in Kind::ALL {
        // Some are damaged files of a night: that it is made is no time of theirs.
        drop(kind.seeds());
        let (start, share) = (Instant::now(), Duration::from_secs(seconds / Kind::ALL.len() as u64));
        let ran = in_thread(|| run(kind, seed, |_| start.elapsed() < share));
        told(kind, seed, &ran, start.elapsed());
        finds.extend(ran.finds);
    }
    assert!(finds.is_empty(), "{} finds:\n{}", finds.len(), finds.join("\n"));
}

#[test]
#[ignore = "tries the file that LUOPAN_FUZZ_CASE names"]
fn fuzz_one_again() {
    let path = PathBuf::from(std::env::var("LUOPAN_FUZZ_CASE").expect("LUOPAN_FUZZ_CASE names a file"));
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let kind =
        Kind::ALL.into_iter().find(|k| name.starts_with(k.name())).expect("its name begins with a kind");
    let seed = name.rsplit('_').next().unwrap().replace('-', "/");
    let bytes = fs::read(&path).unwrap();
    let start = Instant::now();
    let tried = in_thread(|| kinds::Workshop::new(kind).try_one(&seed, &bytes));
    println!("{tried:?} in {:?}", start.elapsed());
}
