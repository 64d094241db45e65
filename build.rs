//! The program carries the default project and the figures of its report: a file added to them makes a new program. And it
//! knows itself by its source, so that no version takes what another one kept for the next night.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

fn main() {
    for path in ["pipelines", "sql", "models", "src", "Cargo.lock", "Cargo.toml"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut hasher = DefaultHasher::new();
    for path in ["src", "Cargo.lock", "Cargo.toml"] {
        hash(Path::new(path), &mut hasher);
    }
    println!("cargo::rustc-env=LUOPAN_PROGRAM={} {:016x}", env!("CARGO_PKG_VERSION"), hasher.finish());
}

/// Names and contents, in the order of names. What cannot be read is as good as not there: the compiler will say so.
fn hash(path: &Path, hasher: &mut DefaultHasher) {
    path.file_name().hash(hasher);
    match fs::read_dir(path) {
        Ok(entries) => {
            let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            paths.iter().for_each(|path| hash(path, hasher));
        }
        Err(_) => fs::read(path).unwrap_or_default().hash(hasher),
    }
}
