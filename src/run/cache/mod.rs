//! What earlier nights kept of past days: the tables that models learn from, and the fits themselves. Each is found by what
//! it was made of, so that only what changed is made again; without any of it a night takes longer, and comes out the same.

mod fits;
mod keep;
mod keys;
mod made_of;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    time::Instant,
};

use chrono::NaiveDate;

use super::{Build, progress::Progress};
use crate::{
    engine::{
        packed::made_of as told_by,
        past::{fitted_for, learning_days, past_of},
        steps::Step,
    },
    problem::Result,
    warehouse::{self, CacheFile, Warehouse},
};
pub use fits::FoundFit;
pub use keys::seen_keys;
use made_of::MadeOf;

/// How the tables of past days are written.
const TABLE: &str = "parquet";

/// Nothing is found and nothing kept until it is opened.
#[derive(Default)]
pub struct Cache {
    warehouse: Option<Warehouse>,
    /// Tables of past days that tonight's models learn from, and what each is made of.
    wanted: BTreeMap<Step, MadeOf>,
    fits: BTreeMap<String, FoundFit>,
    /// What tonight found or kept; the rest goes when the set is published.
    used: Mutex<Vec<CacheFile>>,
    /// Something could not be kept: nothing more is tried.
    gave_up: AtomicBool,
    /// All that was there.
    files: Vec<CacheFile>,
    notes: Vec<String>,
    /// The oldest day that tonight's models learn from.
    oldest: Option<NaiveDate>,
}

/// By model the tables of past days that it is fitted on, and what each is made of; none where that cannot be told.
type Learned<'g> = BTreeMap<&'g str, BTreeMap<Step, Option<MadeOf>>>;

fn folder(step: &Step) -> String {
    format!("{}/{}", step.table, step.day)
}

fn counted(n: usize, one: &str, many: &str) -> String {
    match n {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

impl Cache {
    fn of(&self, folder: &str) -> impl Iterator<Item = &CacheFile> {
        self.files.iter().filter(move |file| file.folder == folder)
    }

    fn use_file(&self, file: CacheFile) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }
}

impl Build<'_> {
    /// Looks for what earlier nights kept of the days that tonight's models learn from, and tells what has to be made again.
    /// What is found counts as made.
    pub(super) async fn open_cache(
        &mut self,
        warehouse: &Warehouse,
        targets: &[&str],
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) {
        if let Err(problem) = self.look_into_cache(warehouse, targets, progress, done).await {
            self.warn(format!("what earlier nights kept of past days is not used: {problem}"));
        }
    }

    async fn look_into_cache(
        &mut self,
        warehouse: &Warehouse,
        targets: &[&str],
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) -> Result<()> {
        let settings = self.settings;
        let (graph, day) = (&settings.graph, settings.as_of.day);
        let fitted = fitted_for(graph, targets.iter().copied());
        let days = learning_days(graph, &fitted, settings.pipeline.cutoffs, day)?;
        self.cache = Cache {
            warehouse: Some(warehouse.clone()),
            files: warehouse.cached().await?,
            oldest: days.first().copied(),
            ..Cache::default()
        };
        if let Err(problem) = self.keep_seen_keys().await {
            self.unkept(&problem);
        }
        let mut learned = Learned::new();
        for model in &fitted {
            let Some((inputs, label)) = model.origin.fitted_on() else { continue };
            let past = past_of(graph, model, &days, day)?;
            let steps = past
                .into_iter()
                .flat_map(|day| [inputs, label].map(|table| Step { day, table: table.to_owned() }));
            let made_of: BTreeMap<Step, Option<MadeOf>> =
                steps.map(|step| (step.clone(), MadeOf::of(settings, &self.lake, &step))).collect();
            self.cache.wanted.extend(made_of.iter().filter_map(|(s, m)| Some((s.clone(), m.clone()?))));
            learned.insert(model.name.as_str(), made_of);
        }
        self.find_fits(&learned).await?;
        let still_read = self.steps_still_read(&learned);
        let found = self.find_tables(&still_read, progress, done).await?;
        self.tell(&still_read, &found, progress).await
    }

    /// Of the tables of past days those that some model reads tonight.
    fn steps_still_read(&self, learned: &Learned<'_>) -> BTreeSet<Step> {
        let past = self.past_to_read();
        let read = |model: &str, step: &Step| past.get(model).is_none_or(|days| days.contains(&step.day));
        let of_model = |(model, steps): (&&str, &BTreeMap<Step, Option<MadeOf>>)| -> Vec<Step> {
            steps.keys().filter(|step| read(model, step)).cloned().collect()
        };
        learned.iter().flat_map(of_model).collect()
    }

    /// Puts what was kept of `steps` where queries find it; which those are.
    async fn find_tables(
        &mut self,
        steps: &BTreeSet<Step>,
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) -> Result<BTreeSet<Step>> {
        let mut found = BTreeSet::new();
        let Some(warehouse) = self.cache.warehouse.clone() else { return Ok(found) };
        for step in steps {
            if self.made.contains(step) {
                continue;
            }
            let Some(made_of) = self.cache.wanted.get(step).map(MadeOf::digest) else { continue };
            let Some(file) = self.cache.of(&folder(step)).find(|file| file.made_of == made_of) else {
                continue;
            };
            let start = Instant::now();
            let Some(bytes) = warehouse.read_cached(file).await? else { continue };
            let Ok(kept) = self.engine.shelf.keep_packed(&step.table, bytes) else { continue };
            self.moment(step.day).set(&step.table, kept.table)?;
            self.cache.use_file(file.clone());
            let told = warehouse::Step {
                table: step.table.clone(),
                as_of: step.day,
                rows: Some(kept.rows as u64),
                millis: start.elapsed().as_millis() as u64,
                cached: true,
                error: None,
            };
            progress.finished(&told);
            done.push(told);
            found.insert(step.clone());
            self.made.insert(step.clone());
        }
        Ok(found)
    }

    /// Says what of the past is as it was, and why the rest is made again.
    async fn tell(
        &mut self,
        read: &BTreeSet<Step>,
        found: &BTreeSet<Step>,
        progress: &dyn Progress,
    ) -> Result<()> {
        let Some(warehouse) = &self.cache.warehouse else { return Ok(()) };
        let mut again: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
        for step in read.difference(found) {
            let Some(made_of) = self.cache.wanted.get(step) else { continue };
            for file in self.cache.of(&folder(step)) {
                let before = warehouse.read_cached(file).await?.and_then(|bytes| told_by(&bytes));
                let before = before.and_then(|text| serde_json::from_str::<MadeOf>(&text).ok());
                let changes = before.map(|before| made_of.changes_since(&before)).unwrap_or_default();
                if !changes.is_empty() {
                    again.entry(changes).or_default().insert(step.day);
                }
            }
        }
        let fits = self.cache.fits.values().filter(|fit| fit.is_found()).count();
        if fits + found.len() > 0 {
            let (fits, tables) = (counted(fits, "fit", "fits"), counted(found.len(), "table", "tables"));
            self.cache.notes.push(format!("as earlier nights kept it: {fits}, {tables} of past days"));
        }
        for (changes, days) in again {
            let days: Vec<String> = days.iter().map(NaiveDate::to_string).collect();
            self.cache.notes.push(format!("made again of {}: {changes}", days.join(", ")));
        }
        self.cache.notes.iter().for_each(|note| progress.note(note));
        Ok(())
    }

    /// What was said of what earlier nights kept.
    pub(super) fn cache_notes(&self) -> Vec<String> {
        self.cache.notes.clone()
    }
}
