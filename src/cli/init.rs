//! `luopan init`

use std::path::{Path, PathBuf};

use clap::Args;
use include_dir::Dir;

use super::print;
use crate::{
    problem::{Problem, Result},
    project::builtin::FOLDERS,
};

#[derive(Args)]
pub struct InitArgs {
    /// Folder to write the project to; must be new or empty
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(args: InitArgs) -> Result<()> {
    let dir = &args.dir;
    let taken = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken || dir.is_file() {
        return Err(Problem::setup(format!("{} is not empty", dir.display()))
            .help("name a new folder: nothing is written over"));
    }
    let mut files = 0;
    for (name, folder) in &FOLDERS {
        files += write_folder(folder, folder.path(), &dir.join(name))?;
    }
    write(&dir.join(".gitignore"), b"/data-samples\n/warehouse\n")?;
    let shown = dir.display();
    print(&format!(
        "{files} files written to {shown}\n\nNext\n  cd {shown}\n  luopan sample data-samples      an invented lake to begin with\n  \
         luopan run                      the nightly pipeline over it\n\nThen describe your own lake in sql/sources.toml and sql/staging/,\n\
         remove `as_of` from pipelines/nightly.toml, and run `luopan check` after each change.\n"
    ))
}

fn write_folder(folder: &Dir, root: &Path, to: &Path) -> Result<usize> {
    let mut files = 0;
    for file in folder.files() {
        let relative = file.path().strip_prefix(root).unwrap_or(file.path());
        write(&to.join(relative), file.contents())?;
        files += 1;
    }
    for inner in folder.dirs() {
        files += write_folder(inner, root, to)?;
    }
    Ok(files)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unwritable = |e: std::io::Error| Problem::failed(format!("cannot write {}: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    std::fs::write(path, bytes).map_err(unwritable)
}
