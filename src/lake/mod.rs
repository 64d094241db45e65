//! The lake: raw Parquet on any store, seen as it was known on a day.

pub mod as_of;
pub mod bad;
pub mod bucket;
mod columns;
mod doubled;
mod files;
mod footer;
mod keys;
mod remarks;
mod source_table;
pub mod status;
pub mod store;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use datafusion::{catalog::TableProvider, execution::object_store::ObjectStoreUrl};
use futures::{StreamExt, stream};

use crate::{
    problem::{Problem, Result},
    project::sources::{Source, SourceKind},
};
use as_of::AsOf;
use bad::{BadFile, leave_out};
pub use doubled::seen::SeenKeys;
use doubled::{Doubled, find_doubled, seen::SeenSource};
use files::{LakeFile, open_files};
use keys::Unfound;
use source_table::{FileRows, SourceTable};
use store::Location;

/// The sources that a run needs, opened: files listed, footers read, doubled rows found.
pub struct Lake {
    location: Location,
    sources: HashMap<String, OpenSource>,
}

/// One source, opened.
pub struct OpenSource {
    pub source: Source,
    files: Vec<LakeFile>,
    skipped: Vec<BadFile>,
    doubled: Doubled,
}

impl Lake {
    /// Opens these sources; the faults of all of them come back together. `damage` is of files that are known to be
    /// damaged within, by source. Looking for doubled keys takes about `memory` bytes at most, and passes over what was `seen`.
    pub async fn open(
        location: Location,
        sources: Vec<Source>,
        threads: usize,
        memory: usize,
        damage: &BTreeMap<String, Vec<BadFile>>,
        seen: &SeenKeys,
    ) -> Result<Self> {
        let mut lake = Self::list(location, sources).await?;
        for open in lake.sources.values_mut() {
            open.leave_out(damage.get(&open.source.name).cloned().unwrap_or_default())?;
            let seen = seen.get(&open.source.name);
            open.find_doubled(&lake.location, threads, memory, seen).await?;
        }
        Ok(lake)
    }

    /// As [`Lake::open`], but no row is looked at: enough to know which days there are.
    pub async fn list(location: Location, sources: Vec<Source>) -> Result<Self> {
        let listed: Vec<_> = stream::iter(sources)
            .map(|source| async {
                let files = open_files(&location, &source).await;
                (source, files)
            })
            .buffered(4)
            .collect()
            .await;
        let mut problems = Vec::new();
        let mut opened = HashMap::new();
        for (source, files) in listed {
            match files {
                Ok((files, skipped)) => {
                    let doubled = Doubled::default();
                    opened.insert(source.name.clone(), OpenSource { source, files, skipped, doubled });
                }
                Err(problem) => problems.push(problem),
            }
        }
        let nothing = opened.values().all(|open| open.files.is_empty());
        if nothing && problems.len() > 1 && problems.iter().all(|p| p.message.contains("no file matches")) {
            return Err(Problem::failed(format!("the lake {} holds no file of any source", location.url))
                .help("name another with --lake, or make one to try with `luopan sample DIR`"));
        }
        Problem::all(problems)?;
        Ok(Self { location, sources: opened })
    }

    /// Rows of all sources that have a key.
    pub fn rows_with_key(&self) -> usize {
        let keyed = self.sources.values().filter(|open| !open.source.key.is_empty());
        keyed.flat_map(|open| &open.files).map(|file| file.rows).sum()
    }

    /// The doubled keys of all sources, for the next time that this lake is opened.
    pub fn seen(&self) -> SeenKeys {
        let mut seen = SeenKeys::default();
        for (name, open) in self.sources.iter().filter(|(_, open)| !open.source.key.is_empty()) {
            seen.insert(name, SeenSource::of(&open.source, &open.files, &open.doubled));
        }
        seen
    }

    pub fn sources(&self) -> impl Iterator<Item = &OpenSource> {
        self.sources.values()
    }

