//! Every single operation of a run's storage goes wrong, in every way in which storage does: readers see the old set or the
//! new one, whole; `repair` finds and removes what is left; and the next run publishes what an undisturbed one would have.

use std::{collections::BTreeMap, sync::Mutex};

use chrono::Utc;
use luopan::{
    lake::store::Location,
    warehouse::{Finding, Holder, Warehouse},
};

use super::{
    faulty::{Fault, FaultyStore},
    shop::{self, EARLY, LATE, Sets, State},
    tiny::Project,
};

/// What stood, what is run, and what stands after a run that nothing disturbs.
pub struct Case {
    pub name: &'static str,
    pub before: State,
    pub after: State,
}

/// A first run, another day beside one that stands, and a day that is replaced.
pub async fn cases(project: &Project) -> Vec<Case> {
    let location = shop::holding(&State::new(), None).await;
    let undisturbed = async |before: &State| {
        let location = shop::holding(before, None).await;
        shop::run(project.root(), LATE, location.clone()).await.unwrap();
        shop::standing(&location).await
    };
    shop::run(project.root(), EARLY, location.clone()).await.unwrap();
    let early = shop::standing(&location).await;
    shop::run(project.root(), LATE, location.clone()).await.unwrap();
    let both = shop::standing(&location).await;
    shop::deliver_late(project);
    let mut cases = Vec::new();
    for (name, before) in [("first run", State::new()), ("another day", early), ("replaced day", both)] {
        let after = undisturbed(&before).await;
        assert_ne!(shop::read_by_pointer(&after), shop::read_by_pointer(&before));
        cases.push(Case { name, before, after });
    }
    cases
}

/// Readers see the old set or the new one. Gives which.
#[track_caller]
pub fn check_readers(case: &Case, state: &State, whole_files: bool) -> Sets {
    let seen = shop::read_by_pointer(state);
    let (old, new) = (shop::sets(&case.before), shop::sets(&case.after));
    assert!(seen == old || seen == new, "{seen:?}");
    let reference = if seen == old { &case.before } else { &case.after };
    for path in shop::glob(reference) {
        assert_eq!(state.get(path), reference.get(path), "{path} stands as it was published");
    }
    for path in shop::glob(state).into_iter().filter(|_| whole_files) {
        let known = case.before.get(path).or(case.after.get(path));
        assert_eq!(
            state.get(path),
            known,
            "{path}: a glob sees whole files of the old set and the new one only"
        );
    }
    seen
}

/// `repair` finds what is left, removes it, and finds nothing then. Gives the number of findings.
pub async fn check_repair(location: &Location, seen: &Sets) -> usize {
    let warehouse = Warehouse::open(location.clone());
    let found = warehouse.survey(false).await.unwrap();
    // A pointer that had to be rebuilt is one pass by itself.
    for _ in 0..2 {
        let lock = warehouse.lock(&Holder::this_process(Utc::now(), "repair")).await.unwrap();
        warehouse.repair(&lock, false).await.unwrap();
        lock.release().await.unwrap();
    }
    let left = warehouse.survey(true).await.unwrap();
    assert!(!left.iter().any(Finding::can_be_mended), "{left:?}");
    let state = shop::standing(location).await;
    assert_eq!(shop::read_by_pointer(&state), *seen, "no set is lost");
    assert_eq!(shop::glob(&state).len(), 2 * seen.len(), "and no file is left over");
    found.len()
}

/// The next run, and what then stands.
pub async fn check_next_run(case: &Case, project: &Project, location: Location) {
    let next = shop::run(project.root(), LATE, location.clone()).await.unwrap();
    assert_eq!(shop::sets(&case.after)[LATE], next.set);
    let state = shop::without_fence(shop::standing(&location).await);
    let (found, wanted): (Vec<_>, Vec<_>) = (state.keys().collect(), case.after.keys().collect());
    assert_eq!(found, wanted);
    assert!(state == shop::without_fence(case.after.clone()), "the same bytes");
}

#[derive(Default)]
pub struct Count {
    tried: usize,
    ended_well: usize,
    saw_new: usize,
    left_something: usize,
}

