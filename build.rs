//! `luopan init` carries the default project: a file added to it makes a new program.

fn main() {
    for folder in ["pipelines", "sql", "models"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