    /// The files of a source that may hold rows known at `as_of`, without the rows that others replace.
    /// [`as_of::as_known_sql`] makes of it what was known. `None` if the source was not opened.
    pub fn raw_table(&self, name: &str, as_of: AsOf) -> Option<Result<Arc<dyn TableProvider>>> {
        let open = self.sources.get(name)?;
        let store_url = ObjectStoreUrl::parse(self.location.object_store_url.as_str());
        Some(store_url.map_err(|e| Problem::setup(format!("{}: {e}", self.location.url))).map(|store_url| {
            Arc::new(SourceTable::new(
                &open.source.schema,
                open.source.partitions.len(),
                store_url,
                Arc::clone(&self.location.store),
                open.files_known(as_of),
            )) as Arc<dyn TableProvider>
        }))
    }

    /// A source, if it was opened under this very definition (how old it may be aside).
    pub fn opened(&self, source: &Source) -> Option<&OpenSource> {
        self.sources.get(&source.name).filter(|open| open.source.gives_the_same_rows(source))
    }

    /// Refuses a day before anything was known.
    pub fn check_not_before_data(&self, as_of: AsOf) -> Result<()> {
        let timed: Vec<_> = self.sources.values().filter(|o| o.source.kind != SourceKind::Static).collect();
        if timed.is_empty() || timed.iter().any(|open| !open.files_known(as_of).is_empty()) {
            return Ok(());
        }
        let first = timed.iter().filter_map(|o| o.first_known()).min();
        let problem =
            Problem::failed(format!("nothing in {} was known before {}", self.location.url, as_of.day));
        Err(match first {
            Some((day, source)) => {
                problem.help(format!("the first data is of {day}, in `{source}`: choose a later day"))
            }
            None => problem.help("the lake's files hold no rows"),
        })
    }
}

impl OpenSource {
    /// Finds doubled keys; files whose keys cannot be read are bad files.
    async fn find_doubled(
        &mut self,
        location: &Location,
        threads: usize,
        memory: usize,
        seen: Option<&SeenSource>,
    ) -> Result<()> {
        loop {
            match find_doubled(location, &self.source, &self.files, threads, memory, seen).await {
                Ok(doubled) => {
                    self.doubled = doubled;
                    return Ok(());
                }
                Err(Unfound::Failed(problem)) => return Err(problem),
                Err(Unfound::Damaged(bad)) => self.leave_out(bad)?,
            }
        }
    }

    /// Leaves files out that were opened, if the source says so.
    fn leave_out(&mut self, bad: Vec<BadFile>) -> Result<()> {
        self.files.retain(|file| bad.iter().all(|b| b.path != file.path));
        let all = self.skipped.drain(..).chain(bad).collect();
        self.skipped = leave_out(&self.source, self.files.len(), all)?;
        Ok(())
    }

    /// Files that may hold rows known at `as_of`, with the rows that stand then.
    fn files_known(&self, as_of: AsOf) -> Vec<FileRows> {
        let bound = self.bound(as_of);
        let rows: Vec<usize> = self.files.iter().map(|f| f.rows).collect();
        let standing = self.doubled.standing(&rows, bound);
        let files = self.files.iter().zip(standing).filter(|(file, _)| file.may_hold_known(bound));
        files.map(|(file, standing)| FileRows { file: file.clone(), standing }).collect()
    }

    /// As [`OpenSource::inputs`], of files that may hold rows known at `as_of`.
    pub fn inputs_known(&self, as_of: AsOf) -> Vec<(String, u64, usize)> {
        let files = self.files_known(as_of).into_iter().map(|known| known.file);
        files.map(|file| (file.path, file.meta.size, file.rows)).collect()
    }

    /// Path of each file that may hold rows known at `as_of`, and its [`LakeFile::content`].
    pub fn contents_known(&self, as_of: AsOf) -> impl Iterator<Item = (&str, String)> {
        let bound = self.bound(as_of);
        let known = self.files.iter().filter(move |file| file.may_hold_known(bound));
        known.map(|file| (file.path.as_str(), file.content()))
    }

    fn bound(&self, as_of: AsOf) -> Option<i64> {
        let known_at = self.source.known_at.as_ref()?;
        let data_type = self.source.schema.field_with_name(&known_at.column).ok()?.data_type();
        Some(as_of.bound(known_at, data_type))
    }
}
