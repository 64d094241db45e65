//! Tables and what they read: the graph behind a run, from parsed SQL and model files alone.

mod audited;
mod expressions;
mod graded;
mod nesting;
pub mod otherwise;
pub mod references;
mod rules;
pub mod select;
mod shape;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::common::ScalarValue;

use crate::{
    lake::as_of::as_known_sql,
    problem::{Problem, Result, did_you_mean},
    project::{
        Project,
        model::{LearnedSpec, LifetimeSpec, ModelSpec},
        sources::Source,
        sql_file::{Layer, SqlFile},
        written::Written,
    },
};
pub use graded::Graded;
use references::{Reference, Time};
use tables::all_tables;

/// One table of a project: where it comes from, and what it reads.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub origin: Origin,
    pub reads: Vec<Reference>,
}

#[derive(Clone, Debug)]
pub enum Origin {
    Source(Source),
    Sql(SqlFile),
    /// A scorecard or quadrant: SQL that was compiled from a model file.
    Judged {
        file: Written,
        description: Option<String>,
        sql: String,
        grain: Vec<String>,
        expressions: Vec<Expression>,
    },
    Learned {
        file: Written,
        description: Option<String>,
        spec: Box<LearnedSpec>,
    },
    /// How long customers without contracts stay, and what they will buy.
    Lifetime {
        file: Written,
        description: Option<String>,
        spec: LifetimeSpec,
    },
    /// Why the customers have the scores of a learned model; made with it.
    Reasons {
        file: Written,
        model: String,
    },
    /// Where a quadrant would have placed its customers with what the last set was made of.
    Recomputed {
        file: Written,
        model: String,
        grain: Vec<String>,
    },
}

impl Origin {
    /// Of a model that is fitted: the table that it learns from, and the label of its past.
    pub fn fitted_on(&self) -> Option<(&str, &str)> {
        match self {
            Self::Learned { spec, .. } => Some((&spec.features, &spec.label)),
            Self::Lifetime { spec, .. } => Some((&spec.purchases, &spec.future)),
            _ => None,
        }
    }
}

/// SQL that somebody wrote into a model file, over one table.
#[derive(Clone, Debug)]
pub struct Expression {
    pub sql: String,
    pub from: String,
    pub time: Time,
    pub wanted: Wanted,
    pub span: std::ops::Range<usize>,
}

/// What an expression has to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Anything,
    Condition,
    Number,
    /// Columns of the table, by name.
    Columns,
}

/// All tables of a project, checked against each other.
pub struct Graph {
    /// The project's own parameters: name and value.
    pub parameters: Vec<(String, ScalarValue)>,
    tables: BTreeMap<String, Table>,
    models: BTreeMap<String, (Written, ModelSpec)>,
    /// Every table after all that it reads.
    order: Vec<String>,
}

impl Graph {
    /// Links the project's tables; unknown names, doubled names, cycles and breaches of time are problems.
    pub fn new(project: &Project) -> Result<Self> {
        let mut tables = BTreeMap::new();
        let mut problems = Vec::new();
        for table in all_tables(project, &mut problems) {
            if let Some(other) = tables.get(&table.name) {
                problems.push(two_of_one_name(project, &table, other));
                continue;
            }
            tables.insert(table.name.clone(), table);
        }
        Problem::all(problems)?;
        Problem::all(unknown_names(&tables))?;
        let order = sorted(&tables)?;
        let models = project.models.iter().map(|m| (m.name.clone(), (m.file.clone(), m.spec.clone())));
        let parameters = own_parameters(project)?;
        let graph = Self { parameters, tables, models: models.collect(), order };
        Problem::all(rules::breaches(&graph))?;
        Problem::all(graph.ungradable())?;
        Ok(graph)
    }

