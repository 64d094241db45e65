//! What is damaged, and what must come of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use luopan::{
    engine::plan::plan_all,
    graph::Graph,
    learn::{Artifact, lifetime::LifetimeArtifact},
    problem::Problem,
    project::{
        Project, Texts,
        model::model_of,
        parameters::parameters_of,
        pipeline::read_pipeline,
        sources::sources_of,
        sql_file::{Layer, sql_of},
        words_toml::words_of,
        written::Written,
    },
    warehouse::RunRecord,
};
use tempfile::TempDir;

use super::super::{tiny::VISITS, vendor};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Pipeline,
    Model,
    Sources,
    Parameters,
    Words,
    SqlFile,
    Query,
    Project,
    Artifact,
    Record,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Pipeline,
        Kind::Model,
        Kind::Sources,
        Kind::Parameters,
        Kind::Words,
        Kind::SqlFile,
        Kind::Query,
        Kind::Project,
        Kind::Artifact,
        Kind::Record,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Pipeline => "pipeline",
            Kind::Model => "model",
            Kind::Sources => "sources",
            Kind::Parameters => "parameters",
            Kind::Words => "words",
            Kind::SqlFile => "sql",
            Kind::Query => "query",
            Kind::Project => "project",
            Kind::Artifact => "artifact",
            Kind::Record => "record",
        }
    }

    /// Path and bytes of what is damaged: the repository's own files, and what a night over the shared lake wrote.
    pub fn seeds(self) -> Vec<(String, Vec<u8>)> {
        let of = |folder: &str, ending: &str| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let projects = ["", "examples/online-retail/", "examples/telco/"];
            projects.iter().flat_map(|p| files(&root.join(p).join(folder), ending)).collect::<Vec<_>>()
        };
        let night = |folder: &str, ending: &str| files(&vendor::night().warehouse.join(folder), ending);
        let seeds = match self {
            Kind::Pipeline => of("pipelines", "toml"),
            Kind::Model => of("models", "toml"),
            Kind::Sources => of("sql", "sources.toml"),
            Kind::Parameters => of("sql", "parameters.toml"),
            Kind::Words => of("sql", "words.toml"),
            Kind::SqlFile => of("sql", "sql"),
            Kind::Query => return QUERIES.iter().map(|q| ("q.sql".into(), q.as_bytes().to_vec())).collect(),
            Kind::Project => {
                built_in().into_keys().map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).collect()
            }
            Kind::Artifact => night("_luopan/models", "json"),
            Kind::Record => night("_luopan/runs", "json"),
        };
        assert!(!seeds.is_empty(), "{self:?} has seeds");
        let name = |path: &Path| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            path.strip_prefix(root)
                .unwrap_or(path.file_name().unwrap().as_ref())
                .to_string_lossy()
                .into_owned()
        };
        seeds.into_iter().map(|path| (name(&path), fs::read(&path).unwrap())).collect()
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path, ending)),
            false => found.extend(path.to_string_lossy().ends_with(ending).then_some(path)),
        }
    }
    found.sort();
    found
}

/// The sample project's files, without pipelines.
fn built_in() -> Texts {
    Project::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap().texts()
}

/// A header and a body each, over visits.
const QUERIES: [&str; 5] = [
    "/*---\ngrain = [\"visit_id\"]\n[columns]\nvisit_id = { type = \"text\" }\nspent = { type = \"decimal\" }\n---*/\nSELECT visit_id, spent FROM shop_visits WHERE seen_at >= $as_of - INTERVAL '12 months'\n",
    "/*---\ngrain = [\"customer_id\"]\n[columns]\ncustomer_id = { type = \"text\" }\nvisits = { type = \"int\" }\n---*/\nWITH v AS (SELECT customer_id, COUNT(*) FILTER (WHERE rated) AS visits FROM shop_visits GROUP BY customer_id)\nSELECT * FROM v\n",
    "/*---\ngrain = [\"day\"]\n[columns]\nday = { type = \"date\" }\nlongest = { type = \"int\" }\n---*/\nSELECT day, MAX(minutes) OVER (PARTITION BY day ORDER BY seen_at ROWS UNBOUNDED PRECEDING) AS longest\nFROM shop_visits QUALIFY ROW_NUMBER() OVER (PARTITION BY day ORDER BY minutes) = 1\n",
    "/*---\ngrain = [\"visit_id\"]\n[columns]\nvisit_id = { type = \"text\" }\nkind = { type = \"text\" }\nnote = { type = \"text\" }\n---*/\nSELECT a.visit_id, CASE WHEN a.weight > 0.5 THEN 'heavy' ELSE lower(b.note) END AS kind, a.note\nFROM shop_visits AS a LEFT JOIN shop_visits AS b ON a.visit_id = b.visit_id AND a.day BETWEEN b.day - 3 AND b.day\n",
    "/*---\ngrain = [\"source\"]\n[columns]\nsource = { type = \"text\" }\n---*/\nSELECT source FROM luopan.sources WHERE EXISTS (SELECT 1 FROM previous.q) AND rows_known IN (1, 2, 3)\n",
];

