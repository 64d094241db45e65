//! One look at all that a warehouse holds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use futures::{StreamExt, stream};
use object_store::ObjectMeta;

use super::{Finding, Remedy, litter, not_whole, rebuild::rebuilt};
use crate::{
    problem::{Problem, Result},
    warehouse::{
        FileEntry, Manifest, Pointer, Warehouse,
        files::REQUESTS,
        layout::{
            CACHE, LOCAL_LOCK, MODELS, NEXT_POINTER, POINTER, PROJECTS, REMOTE_LOCK, REPORTS, RUNS,
            manifest_file, parts_of_table_file, set_of_manifest,
        },
        manifest::is_of_newer_version,
    },
};

/// Foreign files that are named; the others are counted.
const NAMED: usize = 5;

pub(super) struct Survey<'a> {
    pub warehouse: &'a Warehouse,
    /// All that the store lists, by path from the root.
    pub files: BTreeMap<String, ObjectMeta>,
    /// Sets that have a manifest.
    pub sets: BTreeSet<(NaiveDate, String)>,
    verify: bool,
}

impl<'a> Survey<'a> {
    pub(super) async fn of(warehouse: &'a Warehouse, verify: bool) -> Result<Self> {
        let files: BTreeMap<_, _> = warehouse.list_with_sizes("").await?.into_iter().collect();
        let of_set = |path: &String| set_of_manifest(path).map(|(day, set)| (day, set.to_owned()));
        let sets = files.keys().filter_map(of_set).collect();
        Ok(Self { warehouse, files, sets, verify })
    }