    pub fn get(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// As [`Graph::get`], or a problem that suggests a near name.
    pub fn table(&self, name: &str) -> Result<&Table> {
        self.tables.get(name).ok_or_else(|| {
            let help = did_you_mean(name, self.tables.keys().map(String::as_str))
                .unwrap_or_else(|| "`luopan ls` lists the tables".into());
            Problem::setup(format!("no table `{name}`")).help(help)
        })
    }

    /// Every table after all that it reads.
    pub fn in_order(&self) -> impl Iterator<Item = &Table> {
        self.order.iter().map(|name| &self.tables[name])
    }

    /// Tables in which this SQL layer's files result, by name.
    pub fn of_layer(&self, layer: Layer) -> impl Iterator<Item = &Table> {
        self.tables.values().filter(move |t| t.layer() == Some(layer))
    }

    /// The tables that read `name`, at whatever time.
    pub fn readers(&self, name: &str) -> impl Iterator<Item = &Table> {
        self.tables.values().filter(move |t| t.reads.iter().any(|r| r.table == name && r.is_in_project()))
    }

    /// Tables that are read at this time by any table.
    pub fn read_at(&self, time: Time) -> BTreeSet<&str> {
        let reads = self.in_order().flat_map(|t| t.reads.iter());
        reads.filter(|r| r.time == time).map(|r| r.table.as_str()).collect()
    }

    /// `name` and everything that it reads, directly or not, at this run's times (not `previous.`).
    pub fn closure<'a>(&'a self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            if let Some(table) = self.tables.get(name)
                && found.insert(table.name.as_str())
            {
                open.extend(table.reads.iter().filter(|r| r.is_in_project()).map(|r| r.table.as_str()));
            }
        }
        found
    }

    /// Models that are fitted, in order: each with the table that it learns from and its label.
    pub fn fitted(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.in_order().filter_map(|t| {
            let (inputs, label) = t.origin.fitted_on()?;
            Some((t.name.as_str(), inputs, label))
        })
    }

    /// All learned models, in order.
    pub fn learned(&self) -> impl Iterator<Item = (&str, &LearnedSpec)> {
        self.in_order().filter_map(|t| match &t.origin {
            Origin::Learned { spec, .. } => Some((t.name.as_str(), spec.as_ref())),
            _ => None,
        })
    }
}

impl Reference {
    /// Whether another table of the project has to be made for it.
    pub fn is_in_project(&self) -> bool {
        matches!(self.time, Time::Now | Time::Future)
    }
}

impl Table {
    pub fn layer(&self) -> Option<Layer> {
        match &self.origin {
            Origin::Sql(file) => Some(file.layer),
            _ => None,
        }
    }

    /// `source`, the layer of an SQL file, or `model`.
    pub fn kind(&self) -> &'static str {
        match &self.origin {
            Origin::Source(_) => "source",
            Origin::Sql(file) => file.layer.name(),
            _ => "model",
        }
    }

    /// The file that defines it; a source's is sources.toml.
    pub fn file(&self) -> Option<&Written> {
        match &self.origin {
            Origin::Source(_) => None,
            Origin::Sql(sql) => Some(&sql.file),
            Origin::Judged { file, .. }
            | Origin::Learned { file, .. }
            | Origin::Lifetime { file, .. }
            | Origin::Reasons { file, .. }
            | Origin::Recomputed { file, .. } => Some(file),
        }
    }

    pub fn description(&self) -> Option<&str> {
        match &self.origin {
            Origin::Source(source) => Some(&source.path),
            Origin::Sql(sql) => sql.header.description.as_deref(),
            Origin::Judged { description, .. }
            | Origin::Learned { description, .. }
            | Origin::Lifetime { description, .. } => description.as_deref(),
            Origin::Reasons { .. } => {
                Some("What contributes to each customer's score, and what it adds up to")
            }
            Origin::Recomputed { .. } => {
                Some("Quadrants by what the last set was made of: its models, its settings, its day")
            }
        }
    }

    /// The SELECT that makes it; none for a learned model.
    pub fn sql(&self) -> Option<String> {
        match &self.origin {
            Origin::Source(source) => Some(as_known_sql(source, &format!("files.{}", source.name))),
            Origin::Sql(sql) => Some(sql.file.text.to_string()),
            Origin::Judged { sql, .. } => Some(sql.clone()),
            Origin::Learned { .. }
            | Origin::Lifetime { .. }
            | Origin::Reasons { .. }
            | Origin::Recomputed { .. } => None,
        }
    }

    /// Columns that name a row; empty if that was not said.
    pub fn grain(&self) -> &[String] {
        match &self.origin {
            Origin::Sql(sql) => &sql.header.grain,
            Origin::Judged { grain, .. } | Origin::Recomputed { grain, .. } => grain,
            _ => &[],
        }
    }

    /// Whether readers take its SELECT into their own.
    pub fn is_view(&self) -> bool {
        match &self.origin {
            Origin::Source(_) => true,
            Origin::Sql(sql) => sql.header.is_view,
            _ => false,
        }
    }
}

