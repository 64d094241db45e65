//! Before the tables are made: what each model is to do tonight, and how published scores did.

use std::{collections::BTreeSet, sync::Arc};

use arrow::array::RecordBatch;

use crate::{
    engine::{past::horizon, plan::plan_all, steps::Step},
    graph::Table,
    learn::LearnedSpec,
    problem::Result,
    run::{Build, progress::Progress},
    warehouse::{self, Warehouse},
};

use super::{
    champion::{Fit, Plan, unfit},
    grade::Grade,
    rows::table_at,
};

impl Build<'_> {
    /// Looks up last night's champions and what has become of published scores; makes the tables that takes.
    pub async fn open_models(
        &mut self,
        warehouse: &Warehouse,
        targets: &[&str],
        progress: &dyn Progress,
        done: &mut Vec<warehouse::Step>,
    ) -> Result<()> {
        let graph = &self.settings.graph;
        let day = self.settings.as_of.day;
        let needed = graph.closure(targets.iter().copied());
        let tells = needed.iter().filter_map(|name| graph.get(name)).any(Table::reads_models);
        let models: Vec<(&str, &LearnedSpec)> =
            graph.learned().filter(|(name, _)| tells || needed.contains(name)).collect();
        let previous = warehouse.previous_set(day).await?;
        for (name, spec) in &models {
            let plan =
                Plan::of(name, spec, horizon(graph, &spec.label)?, day, previous.as_ref(), warehouse).await?;
            self.plans.insert((*name).to_owned(), plan);
        }
        self.refit_what_lost_a_column(&models)?;

        let grades = match tells {
            true => Grade::all(graph, &warehouse.pointer().await?, day),
            false => Vec::new(),
        };
        let mut first = BTreeSet::new();
        for grade in &grades {
            let label = grade.label().map(|label| Step { day: grade.published_on, table: label.to_owned() });
            first.extend(label);
        }
        let asking: Vec<(&str, &LearnedSpec)> =
            models.iter().copied().filter(|(name, _)| self.plan_of(name).fit == Fit::OnDrift).collect();
        first.extend(asking.iter().map(|(_, spec)| Step { day, table: spec.features.clone() }));
        if !first.is_empty() {
            self.make_steps(first, progress, done).await?;
        }

        for (name, spec) in asking {
            let fit = self.drifted(name, spec).await?;
            self.plans.entry(name.to_owned()).and_modify(|plan| plan.fit = fit);
        }
        for grade in grades {
            if let Some(found) = grade.compare(self, warehouse).await? {
                self.grades.insert(grade.model.to_owned(), found);
            }
        }
        Ok(())
    }

    /// A champion whose column is gone, or of another type, cannot wait until it is due.
    fn refit_what_lost_a_column(&mut self, models: &[(&str, &LearnedSpec)]) -> Result<()> {
        if self.plans.values().all(|plan| plan.fit == Fit::Tonight) {
            return Ok(());
        }
        let schemas = plan_all(&self.settings.graph)?;
        for (name, spec) in models {
            let Some(schema) = schemas.get(&spec.features) else { continue };
            let Some(plan) = self.plans.get_mut(*name) else { continue };
            let Some(champion) = &plan.champion else { continue };
            let nobody = RecordBatch::new_empty(Arc::clone(schema));
            if unfit(&champion.version.artifact, &nobody).is_some() {
                plan.fit = Fit::Tonight;
            }
        }
        Ok(())
    }

    /// Whether tonight's customers are others than those that the champion learned from.
    async fn drifted(&self, name: &str, spec: &LearnedSpec) -> Result<Fit> {
        let Some(champion) = self.plan_of(name).champion else { return Ok(Fit::Tonight) };
        let features = table_at(self, &spec.features, self.settings.as_of.day).await?;
        let artifact = &champion.version.artifact;
        let shift = artifact.shift(&features)?;
        let column = shift.worst_column(&artifact.card.importance, crate::learn::gates::WATCHED_SHARE);
        let bound = spec.governance.gates.shift;
        let moved =
            [shift.scores, column.map(|(_, psi)| psi)].into_iter().flatten().any(|psi| psi.exceeds(bound));
        Ok(if moved { Fit::Tonight } else { Fit::NotDue })
    }
}