impl Count {
    pub fn add(&mut self, case: &Case, ended_well: bool, seen: &Sets, found: usize) {
        self.tried += 1;
        self.ended_well += usize::from(ended_well);
        self.saw_new += usize::from(*seen == shop::sets(&case.after));
        self.left_something += usize::from(found > 0);
    }
}

pub type Counts = BTreeMap<(Fault, &'static str, &'static str), Count>;

pub fn print(counts: &Counts) {
    println!(
        "\n| fault | store | run | tried, survived | run ended well | readers had the new set | repair found something |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for ((fault, store, case), Count { tried, ended_well, saw_new, left_something }) in counts {
        println!("| {fault:?} | {store} | {case} | {tried} | {ended_well} | {saw_new} | {left_something} |");
    }
    println!("all: {}", counts.values().map(|count| count.tried).sum::<usize>());
}

const STORES: [&str; 2] = ["folder", "memory"];

/// One operation after the other goes wrong, until a run meets none any more.
async fn every_operation(
    project: &Project,
    case: &Case,
    store: &'static str,
    fault: Fault,
    count: &mut Count,
) {
    for at in 0.. {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let folder = |n: usize| (store == "folder").then(|| dirs[n].path().join("wh"));
        let sound = shop::holding(&case.before, folder(0).as_deref()).await;
        let faulty = FaultyStore::new(sound.store.clone(), fault, at);
        let outcome =
            shop::run(project.root(), LATE, Location { store: faulty.clone(), ..sound.clone() }).await;
        let state = shop::standing(&sound).await;
        let told =
            format!("{fault:?} of operation {at}, {store}, {}: {:?}", case.name, outcome.as_ref().err());
        let _shown_if_it_panics = ShownIfItPanics(&told);
        // No store that is known shows half of a file; what could, a glob would see.
        let seen = check_readers(case, &state, fault != Fault::Short);
        if outcome.is_ok() {
            assert_eq!(seen, shop::sets(&case.after));
        }
        if let Err(problem) = &outcome {
            let says_old = problem.message.contains("readers see what they saw before");
            assert!(!says_old || seen == shop::sets(&case.before), "what the run says is so");
        }
        if !faulty.struck() {
            assert!(outcome.is_ok());
            return;
        }
        // A lock that was not given up is taken over once its holder has been silent for long.
        let later = |location: &Location| Location {
            store: FaultyStore::later(location.store.clone(), 11),
            ..location.clone()
        };
        let copy = shop::holding(&all(&sound).await, folder(1).as_deref()).await;
        let found = check_repair(&later(&copy), &seen).await;
        check_next_run(case, project, later(&sound)).await;
        count.add(case, outcome.is_ok(), &seen, found);
    }
}

/// Every file, the lock's too.
pub async fn all(location: &Location) -> State {
    let mut state = shop::standing(location).await;
    for path in ["_luopan/lock.json"] {
        use object_store::ObjectStoreExt;
        if let Ok(got) = location.store.get(&location.path(path)).await {
            state.insert(path.into(), got.bytes().await.unwrap());
        }
    }
    state
}

pub struct ShownIfItPanics<'a>(pub &'a str);

impl Drop for ShownIfItPanics<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("after {}", self.0);
        }
    }
}

#[test]
fn whatever_operation_fails_readers_see_a_whole_set_and_the_next_run_mends_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let project = shop::project();
    let cases = runtime.block_on(cases(&project));
    let mut work = Vec::new();
    for case in &cases {
        for store in STORES {
            let mut faults = vec![
                Fault::Once,
                Fault::Dead,
                Fault::Full,
                Fault::StaysFull,
                Fault::Short,
                Fault::Unconfirmed,
            ];
            if store == "memory" {
                faults.extend([Fault::Refused, Fault::Exists]);
            }
            work.extend(faults.into_iter().map(|fault| (case, store, fault)));
        }
    }
    let (counts, work) = (Mutex::new(Counts::new()), Mutex::new(work));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((case, store, fault)) = work.lock().unwrap().pop() else { return };
                    let mut count = Count::default();
                    runtime.block_on(every_operation(&project, case, store, fault, &mut count));
                    counts.lock().unwrap().insert((fault, store, case.name), count);
                }
            });
        }
    });
    print(&counts.into_inner().unwrap());
}
