//! Files that cannot be read or do not hold what was declared, and what `on_bad_file` says of them.

use std::panic::AssertUnwindSafe;

use chrono::NaiveDate;
use futures::{FutureExt, StreamExt, stream};
use parquet::{arrow::ParquetRecordBatchStreamBuilder, errors::ParquetError};

use super::{
    Lake, OpenSource,
    as_of::AsOf,
    files::{LakeFile, reader},
};
use crate::{
    problem::{Problem, Result},
    project::sources::Source,
};

/// A file of which no row is read.
#[derive(Clone, Debug)]
pub struct BadFile {
    /// Below the lake's root.
    pub path: String,
    pub bytes: u64,
    /// Rows, where the footer could be read.
    pub rows: Option<usize>,
    /// The least `known_at` that the footer states, in its own unit.
    pub first_known: Option<i64>,
    pub problem: Problem,
}

/// Why a file was not opened.
pub enum Refused {
    Bad(Box<BadFile>),
    /// The store did not give it: that says nothing of what it holds, and is never skipped.
    Failed(Problem),
}

impl BadFile {
    pub fn of(file: &LakeFile, problem: Problem) -> Self {
        Self {
            path: file.path.clone(),
            bytes: file.meta.size,
            rows: Some(file.rows),
            first_known: file.known_range.map(|(first, _)| first),
            problem,
        }
    }

    /// What is wrong, without the file's name.
    pub fn reason(&self) -> String {
        let said: Vec<&str> = [&self.problem]
            .into_iter()
            .chain(&self.problem.others)
            .map(|p| {
                p.message.split_once(&format!("{}: ", self.path)).map_or(p.message.as_str(), |(_, why)| why)
            })
            .map(|why| match why.strip_prefix("source `").and_then(|rest| rest.split_once("`: ")) {
                Some((_, why)) => why,
                None => why,
            })
            .collect();
        said.join("; ")
    }

    /// Whether it could have been there, and told of rows known, at `as_of`. What cannot be read has no time of its own: it
    /// counts from the month that its folder names, or always. `bound` is of the `known_at` column.
    fn may_hold_known(&self, as_of: AsOf, bound: Option<i64>) -> bool {
        begins_before(&self.path, as_of.day)
            && self.rows != Some(0)
            && bound.zip(self.first_known).is_none_or(|(bound, first)| first < bound)
    }
}

/// The day on which the month (or day) of a folder `NAME=YYYY-MM` (`NAME=YYYY-MM-DD`) begins.
pub fn first_day(part: &str) -> Option<(&str, NaiveDate)> {
    let (name, value) = part.split_once('=')?;
    let text = match value.len() {
        7 => format!("{value}-01"),
        10 => value.to_owned(),
        _ => return None,
    };
    Some((name, NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?))
}

/// Whether no folder of a path says that it is of a month (or day) that `day` has not reached.
pub fn begins_before(path: &str, day: NaiveDate) -> bool {
    path.split('/').filter_map(first_day).all(|(_, first)| first < day)
}

/// Gives back what is left out of a source that has `whole` files beside; a problem where the source says "fail", and where
/// more files are bad than whole: what is left would be no fair picture of anybody.
pub fn leave_out(source: &Source, whole: usize, mut bad: Vec<BadFile>) -> Result<Vec<BadFile>> {
    if bad.is_empty() {
        return Ok(bad);
    }
    bad.sort_by(|a, b| a.path.cmp(&b.path));
    let mut problems: Vec<Problem> = bad.iter().map(|file| file.problem.clone()).collect();
    if !source.skips_bad_files() {
        return Problem::all(problems).map(|()| bad);
    }
    if bad.len() > whole {
        let many = Problem::failed(format!(
            "source `{}`: {} of its {} files are bad, and on_bad_file = \"skip\" leaves out half of them at most",
            source.name,
            bad.len(),
            whole + bad.len()
        ))
        .help("have them delivered again, or move them out of the lake: nothing was published");
        problems.insert(0, many);
        return Problem::all(problems).map(|()| bad);
    }
    Ok(bad)
}

/// Whether the store is at fault, and not what lies in it.
pub fn is_of_store(error: &ParquetError) -> bool {
    matches!(error, ParquetError::External(inner) if inner.is::<object_store::Error>())
}

/// Names that a warning shows.
const SHOWN: usize = 3;

impl OpenSource {
    /// Files that are left out.
    pub fn skipped(&self) -> &[BadFile] {
        &self.skipped
    }

    /// As [`Self::skipped`], of those that may be told of at `as_of`: a lake cut on that day has them, too.
    pub fn skipped_known(&self, as_of: AsOf) -> Vec<&BadFile> {
        let bound = self.bound(as_of);
        self.skipped.iter().filter(|file| file.may_hold_known(as_of, bound)).collect()
    }

    pub(super) fn remark_on_skipped(&self) -> Option<String> {
        let count = self.skipped.len();
        if count == 0 {
            return None;
        }
        let shown: Vec<String> = self
            .skipped
            .iter()
            .take(SHOWN)
            .map(|file| format!("{} ({})", file.path, file.reason()))
            .collect();
        let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
        let all = count + self.files.len();
        Some(format!(
            "{}: {count} of {all} files are bad and left out: {}{more}",
            self.source.name,
            shown.join(", ")
        ))
    }
}

impl Lake {
    /// Every file of which a part cannot be decoded, with its source: all columns of all files are read for it.
    pub async fn damaged(&self, threads: usize) -> Vec<(&Source, BadFile)> {
        let mut sources: Vec<&OpenSource> = self.sources().collect();
        sources.sort_by(|a, b| a.source.name.cmp(&b.source.name));
        let files =
            sources.into_iter().flat_map(|open| open.files.iter().map(move |file| (&open.source, file)));
        let looked = stream::iter(files).map(|(source, file)| async move {
            // A reader that loses its head over damaged bytes has found damage, too.
            let looked = AssertUnwindSafe(self.damage(source, file)).catch_unwind().await;
            let problem =
                looked.unwrap_or_else(|_| Err(self.damaged_file(source, file, &"it cannot be decoded")));
            problem.err().map(|problem| (source, BadFile::of(file, problem)))
        });
        looked.buffered(threads).filter_map(|found| async { found }).collect().await
    }

    async fn damage(&self, source: &Source, file: &LakeFile) -> Result<()> {
        let reader = reader(&self.location.store, &file.meta);
        let builder = ParquetRecordBatchStreamBuilder::new_with_metadata(reader, file.footer.clone());
        let mut batches = builder.build().map_err(|e| self.damaged_file(source, file, &e))?;
        while let Some(batch) = batches.next().await {
            match batch {
                Err(e) if !is_of_store(&e) => return Err(self.damaged_file(source, file, &e)),
                Err(_) => return Ok(()),
                Ok(_) => {}
            }
        }
        Ok(())
    }

    fn damaged_file(&self, source: &Source, file: &LakeFile, why: &dyn std::fmt::Display) -> Problem {
        let name = self.location.shown(&file.path);
        Problem::failed(format!("{name}: source `{}`: damaged Parquet file: {why}", source.name))
            .help("write the file again, or move it out of the lake: nothing was published")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_says_from_when_on_a_file_can_have_been_there() {
        let day = "2026-01-15".parse().unwrap();
        for (path, there) in [
            ("a/month=2026-01/x", true),
            ("a/month=2026-02/x", false),
            ("a/day=2026-01-15/x", false),
            ("a/day=2026-01-14/x", true),
            ("a/country=at/x", true),
            ("a/x", true),
        ] {
            assert_eq!(begins_before(path, day), there, "{path}");
        }
    }
}
