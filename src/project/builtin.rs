//! The project at the top of this repository, as it was when the program was built: what `luopan init` writes, and whose
//! contracts reports are made for.

use include_dir::{Dir, include_dir};

use super::{Project, Texts};
use crate::problem::{Problem, Result};

/// Its folders by name.
pub const FOLDERS: [(&str, Dir<'static>); 3] = [
    ("pipelines", include_dir!("$CARGO_MANIFEST_DIR/pipelines")),
    ("sql", include_dir!("$CARGO_MANIFEST_DIR/sql")),
    ("models", include_dir!("$CARGO_MANIFEST_DIR/models")),
];

/// The same, read and checked.
pub fn builtin() -> Result<Project> {
    let mut texts = Texts::new();
    FOLDERS.iter().try_for_each(|(name, folder)| read_folder(folder, name, &mut texts))?;
    Project::of(&texts)
}

fn read_folder(folder: &Dir, name: &str, texts: &mut Texts) -> Result<()> {
    for file in folder.files() {
        let path = format!("{name}/{}", file.path().display());
        let text = file.contents_utf8();
        let text = text.ok_or_else(|| Problem::setup(format!("{path} is not UTF-8 text")))?;
        texts.insert(path, text.to_owned());
    }
    folder.dirs().try_for_each(|inner| read_folder(inner, name, texts))
}
