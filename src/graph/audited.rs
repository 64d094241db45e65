//! Which audits a pipeline runs: those of what it makes.

use std::collections::BTreeSet;

use super::{Graph, Origin, Table, references::Time};
use crate::project::{pipeline::Pipeline, sql_file::Layer};

impl Graph {
    /// Audits, by name, of the pipeline that publishes these tables: each of which it makes whatever the audit reads.
    /// Sources do not count, unless an audit reads nothing else: a small pipeline makes no table for an audit alone.
    pub fn audits_of<'a>(&'a self, published: &[&str]) -> Vec<&'a Table> {
        let mut made = self.made_for(published);
        let mut audits = Vec::new();
        for audit in self.in_order().filter(|t| t.layer() == Some(Layer::Audits)) {
            if self.audited_by(audit).iter().all(|name| made.contains(name)) {
                // What reads this audit's rows can be audited, too.
                made.insert(&audit.name);
                audits.push(audit);
            }
        }
        audits.sort_by(|a, b| a.name.cmp(&b.name));
        audits
    }

    /// Of each audit that none of these pipelines runs, a word: it checks nothing, and nobody would notice.
    pub fn audits_never_run(&self, pipelines: &[Pipeline]) -> Vec<String> {
        let published: Vec<Vec<&str>> =
            pipelines.iter().map(|p| p.publish.iter().map(|(name, _)| name.as_str()).collect()).collect();
        let run: BTreeSet<&str> =
            published.iter().flat_map(|p| self.audits_of(p)).map(|t| t.name.as_str()).collect();
        let never_run = |audit: &Table| {
            let missing = published.iter().map(|p| self.not_made_for(audit, p));
            let (pipeline, missing) = pipelines.iter().zip(missing).min_by_key(|(_, m)| m.len())?;
            let file = audit.file().map(|f| f.path.display().to_string()).unwrap_or_default();
            Some(format!(
                "no pipeline runs the audit `{}` ({file}): `{}` comes nearest, and does not make {}; \
                 let a pipeline publish what needs that, or remove the audit",
                audit.name,
                pipeline.name,
                missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ))
        };
        self.of_layer(Layer::Audits)
            .filter(|t| !run.contains(t.name.as_str()))
            .filter_map(never_run)
            .collect()
    }

    /// What an audit reads that the pipeline of these tables does not make, by name.
    fn not_made_for<'a>(&'a self, audit: &'a Table, published: &[&str]) -> Vec<&'a str> {
        let made = self.made_for(published);
        self.audited_by(audit).into_iter().filter(|name| !made.contains(name)).collect()
    }

    /// All that a pipeline makes: the closure of what it publishes; and every model, if one of these tells of models.
    fn made_for(&self, published: &[&str]) -> BTreeSet<&str> {
        let known = published.iter().filter_map(|name| Some(self.get(name)?.name.as_str()));
        let mut made = self.closure(known);
        if made.iter().filter_map(|name| self.get(name)).any(Table::reads_models) {
            made.extend(self.closure(self.fitted().map(|(name, _, _)| name)));
        }
        made
    }

    /// The tables that must be there for an audit to say anything.
    fn audited_by<'a>(&'a self, audit: &'a Table) -> BTreeSet<&'a str> {
        let read = audit.reads.iter().filter(|r| r.is_in_project()).map(|r| r.table.as_str());
        let (sources, mut tables): (BTreeSet<&str>, BTreeSet<&str>) =
            read.partition(|name| self.get(name).is_some_and(|t| matches!(t.origin, Origin::Source(_))));
        if audit.reads_models() {
            tables.extend(self.fitted().map(|(name, _, _)| name));
        }
        if tables.is_empty() { sources } else { tables }
    }
}

impl Table {
    /// Whether it can only be made once every model stands.
    pub fn reads_models(&self) -> bool {
        self.reads.iter().any(|r| r.time == Time::Engine && r.table != "sources")
    }
}