    pub(super) async fn findings(&self) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        if let Some(whose) = self.stale_lock().await? {
            found.push(Finding::new(format!("the lock of {whose}"), Remedy::Unlock));
        }
        match self.pointer().await? {
            Ok(_) if !self.files.contains_key(POINTER) => found.extend(self.unclaimed()),
            Ok(pointer) => {
                found.extend(self.unused(&pointer));
                found.extend(self.litter().await?);
                found.extend(self.unsound(&pointer).await?);
            }
            Err(why) => found.extend(rebuilt(self, &why).await?),
        }
        found.extend(self.unreadable_records().await?);
        found.extend(self.foreign());
        Ok(found)
    }

    async fn stale_lock(&self) -> Result<Option<String>> {
        match self.files.contains_key(REMOTE_LOCK) && self.warehouse.location.local.is_none() {
            true => self.warehouse.stale_lease().await,
            false => Ok(None),
        }
    }

    /// The pointer, or why it must be made anew.
    async fn pointer(&self) -> Result<std::result::Result<Pointer, String>> {
        let Some(stored) = self.warehouse.get(POINTER).await? else {
            let lost = format!("{POINTER} is gone, but there are sets");
            return Ok(if self.sets.is_empty() { Ok(Pointer::default()) } else { Err(lost) });
        };
        match self.warehouse.parse_pointer(&stored.bytes) {
            Ok(pointer) => Ok(Ok(pointer)),
            Err(newer) if is_of_newer_version(&stored.bytes) => Err(newer),
            Err(damaged) => Ok(Err(damaged.message)),
        }
    }

    /// Tables without pointer and manifests are no leftovers of a run, which writes those first: somebody removed them.
    fn unclaimed(&self) -> Option<Finding> {
        let tables = self.files.keys().filter(|path| parts_of_table_file(path).is_some()).count();
        let what = format!("files of tables ({tables}), and neither pointer nor manifests");
        let advice =
            "restore the folder _luopan from a backup, or move these files away and run their days again";
        (tables > 0).then(|| Finding::advice(what, advice))
    }

    /// Sets and files of tables that no reader is told to read.
    fn unused(&self, pointer: &Pointer) -> Vec<Finding> {
        let named = |day: &NaiveDate, set: &str| pointer.names(*day, set);
        let mut of_sets: BTreeMap<(NaiveDate, &str), Vec<String>> = BTreeMap::new();
        for path in self.files.keys() {
            if let Some((_, day, set)) = parts_of_table_file(path).filter(|(_, day, set)| !named(day, set)) {
                of_sets.entry((day, set)).or_default().push(path.clone());
            }
        }
        for (day, set) in self.sets.iter().filter(|(day, set)| !named(day, set)) {
            of_sets.entry((*day, set)).or_default().push(manifest_file(*day, set));
        }
        let finding = |((day, set), files): ((NaiveDate, &str), Vec<String>)| {
            let count = files.len();
            let what = format!("set {set} of {day}, which the pointer does not name (files: {count})");
            let has_manifest = |set: &str| self.sets.contains(&(day, set.to_owned()));
            // A run writes the manifest first and removes it last: without one these were not left by a run. And what the
            // pointer names must be there before anything else of that day goes.
            match pointer.sets.get(&day) {
                _ if !has_manifest(set) => Finding::advice(
                    format!("{what}, and without a manifest"),
                    "restore _luopan from a backup, or, if nobody wants these tables, delete them",
                ),
                Some(named) if !has_manifest(named) => Finding::advice(what, "first run that day again"),
                _ => Finding::new(what, Remedy::Remove(files)),
            }
        };
        of_sets.into_iter().map(finding).collect()
    }

    /// What is left of writing that never ended.
    async fn litter(&self) -> Result<Vec<Finding>> {
        let mut paths = litter::staged(self.warehouse).await?;
        paths.extend(self.files.contains_key(NEXT_POINTER).then(|| NEXT_POINTER.to_owned()));
        let finding = |path: String| {
            Finding::new(format!("{path}, of a write that never ended"), Remedy::Remove(vec![path]))
        };
        Ok(paths.into_iter().map(finding).collect())
    }

    /// Sets that readers are told to read and cannot, files beside them, and models.
    async fn unsound(&self, pointer: &Pointer) -> Result<Vec<Finding>> {
        let sets = pointer.sets.iter().map(|(day, set)| (*day, set.clone()));
        let looked: Vec<_> =
            stream::iter(sets).map(|(day, set)| self.look_into(day, set)).buffered(REQUESTS).collect().await;
        let (mut troubles, mut models, mut found) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        for looked in looked {
            let Looked { day, faults, of_models, strays } = looked?;
            models.extend(of_models);
            found.extend(strays.into_iter().map(|path| {
                Finding::new(format!("{path}, which no manifest names"), Remedy::Remove(vec![path]))
            }));
            if !faults.is_empty() {
                troubles.insert(day, faults);
            }
        }
        found.extend(not_whole(troubles, ""));
        found.extend(models.into_iter().map(|fault| {
            Finding::advice(
                fault,
                "restore it from a backup; until then that version cannot score or be explained",
            )
        }));
        Ok(found)
    }

    async fn look_into(&self, day: NaiveDate, set: String) -> Result<Looked> {
        let mut looked = Looked { day, faults: Vec::new(), of_models: Vec::new(), strays: Vec::new() };
        let manifest = match self.warehouse.manifest_of(day, &set).await {
            Ok(Some(manifest)) => manifest,
            Ok(None) => {
                looked.faults.push(format!("{} is gone", manifest_file(day, &set)));
                return Ok(looked);
            }
            Err(damaged) => {
                looked.faults.push(damaged.message);
                return Ok(looked);
            }
        };
        looked.faults = self.faults(manifest.table_files().chain(&manifest.project)).await?;
        looked.of_models = self.faults(manifest.models.iter().flat_map(|model| &model.files)).await?;
        let named: BTreeSet<&str> = manifest.table_files().map(|file| file.path.as_str()).collect();
        let of_set = self
            .files
            .keys()
            .filter(|path| parts_of_table_file(path).is_some_and(|(_, d, s)| (d, s) == (day, set.as_str())));
        looked.strays = of_set.filter(|path| !named.contains(path.as_str())).cloned().collect();
        Ok(looked)
    }

    /// What is wrong with files that a manifest names.
    pub(super) async fn faults(&self, files: impl Iterator<Item = &FileEntry>) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for file in files {
            match self.files.get(&file.path) {
                None => faults.push(format!("{} is gone", file.path)),
                Some(meta) if meta.size != file.bytes => {
                    faults.push(format!("{} has {} bytes instead of {}", file.path, meta.size, file.bytes));
                }
                Some(_)
                    if self.verify
                        && self.warehouse.digest(&file.path).await?.as_ref() != Some(&file.sha256) =>
                {
                    faults.push(format!("{} has other content than was published", file.path));
                }
                Some(_) => {}
            }
        }
        Ok(faults)
    }

    /// Whether every byte of a set's tables is there as it was published.
    pub(super) async fn is_whole(&self, manifest: &Manifest) -> Result<bool> {
        for file in manifest.table_files() {
            if self.warehouse.digest(&file.path).await?.as_ref() != Some(&file.sha256) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Only with `verify`: there is one for each night.
    async fn unreadable_records(&self) -> Result<Vec<Finding>> {
        if !self.verify {
            return Ok(Vec::new());
        }
        let unreadable = self.warehouse.runs(usize::MAX).await?.unreadable;
        let finding = |problem: Problem| Finding::new(problem.message, Remedy::Leave);
        Ok(unreadable.into_iter().map(finding).collect())
    }

    fn foreign(&self) -> Option<Finding> {
        let below =
            |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let own = |path: &str| {
            [POINTER, NEXT_POINTER, LOCAL_LOCK, REMOTE_LOCK].contains(&path)
                || [RUNS, MODELS, PROJECTS, CACHE, REPORTS].iter().any(|folder| below(path, folder))
                || set_of_manifest(path).is_some()
                || parts_of_table_file(path).is_some()
        };
        let foreign: Vec<&str> = self.files.keys().map(String::as_str).filter(|path| !own(path)).collect();
        if foreign.is_empty() {
            return None;
        }
        let more = if foreign.len() > NAMED { ", …" } else { "" };
        let named = foreign[..foreign.len().min(NAMED)].join(", ");
        let what = format!("files that luopan did not write ({}): {named}{more}", foreign.len());
        Some(Finding::new(what, Remedy::Leave))
    }
}

/// What was found of one set that the pointer names.
struct Looked {
    day: NaiveDate,
    faults: Vec<String>,
    of_models: Vec<String>,
    strays: Vec<String>,
}