fn own_parameters(project: &Project) -> Result<Vec<(String, ScalarValue)>> {
    let one = |p: &crate::project::parameters::Parameter| match ScalarValue::try_from_array(&p.value, 0) {
        Ok(value) => Ok((p.name.clone(), value)),
        Err(e) => Err(Problem::setup(format!("parameter `{}`: {e}", p.name))),
    };
    project.parameters.iter().map(one).collect()
}

fn two_of_one_name(project: &Project, table: &Table, other: &Table) -> Problem {
    let place = |t: &Table| t.file().unwrap_or(&project.sources_file).path.display().to_string();
    Problem::setup(format!("two tables are named `{}`: {} and {}", table.name, place(other), place(table)))
        .help("rename one of them: names are shared by sources, SQL files and models")
}

fn unknown_names(tables: &BTreeMap<String, Table>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in tables.values() {
        let Some(file) = table.file() else { continue };
        for reference in table.reads.iter().filter(|r| !tables.contains_key(&r.table)) {
            if reference.time == Time::Engine {
                continue;
            }
            let problem =
                file.problem(reference.span.clone(), format!("unknown table `{}`", reference.table));
            let near = did_you_mean(&reference.table, tables.keys().map(String::as_str));
            problems.push(problem.help(near.unwrap_or_else(|| "`luopan ls` lists the tables".into())));
        }
    }
    problems
}

/// Tables after what they read, by name where that leaves a choice; a cycle is a problem that names it.
fn sorted(tables: &BTreeMap<String, Table>) -> Result<Vec<String>> {
    let reads_of = |t: &Table| -> BTreeSet<String> {
        t.reads.iter().filter(|r| r.is_in_project()).map(|r| r.table.clone()).collect()
    };
    let mut waits: HashMap<&str, usize> = HashMap::new();
    let mut readers: HashMap<String, Vec<&str>> = HashMap::new();
    for table in tables.values() {
        let reads = reads_of(table);
        waits.insert(&table.name, reads.len());
        reads.into_iter().for_each(|read| readers.entry(read).or_default().push(&table.name));
    }
    let mut ready: BTreeSet<&str> = waits.iter().filter(|(_, n)| **n == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::with_capacity(tables.len());
    while let Some(name) = ready.pop_first() {
        order.push(name.to_owned());
        for reader in readers.get(name).into_iter().flatten() {
            if let Some(left) = waits.get_mut(reader) {
                *left -= 1;
                if *left == 0 {
                    ready.insert(reader);
                }
            }
        }
    }
    if order.len() == tables.len() {
        return Ok(order);
    }
    Err(cycle(tables, &order))
}

/// Follows reads among the tables that could not be ordered until one comes again.
fn cycle(tables: &BTreeMap<String, Table>, done: &[String]) -> Problem {
    let left = |name: &str| !done.iter().any(|d| d == name);
    let mut path: Vec<&str> = tables.keys().map(String::as_str).filter(|n| left(n)).take(1).collect();
    while let Some(table) = path.last().and_then(|name| tables.get(*name)) {
        let Some(next) = table.reads.iter().find(|r| r.is_in_project() && left(&r.table)) else { break };
        let Some((name, _)) = tables.get_key_value(&next.table) else { break };
        if let Some(start) = path.iter().position(|seen| seen == name) {
            let mut circle: Vec<&str> = path[start..].to_vec();
            circle.push(name);
            let problem =
                Problem::setup(format!("tables read each other in a circle: {}", circle.join(" → ")));
            return match table.file() {
                Some(file) => problem.at(&file.path, &file.text, next.span.clone()),
                None => problem,
            };
        }
        path.push(name);
    }
    Problem::setup(format!("tables read each other in a circle, among them {}", path.join(", ")))
}
