//! Files of a project → checked settings and table definitions. Touches no data.

pub mod alerts_toml;
pub mod capacity_toml;
pub mod column_note;
mod contract_lifetime_toml;
mod learned;
mod learned_toml;
mod lifetime_toml;
pub mod model;
mod ordered;
pub mod parameters;
pub mod pipeline;
mod quadrant_toml;
pub mod rules_toml;
mod scorecard_toml;
pub mod sources;
pub mod sql_file;
pub mod types;
pub mod written;

use std::path::{Path, PathBuf};

use crate::problem::{Problem, Result, did_you_mean};
use model::{Model, read_model};
use parameters::{Parameter, read_parameters};
use pipeline::{Pipeline, read_pipeline};
use sources::{Source, read_sources};
use sql_file::{Layer, SqlFile, read_sql};
use written::Written;

/// A folder with `pipelines/`, `sql/` and `models/`, read and checked file by file.
pub struct Project {
    pub root: PathBuf,
    pub sources_file: Written,
    pub sources: Vec<Source>,
    /// In the order written.
    pub parameters: Vec<Parameter>,
    /// In order of name.
    pub sql: Vec<SqlFile>,
    /// In order of name.
    pub models: Vec<Model>,
}

impl Project {
    /// Reads everything below `root` but the pipelines; all faults that it finds come back together.
    pub fn read(root: &Path) -> Result<Self> {
        if !root.join("sql").is_dir() {
            return Err(Problem::setup(format!(
                "{} is no luopan project: it has no folder sql/",
                root.display()
            ))
            .help("give the project's folder with --project, or make one with `luopan init DIR`"));
        }
        let mut problems = Vec::new();
        let mut sql = Vec::new();
        for (path, layer) in sql_paths(&root.join("sql"))? {
            read_sql(&path, layer).map_or_else(|p| problems.push(p), |t| sql.push(t));
        }
        let mut models = Vec::new();
        for path in files_in(&root.join("models"), "toml")? {
            read_model(&path).map_or_else(|p| problems.push(p), |m| models.push(m));
        }
        let sources = read_sources(&root.join("sql/sources.toml")).map_err(|p| problems.push(p));
        let parameters = read_parameters(&root.join("sql/parameters.toml")).map_err(|p| problems.push(p));
        Problem::all(problems)?;
        let (Ok((sources_file, sources)), Ok(parameters)) = (sources, parameters) else {
            return Err(Problem::setup("the files of sql/ could not be read"));
        };
        sql.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { root: root.to_owned(), sources_file, sources, parameters, sql, models })
    }

    /// Reads every pipeline; all faults come back together.
    pub fn pipelines(&self) -> Result<Vec<Pipeline>> {
        let mut pipelines = Vec::new();
        let mut problems = Vec::new();
        for path in files_in(&self.root.join("pipelines"), "toml")? {
            read_pipeline(&path).map_or_else(|p| problems.push(p), |pipeline| pipelines.push(pipeline));
        }
        Problem::all(problems)?;
        Ok(pipelines)
    }
}

/// Reads one pipeline of the project at `root` by name (or by path, ending in `.toml`).
pub fn pipeline_of(root: &Path, name: &str) -> Result<Pipeline> {
    if name.ends_with(".toml") {
        return read_pipeline(Path::new(name));
    }
    let folder = root.join("pipelines");
    let path = folder.join(format!("{name}.toml"));
    if path.is_file() {
        return read_pipeline(&path);
    }
    let known: Vec<String> = files_in(&folder, "toml")?.iter().filter_map(|p| stem(p)).collect();
    let help = did_you_mean(name, known.iter().map(String::as_str))
        .unwrap_or_else(|| format!("pipelines are: {}", known.join(", ")));
    Err(Problem::setup(format!("no pipeline `{name}` in {}", folder.display())).help(help))
}

fn stem(path: &Path) -> Option<String> {
    path.file_stem().map(|s| s.to_string_lossy().into_owned())
}

/// Every `.sql` file under `sql/LAYER/`, however deep, with its layer.
fn sql_paths(sql: &Path) -> Result<Vec<(PathBuf, Layer)>> {
    let mut found = Vec::new();
    for folder in entries(sql)?.into_iter().filter(|p| p.is_dir()) {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((layer, _)) = Layer::ALL.into_iter().find(|(_, n)| *n == name) else {
            let known = Layer::ALL.map(|(_, n)| n);
            let help =
                did_you_mean(&name, known).unwrap_or_else(|| format!("folders are {}", known.join(", ")));
            return Err(Problem::setup(format!("unknown folder {}", folder.display())).help(help));
        };
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder)? {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "sql") {
                    found.push((path, layer));
                }
            }
        }
    }
    if let Some(stray) = files_in(sql, "sql")?.first() {
        return Err(Problem::setup(format!("{} stands in no layer", stray.display()))
            .help("move it into sql/staging, features, labels, value, snapshots or audits"));
    }
    Ok(found)
}

/// Files of a folder with this ending, sorted; none if the folder is not there.
fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    Ok(entries(folder)?.into_iter().filter(|p| p.extension().is_some_and(|e| e == ending)).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |e| Problem::setup(format!("cannot list {}: {e}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