/// What is needed to try cases of one kind.
pub struct Workshop {
    kind: Kind,
    dir: TempDir,
    texts: Texts,
}

impl Workshop {
    pub fn new(kind: Kind) -> Self {
        let texts = match kind {
            Kind::Project => built_in(),
            _ => [("sql/sources.toml".to_owned(), VISITS.to_owned())].into(),
        };
        Self { kind, dir: tempfile::tempdir().unwrap(), texts }
    }

    /// Whether it was sound; an error if it was refused without a word.
    pub fn try_one(&self, seed: &str, bytes: &[u8]) -> Result<bool, String> {
        let name = Path::new(seed).file_name().unwrap();
        let path = self.dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        let tried = match self.kind {
            Kind::Pipeline => read_pipeline(&path).map(|_| ()),
            Kind::Artifact | Kind::Record => return self.of_machine(seed, bytes),
            _ => Written::read(&path).and_then(|file| self.of_people(seed, file)),
        };
        let Err(problem) = tried else { return Ok(true) };
        in_words(&problem).map(|()| false)
    }

    fn of_people(&self, seed: &str, file: Written) -> Result<(), Problem> {
        match self.kind {
            Kind::Model => model_of(file).map(|_| ()),
            Kind::Sources => sources_of(file).map(|_| ()),
            Kind::Parameters => parameters_of(file).map(|_| ()),
            Kind::Words => words_of(&file).map(|_| ()),
            Kind::SqlFile => sql_of(file, layer(seed)).map(|_| ()),
            Kind::Query => {
                let mut texts = self.texts.clone();
                texts.insert("sql/snapshots/q.sql".into(), file.text.to_string());
                let graph = Graph::new(&Project::of(&texts)?)?;
                plan_all(&graph).map(|_| ())
            }
            _ => {
                let mut texts = self.texts.clone();
                texts.insert(seed.to_owned(), file.text.to_string());
                Graph::new(&Project::of(&texts)?).map(|_| ())
            }
        }
    }

    fn of_machine(&self, seed: &str, bytes: &[u8]) -> Result<bool, String> {
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(false) };
        if self.kind == Kind::Record {
            return Ok(serde_json::from_str::<RunRecord>(text).is_ok());
        }
        let read = match seed.contains("lifetime") {
            true => LifetimeArtifact::from_json(text).map(|_| ()),
            false => Artifact::from_json(text).map(|_| ()),
        };
        let Err(problem) = read else { return Ok(true) };
        in_words(&problem).map(|()| false)
    }
}

fn layer(seed: &str) -> Layer {
    let of = |(_, name): &(Layer, &str)| seed.contains(&format!("sql/{name}/"));
    Layer::ALL.into_iter().find(of).map_or(Layer::Snapshots, |(layer, _)| layer)
}

/// All that a problem says can be said, and none of it is nothing.
fn in_words(problem: &Problem) -> Result<(), String> {
    let (whole, line) = (problem.render(false), problem.to_string());
    for one in [problem].into_iter().chain(&problem.others) {
        if one.message.trim().is_empty() || whole.trim().is_empty() || line.trim().is_empty() {
            return Err(format!("refused without a word: {whole}"));
        }
    }
    Ok(())
}
