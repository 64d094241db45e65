//! The program carries the default project and the figures of its report: a file added to them makes a new program.

fn main() {
    for folder in ["pipelines", "sql", "models", "src/report/figures", "src/report/assets"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
