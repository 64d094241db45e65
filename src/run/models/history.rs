//! Which versions stand in which set, as the manifests say.

use chrono::NaiveDate;
use futures::{StreamExt, stream};

use crate::{
    problem::{Problem, Result},
    warehouse::{FileEntry, ModelEntry, Role, Warehouse},
};

/// Files read at a time.
pub(super) const REQUESTS: usize = 8;

#[derive(Debug, Default)]
pub struct History {
    /// The models of every set that stands, oldest day first.
    pub sets: Vec<(NaiveDate, Vec<ModelEntry>)>,
    /// Sets whose manifest cannot be read: they hide no other.
    pub unreadable: Vec<(NaiveDate, Problem)>,
}

impl History {
    pub async fn read(warehouse: &Warehouse) -> Result<Self> {
        let days: Vec<NaiveDate> = warehouse.pointer().await?.sets.into_keys().collect();
        let read = stream::iter(days).map(|day| async move { (day, warehouse.manifest(day).await) });
        let mut history = Self::default();
        for (day, manifest) in read.buffered(REQUESTS).collect::<Vec<_>>().await {
            match manifest {
                Ok(manifest) => history.sets.extend(manifest.map(|manifest| (day, manifest.models))),
                Err(problem) => history.unreadable.push((day, problem)),
            }
        }
        Ok(history)
    }

    /// Every mention of a model, oldest first.
    pub fn of<'a>(&'a self, model: &str) -> impl DoubleEndedIterator<Item = (NaiveDate, &'a ModelEntry)> {
        let sets = self.sets.iter().flat_map(|(day, models)| models.iter().map(|entry| (*day, entry)));
        sets.filter(move |(_, entry)| entry.name == model)
    }

    /// Every mention of a version, oldest first.
    pub fn of_version<'a>(
        &'a self,
        model: &str,
        version: &str,
    ) -> impl DoubleEndedIterator<Item = (NaiveDate, &'a ModelEntry)> {
        self.of(model).filter(move |(_, entry)| entry.version == version)
    }

    /// Who scored on which day, oldest first.
    pub fn champions<'a>(
        &'a self,
        model: &str,
    ) -> impl DoubleEndedIterator<Item = (NaiveDate, &'a ModelEntry)> {
        self.of(model).filter(|(_, entry)| entry.role == Role::Champion)
    }

    /// The as-of day of the run that fitted it first; none if no set that stands says so.
    pub fn fitted_on(&self, model: &str, version: &str) -> Option<NaiveDate> {
        self.of_version(model, version).filter_map(|(_, entry)| entry.fitted_on).min()
    }

    /// Its files with their digests, as published.
    pub fn files(&self, model: &str, version: &str) -> Vec<FileEntry> {
        let published = self.of_version(model, version).map(|(_, entry)| &entry.files);
        published.max_by_key(|files| files.len()).cloned().unwrap_or_default()
    }
}
