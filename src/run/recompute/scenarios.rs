//! Which scenarios there are: those in which something can differ from the next later one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    former::{Former, Scorer},
    scenario::Scenario,
};
use crate::{
    engine::recomputed::{DAY_BEFORE, MODELS_BEFORE, SETTINGS_BEFORE},
    graph::Origin,
    lake::as_of::AsOf,
    learn::lifetime::LifetimeOutcome,
    problem::Result,
    run::{
        Build,
        models::{read_artifact, read_lifetime},
    },
    warehouse::Warehouse,
};

impl Former {
    /// The models that some scenario may ask for.
    pub(super) async fn read_scorers(
        &mut self,
        build: &Build<'_>,
        warehouse: &Warehouse,
        quadrants: &[&str],
    ) {
        let mut asked = BTreeMap::new();
        for quadrant in quadrants {
            for scenario in self.with_models(build, quadrant, &|model| self.may_be_another(build, model)) {
                let again = scenario.graph.all_made_of(quadrant).into_iter();
                for table in again.filter(|table| scenario.again.contains(&table.name)) {
                    let lifetime = matches!(table.origin, Origin::Lifetime { .. });
                    let version =
                        self.versions.get(&table.name).filter(|_| table.origin.fitted_on().is_some());
                    asked.extend(version.map(|version| (table.name.clone(), (version.clone(), lifetime))));
                }
            }
        }
        for (model, (version, lifetime)) in asked {
            let read = match lifetime {
                true => {
                    read_lifetime(warehouse, &model, &version).await.map(|a| Scorer::Lifetime(Arc::new(a)))
                }
                false => {
                    read_artifact(warehouse, &model, &version).await.map(|a| Scorer::Learned(Arc::new(a)))
                }
            };
            self.scorers.insert(model, read.map_err(|problem| problem.to_string()));
        }
    }

    /// Today's tables that a scenario may read, whatever comes of tonight's fits.
    pub(super) fn may_share(&self, build: &Build<'_>, quadrant: &str) -> BTreeSet<String> {
        let now = &build.settings.graph;
        let there: BTreeSet<&str> = now.all_made_of(quadrant).iter().map(|t| t.name.as_str()).collect();
        let mut found = BTreeSet::new();
        let scenarios = self.with_models(build, quadrant, &|model| self.may_be_another(build, model));
        for scenario in scenarios.iter().filter(|scenario| scenario.shares) {
            let again = scenario.graph.all_made_of(quadrant).into_iter();
            for table in again.filter(|table| scenario.again.contains(&table.name)) {
                found.extend(table.made_of().filter(|read| there.contains(read)).map(str::to_owned));
            }
        }
        found
    }

    /// Before tonight's fits: whether another version may score than then.
    fn may_be_another(&self, build: &Build<'_>, model: &str) -> bool {
        !build.plan_of(model).keeps(self.versions.get(model).map(String::as_str))
    }

    /// After tonight's fits: whether another version scores than then.
    fn is_another(&self, build: &Build<'_>, model: &str) -> Result<bool> {
        let learned =
            build.standings().get(model).and_then(|s| s.champion.as_ref().map(|c| c.version.clone()));
        let tonight = match (learned, build.lifetimes().get(model)) {
            (None, Some(LifetimeOutcome::Fitted(fitted))) => Some(fitted.artifact.version()?),
            (learned, _) => learned,
        };
        Ok(self.versions.get(model) != tonight.as_ref())
    }

    /// What there is to compare tonight with, in order of name.
    pub(super) fn scenarios<'s>(&'s self, build: &'s Build<'_>, quadrant: &str) -> Result<Vec<Scenario<'s>>> {
        let mut others = BTreeSet::new();
        for (model, _, _) in build.settings.graph.fitted() {
            others.extend(self.is_another(build, model)?.then(|| model.to_owned()));
        }
        // A model of then that is no more cannot be shared in any case.
        Ok(self.with_models(build, quadrant, &|model| others.contains(model)))
    }

    /// The scenarios in which something can differ from the next later one, if these are the models that differ.
    fn with_models<'s>(
        &'s self,
        build: &'s Build<'_>,
        quadrant: &str,
        another: &dyn Fn(&str) -> bool,
    ) -> Vec<Scenario<'s>> {
        let (now, tonight) = (&build.settings.graph, build.settings.as_of);
        let mut found = Vec::new();
        let then = self.graph(build);
        if let Some(graph) = then.filter(|_| self.late.contains(quadrant)) {
            let again = graph.all_made_of(quadrant).iter().map(|table| table.name.clone()).collect();
            let shared = self.then.clone();
            found.push(Scenario {
                name: DAY_BEFORE,
                graph,
                as_of: self.as_of(),
                shared,
                again,
                shares: false,
            });
        }
        let again = now.otherwise(now, quadrant, another);
        let shared = build.shared.clone();
        found.push(Scenario { name: MODELS_BEFORE, graph: now, as_of: tonight, shared, again, shares: true });
        if let Some(graph) = then {
            let zones = self.zone != build.settings.pipeline.time_zone;
            let as_of = AsOf::new(tonight.day, self.zone);
            let again = match zones {
                true => graph.all_made_of(quadrant).iter().map(|table| table.name.clone()).collect(),
                false if graph.otherwise(now, quadrant, &|_| false).is_empty() => BTreeSet::new(),
                false => graph.otherwise(now, quadrant, another),
            };
            let shared = self.tonight.clone();
            found.push(Scenario { name: SETTINGS_BEFORE, graph, as_of, shared, again, shares: !zones });
        }
        found.retain(|scenario| !scenario.again.is_empty());
        found
    }
}
