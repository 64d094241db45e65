//! What tonight keeps for the next night, and what goes.

use std::sync::{PoisonError, atomic::Ordering};

use chrono::NaiveDate;

use super::{TABLE, folder};
use crate::{
    engine::{packed::pack, steps::Step},
    problem::Problem,
    run::Build,
    warehouse::CacheFile,
};

impl Build<'_> {
    /// Keeps a table of a past day for the next night, if models learn from it.
    pub(in crate::run) async fn keep_for_next_night(&self, step: &Step) {
        let (Some(warehouse), Some(made_of)) = (&self.cache.warehouse, self.cache.wanted.get(step)) else {
            return;
        };
        if self.cache.gave_up.load(Ordering::Relaxed) {
            return;
        }
        let kept = async {
            let Some(table) = self.moment(step.day).table(&step.table).await? else { return Ok(()) };
            let packed = pack(&self.engine, table, made_of.to_json()).await?;
            if let Some(bytes) = packed {
                let kept = warehouse.keep_cached(&folder(step), &made_of.digest(), TABLE, bytes).await?;
                self.cache.use_file(kept);
            }
            Ok(())
        };
        if let Err(problem) = kept.await {
            self.unkept(&problem);
        }
    }

    /// A night that cannot keep anything for the next one is whole all the same.
    pub(super) fn unkept(&self, problem: &Problem) {
        if !self.cache.gave_up.swap(true, Ordering::Relaxed) {
            self.warn(format!("what was made of past days could not be kept for the next night: {problem}"));
        }
    }

    /// Removes what tonight's takes the place of, and what is older than all that models learn from.
    pub(in crate::run) async fn sweep_cache(&self) {
        let Some(warehouse) = &self.cache.warehouse else { return };
        let used = self.cache.used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let too_old = |file: &CacheFile| {
            let day = file.folder.rsplit('/').next().and_then(|day| day.parse::<NaiveDate>().ok());
            day.zip(self.cache.oldest).is_some_and(|(day, oldest)| day < oldest)
        };
        let replaced = |file: &CacheFile| used.iter().any(|kept| kept.folder == file.folder && kept != file);
        let unused = self.cache.files.iter().filter(|file| too_old(file) || replaced(file));
        if let Err(problem) = warehouse.remove_cached(unused.cloned().collect()).await {
            self.warn(format!("what is no longer used of past days remains: {problem}"));
        }
    }
}
