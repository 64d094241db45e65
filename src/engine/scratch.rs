//! A run's folder for what does not fit into memory. A process that is killed leaves it behind, and the next one removes it.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
};

use tempfile::TempDir;

use crate::problem::{Problem, Result};

const PREFIX: &str = "luopan-";
const LOCK: &str = ".luopan-scratch";
/// What only we write into it, and only once it is locked: without it a folder is somebody else's, or just being made.
const OURS: &str = "Made by luopan for one run, and removed by the next one if that run is dead.\n";

/// Removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// The system holds the lock for as long as the process lives, however it dies.
    _lock: File,
}

impl Scratch {
    /// In the system's temporary folder, after the removal of those that dead processes left there.
    pub fn new() -> Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    fn within(temporary: &Path) -> Result<Self> {
        remove_abandoned(temporary);
        Self::make(temporary).map_err(|e| {
            Problem::failed(format!("cannot make a folder in {}: {e}", temporary.display())).help(
                "what does not fit into memory is put there: make room, or name another folder by TMPDIR",
            )
        })
    }

    fn make(temporary: &Path) -> std::io::Result<Self> {
        let folder = TempDir::with_prefix_in(PREFIX, temporary)?;
        let mut lock = File::create_new(folder.path().join(LOCK))?;
        lock.try_lock()?;
        lock.write_all(OURS.as_bytes())?;
        Ok(Self { folder, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// As far as it can: another user's folders stay, and so does what nobody can tell to be ours.
fn remove_abandoned(temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else { return };
    for entry in entries.flatten().filter(|e| e.file_name().to_string_lossy().starts_with(PREFIX)) {
        let folder = entry.path();
        let Ok(mut lock) = File::open(folder.join(LOCK)) else { continue };
        let mut text = String::new();
        let ours = lock.read_to_string(&mut text).is_ok() && text == OURS;
        if ours && lock.try_lock().is_ok() {
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_process_left_goes_and_what_a_living_one_uses_stays() {
        let temporary = tempfile::tempdir().unwrap();
        let living = Scratch::within(temporary.path()).unwrap();
        let dead = temporary.path().join("luopan-dead");
        for foreign in ["luopan-notes", "other"] {
            fs::create_dir(temporary.path().join(foreign)).unwrap();
        }
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), OURS).unwrap();
        fs::write(temporary.path().join("luopan-notes").join(LOCK), "mine").unwrap();
        fs::write(dead.join("rows.parquet"), "rows").unwrap();
        let next = Scratch::within(temporary.path()).unwrap();
        assert!(!dead.exists() && living.path().exists());
        assert!(["luopan-notes", "other"].iter().all(|foreign| temporary.path().join(foreign).exists()));
        let gone = next.path().to_owned();
        drop(next);
        assert!(!gone.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_had_is_named() {
        let problem = Scratch::within(Path::new("/nowhere/at all")).unwrap_err().to_string();
        assert!(problem.contains("/nowhere/at all") && problem.contains("TMPDIR"), "{problem}");
    }
}
