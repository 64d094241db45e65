//! Doubled keys that earlier nights found: of files that are still the same they are not looked for again.

use super::made_of::PROGRAM;
use crate::{
    lake::SeenKeys,
    problem::{Problem, Result},
    run::Build,
    warehouse::{Warehouse, digest_of},
};

const FOLDER: &str = "doubled_keys";
/// Of fewer rows they are found in a moment.
const WORTH_KEEPING: usize = 1_000_000;

/// What an earlier night found; nothing where that cannot be had.
pub async fn seen_keys(warehouse: &Warehouse) -> SeenKeys {
    let program = digest_of(PROGRAM.as_bytes());
    let read = async {
        let files = warehouse.cached().await?;
        let Some(file) = files.iter().find(|f| f.folder == FOLDER && f.made_of == program) else {
            return Ok(None);
        };
        Ok::<_, Problem>(warehouse.read_cached(file).await?.and_then(SeenKeys::from_bytes))
    };
    // Whoever cannot read it looks for all of them, and says nothing: the run will meet the same store again.
    read.await.ok().flatten().unwrap_or_default()
}

impl Build<'_> {
    /// Keeps tonight's doubled keys for the next night.
    pub(super) async fn keep_seen_keys(&mut self) -> Result<()> {
        let Some(warehouse) = self.cache.warehouse.clone() else { return Ok(()) };
        let before = std::mem::take(&mut self.seen);
        if self.lake.rows_with_key() < WORTH_KEEPING {
            return Ok(());
        }
        let (now, program) = (self.lake.seen(), digest_of(PROGRAM.as_bytes()));
        let file = self.cache.of(FOLDER).find(|file| file.made_of == program).cloned();
        if let Some(file) = file.filter(|_| now.is_of_the_files_of(&before)) {
            self.cache.use_file(file);
            return Ok(());
        }
        let bytes = now.to_bytes().map_err(|e| Problem::failed(format!("doubled keys: {e}")))?;
        self.cache.use_file(warehouse.keep_cached(FOLDER, &program, super::TABLE, bytes).await?);
        Ok(())
    }
}
