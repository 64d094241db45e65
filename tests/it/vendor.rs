//! The project at the top of this repository, and a sample lake for it that all tests share.

use std::{fs, path::Path, path::PathBuf, sync::OnceLock};

use luopan::sample::{self, SampleOptions};
use tempfile::TempDir;

use super::{
    program::{Ended, luopan},
    tiny::Project,
};

/// Day as of which the sample lake is run; the lake goes on for two months and a half.
pub const DAY: &str = "2026-01-15";

/// A lake of 400 customers over 27 months: enough for models that ask for few events.
pub fn lake() -> &'static Path {
    static LAKE: OnceLock<TempDir> = OnceLock::new();
    let dir = LAKE.get_or_init(|| {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for a lake");
        let options =
            SampleOptions { customers: 400, months: 27, ..SampleOptions::new(dir.path().join("lake")) };
        sample::make(&options, &mut |_| {}).expect("a sample lake");
        dir
    });
    // Statics are never dropped: the folder stays until `cargo clean`.
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| dir.path().join("lake"))
}

/// A copy of the repository's own project, to be changed at will.
pub fn project() -> Project {
    let project = Project::of(&[]);
    for folder in ["sql", "models", "pipelines"] {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &project.root().join(folder));
    }
    project
}

/// That project with both models willing to learn from a small lake, and from four cutoffs only.
pub fn eager_project() -> Project {
    let project = project();
    for model in ["churn_risk", "growth_potential"] {
        project.edit(&format!("models/{model}.toml"), "min_events = 50", "min_events = 10");
    }
    project.edit("pipelines/nightly.toml", "count = 6", "count = 4");
    project
}

/// A run of a project as of [`DAY`] over a lake into a warehouse.
pub fn run(project: &Project, lake: &Path, warehouse: &Path, more: &[&str]) -> Ended {
    run_at(DAY, project, lake, warehouse, more)
}

pub fn run_at(day: &str, project: &Project, lake: &Path, warehouse: &Path, more: &[&str]) -> Ended {
    let shown = [lake, warehouse].map(|p| p.to_str().expect("a path in UTF-8"));
    let mut args = vec!["run", "--as-of", day, "--lake", shown[0], "--warehouse", shown[1]];
    args.extend(more);
    luopan(project.root(), &args)
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a writable folder");
    for entry in fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => fs::copy(&path, &target).map(|_| ()).expect("a copied file"),
        }
    }
}

/// One night over the shared lake, for tests to compare with.
pub struct Night {
    pub project: Project,
    pub warehouse: PathBuf,
}

pub fn night() -> &'static Night {
    static NIGHT: OnceLock<Night> = OnceLock::new();
    NIGHT.get_or_init(|| {
        let project = eager_project();
        let warehouse = project.warehouse();
        run(&project, lake(), &warehouse, &["--threads", "2"]).done();
        Night { project, warehouse }
    })
}
