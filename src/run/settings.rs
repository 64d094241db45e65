//! What was asked for, with every default filled in, before anything runs.

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Utc};

use super::damage::Damage;
use crate::{
    engine::{MemoryLimit, parse_memory},
    graph::Graph,
    lake::{Lake, SeenKeys, as_of::AsOf, store::Location},
    problem::{Problem, Result},
    project::{Project, Texts, pipeline::Pipeline, pipeline_of, sources::Source},
};

/// As typed: what is `None` comes from the pipeline.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub project: PathBuf,
    pub pipeline: String,
    pub as_of: Option<NaiveDate>,
    pub lake: Option<String>,
    pub warehouse: Option<String>,
    pub threads: Option<usize>,
    pub memory_limit: Option<String>,
    /// Nothing that earlier nights kept is used, and nothing kept.
    pub no_cache: bool,
}

/// As resolved.
pub struct Settings {
    pub graph: Graph,
    pub pipeline: Pipeline,
    /// The project's files, this pipeline's among them: a set keeps them.
    pub texts: Texts,
    pub as_of: AsOf,
    pub lake: Location,
    pub warehouse: Location,
    pub threads: usize,
    pub memory: MemoryLimit,
    /// Whether what earlier nights kept of past days is used, and tonight's kept.
    pub cache: bool,
}

/// Without a limit asked for, a run may hold this share of the machine's memory.
const SHARE_OF_MEMORY: f64 = 0.5;
/// Where the machine does not say how much it has.
const MEMORY_IF_UNKNOWN: usize = 4 << 30;

impl Settings {
    /// Reads the project and checks what can be checked without data.
    pub fn resolve(asked: &Asked) -> Result<Self> {
        let project = Project::read(&asked.project)?;
        let pipeline = pipeline_of(&project.root, &asked.pipeline)?;
        let graph = Graph::new(&project)?;
        check_published(&graph, &pipeline)?;
        let lake = location(&asked.lake, &pipeline.lake, &asked.project, &pipeline)?;
        let warehouse = location(&asked.warehouse, &pipeline.warehouse, &asked.project, &pipeline)?;
        let zone = pipeline.time_zone;
        let day =
            asked.as_of.or(pipeline.as_of).unwrap_or_else(|| Utc::now().with_timezone(&zone).date_naive());
        let threads = threads(asked, &pipeline)?;
        let memory = match asked.memory_limit.as_ref().or(pipeline.engine.memory_limit.as_ref()) {
            Some(written) => parse_memory(written)?,
            None => default_memory(),
        };
        let mut texts = project.texts();
        texts.insert(format!("pipelines/{}.toml", pipeline.name), pipeline.file.text.to_string());
        let memory = MemoryLimit(memory);
        let as_of = AsOf::new(day, zone);
        let cache = !asked.no_cache;
        Ok(Self { graph, as_of, lake, warehouse, threads, memory, cache, pipeline, texts })
    }

    /// The pipeline's name and the warehouse alone, where the rest of the project cannot be read.
    pub fn warehouse(asked: &Asked) -> Result<(String, Location)> {
        let pipeline = pipeline_of(&asked.project, &asked.pipeline)?;
        let location = location(&asked.warehouse, &pipeline.warehouse, &asked.project, &pipeline)?;
        Ok((pipeline.name, location))
    }

    /// Opens these sources of the lake, without files that are known to be damaged; `seen` are doubled keys found before.
    pub async fn open_lake(&self, sources: Vec<Source>, damage: &Damage, seen: &SeenKeys) -> Result<Lake> {
        Lake::open(self.lake.clone(), sources, self.threads, self.memory.of_keys(), damage, seen).await
    }

    pub fn at(&self, day: NaiveDate) -> AsOf {
        AsOf::new(day, self.pipeline.time_zone)
    }
}

/// Where a pipeline publishes to, for those who only look at what it published: the rest of the project need not be there.
pub struct Published {
    pub project: PathBuf,
    pub pipeline: Pipeline,
    pub warehouse: Location,
    pub threads: usize,
}

impl Published {
    pub fn resolve(asked: &Asked) -> Result<Self> {
        let pipeline = pipeline_of(&asked.project, &asked.pipeline)?;
        let warehouse = location(&asked.warehouse, &pipeline.warehouse, &asked.project, &pipeline)?;
        let threads = threads(asked, &pipeline)?;
        Ok(Self { project: asked.project.clone(), pipeline, warehouse, threads })
    }
}

fn threads(asked: &Asked, pipeline: &Pipeline) -> Result<usize> {
    let threads = asked.threads.or(pipeline.engine.threads).unwrap_or_else(processors);
    if !(1..=1024).contains(&threads) {
        return Err(Problem::setup(format!("{threads} threads cannot be had")).help("give 1 or more"));
    }
    Ok(threads)
}

pub fn check_published(graph: &Graph, pipeline: &Pipeline) -> Result<()> {
    let problems = pipeline
        .publish
        .iter()
        .filter_map(|(name, span)| {
            let at = |message: String| pipeline.file.problem(span.clone(), message);
            match graph.table(name) {
                Err(unknown) => Some(Problem { help: unknown.help, ..at(unknown.message) }),
                Ok(table) if table.layer() != Some(crate::project::sql_file::Layer::Snapshots) => Some(
                    at(format!("`{name}` is not in sql/snapshots/, and only what is there is published"))
                        .help("move it there, and declare its columns"),
                ),
                Ok(_) => None,
            }
        })
        .collect();
    Problem::all(problems)
}

/// A folder typed on the command line is relative to where it was typed, one in a pipeline to the project.
fn location(typed: &Option<String>, written: &str, project: &Path, pipeline: &Pipeline) -> Result<Location> {
    let Some(typed) = typed else { return Location::resolve(written, project, &pipeline.storage) };
    let here = std::env::current_dir()
        .map_err(|e| Problem::setup(format!("the current folder cannot be used: {e}")))?;
    Location::resolve(typed, &here, &pipeline.storage)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn default_memory() -> usize {
    let total = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|l| l.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    });
    total.map_or(MEMORY_IF_UNKNOWN, |kib| (kib * 1024.0 * SHARE_OF_MEMORY) as usize)
}
