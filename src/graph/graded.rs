//! Models whose published scores are graded once it is known what came.

use super::{Graph, Origin};
use crate::{
    problem::{Problem, did_you_mean},
    project::{
        model::{LearnedSpec, ModelSpec, PublishedColumn, ScorecardSpec},
        sql_file::Layer,
        written::Written,
    },
};

#[derive(Clone, Copy)]
pub enum Graded<'a> {
    Learned(&'a LearnedSpec),
    Scorecard(&'a ScorecardSpec),
}

impl<'a> Graded<'a> {
    /// The table that says what came.
    pub fn label(&self) -> Option<&'a str> {
        match self {
            Self::Learned(spec) => Some(&spec.label),
            Self::Scorecard(spec) => spec.grade.as_ref().map(|grade| grade.label.as_str()),
        }
    }

    /// Where the score is published, and where the score's band is.
    pub fn published(&self) -> (Option<&'a PublishedColumn>, Option<&'a PublishedColumn>) {
        match self {
            Self::Learned(spec) => (spec.governance.published.as_ref(), None),
            Self::Scorecard(spec) => match &spec.grade {
                Some(grade) => (Some(&grade.published), grade.band.as_ref()),
                None => (None, None),
            },
        }
    }
}

impl Graph {
    /// Models that say where their scores are published, by name.
    pub fn graded(&self) -> impl Iterator<Item = (&str, Graded<'_>)> {
        let graded = self.models.iter().filter_map(|(name, (_, spec))| {
            let graded = match spec {
                ModelSpec::Learned(spec) => Graded::Learned(spec),
                ModelSpec::Scorecard(spec) => Graded::Scorecard(spec),
                _ => return None,
            };
            Some((name.as_str(), graded))
        });
        graded.filter(|(_, graded)| graded.published().0.is_some())
    }

    /// How far ahead a label looks; none for any other table.
    pub fn horizon_days(&self, label: &str) -> Option<u32> {
        match &self.get(label)?.origin {
            Origin::Sql(sql) => sql.header.horizon_days,
            _ => None,
        }
    }

    /// Grades that could never be given.
    pub(super) fn ungradable(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, graded) in self.graded() {
            let Some((file, _)) = self.models.get(name) else { continue };
            let (score, band) = graded.published();
            problems.extend(score.and_then(|at| self.unpublished(file, at, true)));
            problems.extend(band.and_then(|at| self.unpublished(file, at, false)));
            let Some(label) = graded.label() else { continue };
            if self.horizon_days(label).is_none() {
                let labels = self.of_layer(Layer::Labels).map(|t| t.name.as_str());
                let problem = file.problem(written(file, label), format!("`{label}` is no label"));
                let near = did_you_mean(label, labels);
                problems.push(problem.help(near.unwrap_or_else(|| "name a table of sql/labels/".into())));
            }
        }
        problems
    }

    /// Why nothing is published there.
    fn unpublished(&self, file: &Written, at: &PublishedColumn, number: bool) -> Option<Problem> {
        let place = written(file, &format!("{}.{}", at.table, at.column));
        let contract = self.get(&at.table).and_then(|table| match &table.origin {
            Origin::Sql(sql) if sql.layer == Layer::Snapshots => sql.header.contract(),
            _ => None,
        });
        let Some(fields) = contract else {
            let published = self.of_layer(Layer::Snapshots).map(|t| t.name.as_str());
            let near = did_you_mean(&at.table, published);
            return Some(
                file.problem(place, format!("`{}` is no published table with declared columns", at.table))
                    .help(near.unwrap_or_else(|| "tables of sql/snapshots/ are published".into())),
            );
        };
        let by_customer = self.get(&at.table).is_some_and(|table| table.grain() == ["customer_id"]);
        if !by_customer {
            let message =
                format!("`{}` has not one row per customer_id: no score of a customer is there", at.table);
            return Some(file.problem(place, message));
        }
        if let Some(field) = fields.iter().find(|field| *field.name() == at.column) {
            let numeric = field.data_type().is_numeric() || !number;
            let message = format!("`{}` of `{}` is no number, and a score is", at.column, at.table);
            return (!numeric).then(|| file.problem(place, message));
        }
        let problem = file.problem(place, format!("`{}` has no column `{}`", at.table, at.column));
        Some(match did_you_mean(&at.column, fields.iter().map(|f| f.name().as_str())) {
            Some(near) => problem.help(near),
            None => problem,
        })
    }
}

/// Where a model file has this text.
fn written(file: &Written, text: &str) -> std::ops::Range<usize> {
    let start = file.text.find(&format!("\"{text}\"")).unwrap_or(0);
    start..(start + text.len() + 2).min(file.text.len())
}
