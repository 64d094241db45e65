//! Files under which a folder's store writes what it then renames: `NAME#1`. It neither lists nor opens them.

use std::path::{Path, PathBuf};

use crate::{
    problem::{Problem, Result},
    warehouse::{Warehouse, layout::parts_of_table_file},
};

impl Warehouse {
    /// Deletes any file, one that the store doesn't own up to, too.
    pub(super) async fn remove(&self, path: &str) -> Result<()> {
        let Some(root) = self.location.local.as_ref().filter(|_| is_staged(path)) else {
            return self.delete(path).await;
        };
        match std::fs::remove_file(root.join(path)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Problem::failed(format!("cannot delete {}: {e}", self.location.shown(path))))
            }
            _ => Ok(()),
        }
    }
}

/// By path from the root, sorted.
pub(super) async fn staged(warehouse: &Warehouse) -> Result<Vec<String>> {
    let Some(root) = warehouse.location.local.clone() else { return Ok(Vec::new()) };
    let found = tokio::task::spawn_blocking(move || walk(&root)).await;
    let cannot =
        |e: &dyn std::fmt::Display| Problem::failed(format!("cannot list {}: {e}", warehouse.location.url));
    found.map_err(|e| cannot(&e))?.map_err(|e| cannot(&e))
}

fn walk(root: &Path) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = if root.is_dir() { vec![root.to_owned()] } else { Vec::new() };
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                found.extend(Some(parts.join("/")).filter(|path| is_staged(path)));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether it is one of ours: others may name their files as they like.
fn is_staged(path: &str) -> bool {
    let Some((name, number)) = path.rsplit_once('#') else { return false };
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    numbered && (name.starts_with("_luopan/") || parts_of_table_file(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_half_written_files_are_litter() {
        let table = "alerts/as_of=2026-04-01/part-00000-0123456789ab.parquet";
        assert!(is_staged(&format!("{table}#1")) && is_staged("_luopan/runs/20260401T02-1.json#12"));
        for other in [table, "alerts/notes#1", "_luopan/runs/a#b", "_luopan/runs/a#", "x#1"] {
            assert!(!is_staged(other), "{other}");
        }
    }
}
