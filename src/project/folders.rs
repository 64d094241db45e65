//! Which files of a project's folders are read.

use std::path::{Path, PathBuf};

use super::sql_file::Layer;
use crate::problem::{Problem, Result, did_you_mean};

/// Every `.sql` file under `sql/LAYER/`, however deep, with its layer.
pub fn sql_paths(sql: &Path) -> Result<Vec<(PathBuf, Layer)>> {
    let mut found = Vec::new();
    for folder in entries(sql)?.into_iter().filter(|p| p.is_dir()) {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((layer, _)) = Layer::ALL.into_iter().find(|(_, n)| *n == name) else {
            let known = Layer::ALL.map(|(_, n)| n);
            let help =
                did_you_mean(&name, known).unwrap_or_else(|| format!("folders are {}", known.join(", ")));
            return Err(Problem::setup(format!("unknown folder {}", folder.display())).help(help));
        };
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder)? {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "sql") {
                    found.push((path, layer));
                }
            }
        }
    }
    if let Some(stray) = files_in(sql, "sql")?.first() {
        return Err(Problem::setup(format!("{} stands in no layer", stray.display()))
            .help("move it into sql/staging, features, labels, value, snapshots or audits"));
    }
    Ok(found)
}

/// Files of a folder with this ending, sorted; none if the folder is not there.
pub fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    Ok(entries(folder)?.into_iter().filter(|p| p.extension().is_some_and(|e| e == ending)).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |e| Problem::setup(format!("cannot list {}: {e}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
