//! Pages as files.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use crate::problem::{Problem, Result};

/// Writes a page into a folder, which is made if it is not there. A reader finds the old file or the new one, whole.
pub fn write_page(folder: &Path, name: &str, html: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    let unwritable = |e: &dyn std::fmt::Display| {
        Problem::failed(format!("cannot write {}: {e}", path.display()))
            .help("choose another folder with --out")
    };
    std::fs::create_dir_all(folder).map_err(|e| unwritable(&e))?;
    let mut file =
        tempfile::Builder::new().prefix(".luopan-").tempfile_in(folder).map_err(|e| unwritable(&e))?;
    file.write_all(html.as_bytes()).and_then(|()| readable(file.as_file())).map_err(|e| unwritable(&e))?;
    file.persist(&path).map_err(|e| unwritable(&e))?;
    Ok(path)
}

/// A temporary file is its owner's alone; a page is for whoever may look into the folder.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// A part of a file's name, whatever somebody's ids look like.
pub fn file_part(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_replaces_another_whole_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        write_page(&inner, "x.html", "one").unwrap();
        let path = write_page(&inner, "x.html", "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 1);
        assert_eq!(file_part("../ö C1/x"), "___ö_C1_x");
    }
}
