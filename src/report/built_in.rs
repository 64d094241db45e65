//! Files that the program carries: figures, and what a page is made of.

use include_dir::{Dir, File, include_dir};

static FIGURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/report/figures");
static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/report/assets");

/// The SQL of a figure by its path from `figures/`; `None` if there is no such file.
pub fn figure(path: &str) -> Option<&'static str> {
    FIGURES.get_file(path).and_then(File::contents_utf8)
}

/// A file of `assets/`.
pub fn asset(name: &str) -> Option<&'static str> {
    ASSETS.get_file(name).and_then(File::contents_utf8)
}
