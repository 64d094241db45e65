//! Rules of time that every project keeps, so that no feature can see the future.

use super::{
    Graph, Origin, Table,
    references::{Reference, Time},
};
use crate::{
    problem::Problem,
    project::{
        model::{LearnedSpec, SplitKind},
        sources::SourceKind,
        sql_file::Layer,
    },
};

/// Tables that the engine itself fills, with what depends on them known only after training.
pub const ENGINE_TABLES: [&str; 5] = ["sources", "models", "model_metrics", "model_tenths", "model_gates"];

/// Every breach in the project.
pub fn breaches(graph: &Graph) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in graph.in_order() {
        problems.extend(breaches_of(graph, table));
    }
    for (name, inputs, label) in graph.fitted() {
        problems.extend(unfit_label(graph, name, label));
        problems.extend(features_from_today(graph, name, inputs));
    }
    problems.extend(graph.learned().filter_map(|(name, spec)| split_of_no_time(graph, name, spec)));
    problems
}

fn breaches_of(graph: &Graph, table: &Table) -> Vec<Problem> {
    let Some(file) = table.file() else { return Vec::new() };
    let layer = table.layer();
    let is_label = |name: &str| graph.get(name).is_some_and(|t| t.layer() == Some(Layer::Labels));
    let published = matches!(layer, Some(Layer::Snapshots | Layer::Audits));
    let judged = matches!(table.origin, Origin::Judged { .. });
    let mut problems = Vec::new();
    for read in &table.reads {
        let at = |message: String, help: &str| file.problem(read.span.clone(), message).help(help);
        match read.time {
            Time::Future if layer != Some(Layer::Labels) => problems.push(at(
                format!("`{}` reads future.{}: only labels may look ahead", table.name, read.table),
                "a feature that sees the future trains a model that fails in use; move the file to sql/labels/ or drop `future.`",
            )),
            Time::Future if !is_plain(graph, &read.table) => problems.push(at(
                format!("future.{} cannot be read: it depends on models or published tables", read.table),
                "labels look ahead at sources and at what SQL makes of them",
            )),
            Time::Previous | Time::History if !published && !judged => problems.push(at(
                format!("`{}` reads {}: only snapshots and audits may", table.name, published_name(read)),
                "past cutoffs have no published sets to read",
            )),
            Time::Previous | Time::History if contract_of(graph, &read.table).is_none() => problems.push(at(
                format!(
                    "{} needs a table of sql/snapshots/ that declares all its columns",
                    published_name(read)
                ),
                "add [columns] with types to its header: the first run reads it before there is one",
            )),
            Time::Engine if !published => problems.push(at(
                format!("`{}` reads luopan.{}: only snapshots and audits may", table.name, read.table),
                "the engine knows it only when the run is nearly over",
            )),
            Time::Engine if !ENGINE_TABLES.contains(&read.table.as_str()) => {
                let near = crate::problem::did_you_mean(&read.table, ENGINE_TABLES);
                let help = near.unwrap_or_else(|| format!("there are: {}", ENGINE_TABLES.join(", ")));
                problems.push(at(format!("unknown table `luopan.{}`", read.table), &help));
            }
            Time::Now if is_recomputed(graph, &read.table) && !published => problems.push(at(
                format!("`{}` reads `{}`: only snapshots and audits may", table.name, read.table),
                "it is made from the last published set, which past cutoffs do not have",
            )),
            Time::Now if is_label(&read.table) && table.origin.fitted_on().is_none() => {
                problems.push(at(
                    format!("`{}` reads the label `{}`: only models that are fitted may", table.name, read.table),
                    "a label is not known at the as-of day",
                ));
            }
            _ => {}
        }
    }
    problems
}

/// As SQL names it.
fn published_name(read: &Reference) -> String {
    format!("{}.{}", read.time.schema().unwrap_or_default(), read.table)
}

/// The published columns of a snapshot table.
fn contract_of(graph: &Graph, name: &str) -> Option<Vec<arrow::datatypes::Field>> {
    match &graph.get(name)?.origin {
        Origin::Sql(sql) if sql.layer == Layer::Snapshots => sql.header.contract(),
        _ => None,
    }
}

fn is_recomputed(graph: &Graph, name: &str) -> bool {
    graph.get(name).is_some_and(|t| matches!(t.origin, Origin::Recomputed { .. }))
}

/// Whether a table is made of sources alone, so that it can be had at any past day.
pub fn is_plain(graph: &Graph, name: &str) -> bool {
    graph.closure([name]).into_iter().filter_map(|n| graph.get(n)).all(|t| {
        t.origin.fitted_on().is_none()
            && !is_recomputed(graph, &t.name)
            && t.reads.iter().all(|r| r.is_in_project())
    })
}

fn unfit_label(graph: &Graph, model: &str, label: &str) -> Option<Problem> {
    let table = graph.get(label)?;
    (table.layer() != Some(Layer::Labels)).then(|| {
        at_model(
            graph,
            model,
            label,
            format!("`{label}` is no label: model `{model}` needs a table of sql/labels/"),
        )
    })
}

fn features_from_today(graph: &Graph, model: &str, features: &str) -> Option<Problem> {
    (!is_plain(graph, features)).then(|| {
        let message =
            format!("features `{features}` of `{model}` depend on a model, a label or a published table");
        at_model(graph, model, features, message)
            .help("past cutoffs have neither: features come from the lake alone")
    })
}

/// Without dates every cutoff has the same rows: a model would be measured on those that it learned from.
fn split_of_no_time(graph: &Graph, model: &str, spec: &LearnedSpec) -> Option<Problem> {
    let timeless = |table: &Table| match &table.origin {
        Origin::Source(source) => source.kind == SourceKind::Static,
        _ => true,
    };
    let read = graph.closure([spec.features.as_str(), spec.label.as_str()]);
    let flat = read.into_iter().filter_map(|name| graph.get(name)).all(timeless);
    (flat && spec.split == SplitKind::Time).then(|| {
        let message = format!(
            "`{}` and `{}` read only static sources: there is no time to split by",
            spec.features, spec.label
        );
        at_model(graph, model, &spec.features, message).help("write split = \"random\"")
    })
}

fn at_model(graph: &Graph, model: &str, read: &str, message: String) -> Problem {
    let table = graph.get(model);
    let place = table.and_then(|t| t.file().zip(t.reads.iter().find(|r| r.table == read)));
    match place {
        Some((file, reference)) => file.problem(reference.span.clone(), message),
        None => Problem::setup(message),
    }
}
