//! Whether rows have come since the last set that were known by their own times before its day.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Former;
use crate::{
    engine::Moment,
    graph::Origin,
    lake::status::SourceStatus,
    problem::{Problem, Result},
    run::Build,
    warehouse::Manifest,
};

/// How much of a source was known, as a set's manifest keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRows {
    rows_known: i64,
    doubled_rows: i64,
}

impl KnownRows {
    pub fn of(status: &SourceStatus) -> Self {
        Self { rows_known: status.rows_known, doubled_rows: status.doubled_rows }
    }
}

/// Path, bytes and rows of a file.
type File = (String, u64, usize);

impl Former {
    /// Whether a quadrant may read rows that the last set's run could have known and did not: first by what the manifest
    /// says of files, then by counting what of the changed sources is known as of then. A file that was rewritten with
    /// other values in as many rows is not seen, unless its source has no times at all.
    pub(super) async fn came_late(&self, build: &Build<'_>, set: &Manifest, quadrant: &str) -> Result<bool> {
        let Some(graph) = self.graph(build) else { return Ok(false) };
        for table in graph.all_made_of(quadrant) {
            let Origin::Source(source) = &table.origin else { continue };
            let Some((lake, open)) = self.opened(build, source) else { return Ok(true) };
            let before: Vec<File> =
                serde_json::from_value(set.inputs[&source.name].clone()).unwrap_or_default();
            let all: BTreeSet<&str> = open.inputs().map(|(path, _, _)| path).collect();
            if !differ(&before, &open.inputs_known(self.as_of()), &all) {
                continue;
            }
            let counted: Option<KnownRows> =
                serde_json::from_value(set.settings["sources"][&source.name].clone()).ok();
            let (Some(counted), Some(_)) = (counted, &source.known_at) else { return Ok(true) };
            let moment = Moment::new(self.as_of());
            let files = lake.raw_table(&source.name, self.as_of());
            let gone = || Problem::failed(format!("source `{}` was not opened", source.name));
            moment.set_files(&source.name, files.ok_or_else(gone)??)?;
            if KnownRows::of(&build.status_at(&moment, open).await?) != counted {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a file that may hold known rows was not there before as it is, or one that was there is gone.
fn differ(before: &[File], known: &[File], all: &BTreeSet<&str>) -> bool {
    let then: BTreeMap<&str, (u64, usize)> =
        before.iter().map(|(path, bytes, rows)| (path.as_str(), (*bytes, *rows))).collect();
    known.iter().any(|(path, bytes, rows)| then.get(path.as_str()) != Some(&(*bytes, *rows)))
        || then.keys().any(|path| !all.contains(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_may_hold_known_rows_and_files_that_are_gone_count() {
        let file = |path: &str, rows: usize| (path.to_owned(), 100, rows);
        let before = [file("a", 1), file("b", 2)];
        let differ = |known: &[File], all: &[&str]| differ(&before, known, &all.iter().copied().collect());
        assert!(
            !differ(&[file("a", 1)], &["a", "b", "later"]),
            "b held nothing that was known, later does not"
        );
        assert!(differ(&[file("a", 1), file("c", 1)], &["a", "b", "c"]), "a new file with known rows");
        assert!(differ(&[file("a", 2)], &["a", "b"]), "a file that grew");
        assert!(differ(&[file("a", 1)], &["a"]), "a file that is gone");
    }
}
