//! Files of a project → checked settings and table definitions. Touches no data.

pub mod alerts_toml;
pub mod builtin;
pub mod capacity_toml;
pub mod column_note;
mod contract_lifetime_toml;
mod folders;
pub mod language;
mod learned;
mod learned_toml;
mod lifetime_toml;
pub mod model;
pub mod ordered;
pub mod parameters;
pub mod pipeline;
mod quadrant_toml;
pub mod rules_toml;
mod score_segment;
mod scorecard_toml;
pub mod sources;
pub mod sql_file;
pub mod types;
pub mod words_toml;
pub mod written;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    problem::{Problem, Result, did_you_mean},
    threads::side_by_side,
};
use folders::{files_in, sql_paths};
use model::{Model, model_of};
use parameters::{Parameter, parameters_of};
use pipeline::{Pipeline, read_pipeline};
use sources::{Source, sources_of};
use sql_file::{Layer, SqlFile, sql_of};
use words_toml::{Words, words_of};
use written::Written;

const PARAMETERS: &str = "sql/parameters.toml";
const WORDS: &str = "sql/words.toml";

/// Files by their path from a project's root (with `/` between folders), and what stands in them.
pub type Texts = BTreeMap<String, String>;

/// A folder with `pipelines/`, `sql/` and `models/`, read and checked file by file.
pub struct Project {
    pub root: PathBuf,
    pub sources_file: Written,
    pub sources: Vec<Source>,
    /// `sql/parameters.toml`, if there is one.
    pub parameters_file: Option<Written>,
    /// In the order written.
    pub parameters: Vec<Parameter>,
    /// `sql/words.toml`, if there is one.
    pub words_file: Option<Written>,
    pub words: Words,
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
        let sources = Written::read(&root.join("sql/sources.toml"));
        let if_there = |name| Some(root.join(name)).filter(|path| path.is_file()).map(|p| Written::read(&p));
        let sql = sql_paths(&root.join("sql"))?;
        let sql = sql.into_iter().map(|(path, layer)| (Written::read(&path), layer)).collect();
        let models = files_in(&root.join("models"), "toml")?;
        let models = models.iter().map(|path| Written::read(path)).collect();
        Self::check(root, sources, if_there(PARAMETERS), if_there(WORDS), sql, models)
    }

    /// A project of texts that were kept; see [`Project::texts`]. Faults name files by their path from the root.
    pub fn of(texts: &Texts) -> Result<Self> {
        let file = |path: &str| {
            let text = texts.get(path).map(String::as_str);
            let text = text.ok_or_else(|| Problem::setup(format!("{path} was not kept")))?;
            Ok(Written { path: path.into(), text: text.into() })
        };
        let below = |folder: &str, ending: &str| -> Vec<&String> {
            texts.keys().filter(|path| path.starts_with(folder) && path.ends_with(ending)).collect()
        };
        let mut sql = Vec::new();
        for (layer, name) in Layer::ALL {
            let files = below(&format!("sql/{name}/"), ".sql");
            sql.extend(files.into_iter().map(|path| (file(path), layer)));
        }
        let models = below("models/", ".toml").into_iter().map(|path| file(path)).collect();
        let if_kept = |path: &str| texts.contains_key(path).then(|| file(path));
        Self::check(Path::new(""), file("sql/sources.toml"), if_kept(PARAMETERS), if_kept(WORDS), sql, models)
    }

    fn check(
        root: &Path,
        sources: Result<Written>,
        parameters_file: Option<Result<Written>>,
        words_file: Option<Result<Written>>,
        sql_files: Vec<(Result<Written>, Layer)>,
        model_files: Vec<Result<Written>>,
    ) -> Result<Self> {
        let mut problems = Vec::new();
        let (mut sql, mut models) = (Vec::new(), Vec::new());
        let mut read = |file: Result<Written>| file.map_err(|p| problems.push(p)).ok();
        let sql_files: Vec<(Written, Layer)> =
            sql_files.into_iter().filter_map(|(file, layer)| Some((read(file)?, layer))).collect();
        let model_files: Vec<Written> = model_files.into_iter().filter_map(read).collect();
        for table in side_by_side(&sql_files, |(file, layer)| sql_of(file.clone(), *layer)) {
            table.map_or_else(|p| problems.push(p), |t| sql.push(t));
        }
        for model in side_by_side(&model_files, |file| model_of(file.clone())) {
            model.map_or_else(|p| problems.push(p), |m| models.push(m));
        }
        let sources = sources.and_then(sources_of).map_err(|p| problems.push(p));
        let parameters = parameters_file.map(|file| file.and_then(parameters_of)).transpose();
        let parameters = parameters.map_err(|p| problems.push(p));
        let words = words_file.map(|file| file.and_then(|file| Ok((words_of(&file)?, file)))).transpose();
        let words = words.map_err(|p| problems.push(p));
        Problem::all(problems)?;
        let (Ok((sources_file, sources)), Ok(parameters), Ok(words)) = (sources, parameters, words) else {
            return Err(Problem::setup("the files of sql/ could not be read"));
        };
        sql.sort_by(|a, b| a.name.cmp(&b.name));
        let (parameters_file, parameters) = parameters.unzip();
        let parameters = parameters.unwrap_or_default();
        let (words, words_file) = words.unzip();
        Ok(Self {
            root: root.to_owned(),
            sources_file,
            sources,
            parameters_file,
            parameters,
            words_file,
            words: words.unwrap_or_default(),
            sql,
            models,
        })
    }

    /// Everything that was read: [`Project::of`] makes the same project of it.
    pub fn texts(&self) -> Texts {
        let sql = self.sql.iter().map(|sql| &sql.file);
        let models = self.models.iter().map(|model| &model.file);
        let text = |file: &Written| {
            let path = file.path.strip_prefix(&self.root).unwrap_or(&file.path);
            let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
            (parts.join("/"), file.text.to_string())
        };
        [&self.sources_file]
            .into_iter()
            .chain(&self.parameters_file)
            .chain(&self.words_file)
            .chain(sql)
            .chain(models)
            .map(text)
            .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_the_same_when_it_is_made_of_its_texts() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let project = Project::read(root).unwrap();
        let texts = project.texts();
        assert!(texts.contains_key("sql/sources.toml") && texts.contains_key("models/quadrant.toml"));
        let again = Project::of(&texts).unwrap();
        assert_eq!(again.texts(), texts);
        assert_eq!(again.sources, project.sources);
        let names = |p: &Project| -> Vec<(String, Layer)> {
            p.sql.iter().map(|sql| (sql.name.clone(), sql.layer)).collect()
        };
        assert_eq!(names(&again), names(&project));
        let mut broken = texts;
        broken.insert("models/quadrant.toml".into(), "kind = 'quadrnat'".into());
        let fault = Project::of(&broken).err().unwrap().to_string();
        assert!(fault.starts_with("models/quadrant.toml:1:8: "), "{fault}");
    }
}
