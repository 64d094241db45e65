//! What the last set was made of: its models, its project, its day, and what it read of the lake.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    engine::moment::Shared,
    graph::{Graph, Origin, Table},
    lake::{Lake, OpenSource, SeenKeys, as_of::AsOf},
    learn::{Artifact, lifetime::LifetimeArtifact},
    problem::{Problem, Result},
    project::{Project, sources::Source},
    run::Build,
    warehouse::{Manifest, Role, Warehouse},
};

/// The last set before tonight's.
pub struct Former {
    pub day: NaiveDate,
    pub(super) zone: Tz,
    project: Kept,
    /// Sources of that project that tonight's lake has not, or has under another definition.
    lake: Option<Lake>,
    /// Which version of each model scored.
    pub(super) versions: BTreeMap<String, String>,
    /// The models themselves, as far as quadrants need them; or why one cannot be read.
    pub(super) scorers: BTreeMap<String, std::result::Result<Scorer, String>>,
    /// Quadrants that late rows may have moved.
    pub(super) late: BTreeSet<String>,
    /// `previous.` as that project declares it: as of tonight, and as of then.
    pub(super) tonight: Shared,
    pub(super) then: Shared,
}

/// The project that made a set.
enum Kept {
    /// The set does not keep it, or it says nothing to this program.
    Unknown,
    Same,
    Other(Box<Graph>),
}

#[derive(Clone)]
pub enum Scorer {
    Learned(Arc<Artifact>),
    Lifetime(Arc<LifetimeArtifact>),
}

impl Build<'_> {
    /// Looks up what the last set was made of, if tonight's quadrants are to be compared with it.
    pub async fn open_former(&mut self, warehouse: &Warehouse, targets: &[&str]) -> Result<()> {
        let graph = &self.settings.graph;
        let needed = graph.closure(targets.iter().copied());
        let quadrants: Vec<(&str, &str)> = needed
            .into_iter()
            .filter_map(|name| match &graph.get(name)?.origin {
                Origin::Recomputed { model, .. } => Some((name, model.as_str())),
                _ => None,
            })
            .collect();
        if quadrants.is_empty() {
            return Ok(());
        }
        let Some(set) = warehouse.previous_set(self.settings.as_of.day).await? else { return Ok(()) };
        let models: Vec<&str> = quadrants.iter().map(|(_, model)| *model).collect();
        let former = Former::read(self, warehouse, &set, &models).await?;
        for (name, quadrant) in quadrants {
            self.may_share.insert(name.to_owned(), former.may_share(self, quadrant));
        }
        self.former = Some(former);
        Ok(())
    }
}

impl Former {
    async fn read(
        build: &Build<'_>,
        warehouse: &Warehouse,
        set: &Manifest,
        quadrants: &[&str],
    ) -> Result<Self> {
        let zone = set.settings["time_zone"].as_str().and_then(|zone| zone.parse().ok());
        let champions = set.models.iter().filter(|entry| entry.role == Role::Champion);
        let mut former = Self {
            day: set.as_of,
            zone: zone.unwrap_or(build.settings.pipeline.time_zone),
            project: Kept::Unknown,
            lake: None,
            versions: champions.map(|entry| (entry.name.clone(), entry.version.clone())).collect(),
            scorers: BTreeMap::new(),
            late: BTreeSet::new(),
            tonight: build.shared.clone(),
            then: build.shared.clone(),
        };
        if let Err(problem) = former.read_project(build, warehouse, set, quadrants).await {
            build.warn(format!(
                "the project of the set of {} cannot be used, so moves by late rows or changed settings are told as \
                 moves by data or cuts: {problem}",
                set.as_of
            ));
            former.project = Kept::Unknown;
        }
        for quadrant in quadrants {
            if former.graph(build).is_some() && former.came_late(build, set, quadrant).await? {
                former.late.insert((*quadrant).to_owned());
            }
        }
        former.read_scorers(build, warehouse, quadrants).await;
        Ok(former)
    }

    async fn read_project(
        &mut self,
        build: &Build<'_>,
        warehouse: &Warehouse,
        set: &Manifest,
        quadrants: &[&str],
    ) -> Result<()> {
        let Some(texts) = warehouse.project(set).await? else {
            return Err(Problem::failed("the program that published it did not keep it"));
        };
        self.project = match texts == build.settings.texts {
            true => Kept::Same,
            false => Kept::Other(Box::new(Graph::new(&Project::of(&texts)?)?)),
        };
        let Some(graph) = self.graph(build) else { return Ok(()) };
        let tables: Vec<&Table> = quadrants.iter().flat_map(|name| graph.all_made_of(name)).collect();
        let sources = tables.iter().filter_map(|table| match &table.origin {
            Origin::Source(source) => Some((source.name.as_str(), source)),
            _ => None,
        });
        // By name: two quadrants may read the same.
        let sources: BTreeMap<&str, &Source> = sources.collect();
        let lacking: Vec<Source> = sources
            .into_values()
            .filter(|source| build.lake.opened(source).is_none())
            .map(|source| source.clone().or_on_bad_file(build.settings.pipeline.on_bad_file))
            .collect();
        let lake = match lacking.is_empty() {
            true => None,
            false => Some(build.settings.open_lake(lacking, &BTreeMap::new(), &SeenKeys::default()).await?),
        };
        let tonight = build.read_previous(warehouse, Some(set), graph, &tables).await?;
        let before = warehouse.previous_set(set.as_of).await?;
        let then = build.read_previous(warehouse, before.as_ref(), graph, &tables).await?;
        self.tonight.previous = tonight;
        self.then.previous = then;
        self.lake = lake;
        Ok(())
    }

    /// The graph of its project; none if that is not known.
    pub(super) fn graph<'a>(&'a self, build: &'a Build<'_>) -> Option<&'a Graph> {
        match &self.project {
            Kept::Unknown => None,
            Kept::Same => Some(&build.settings.graph),
            Kept::Other(graph) => Some(graph),
        }
    }

    /// A source of that project, opened.
    pub(super) fn opened<'a>(
        &'a self,
        build: &'a Build<'_>,
        source: &Source,
    ) -> Option<(&'a Lake, &'a OpenSource)> {
        let lakes = [self.lake.as_ref(), Some(&build.lake)];
        lakes.into_iter().flatten().find_map(|lake| Some((lake, lake.opened(source)?)))
    }

    /// What scored then: a model that is not there scored nobody.
    pub(super) fn scorer(&self, model: &str) -> Result<Option<Scorer>> {
        let Some(scorer) = self.scorers.get(model) else { return Ok(None) };
        scorer.clone().map(Some).map_err(Problem::failed)
    }

    /// Its day, as its pipeline's zone has it.
    pub(super) fn as_of(&self) -> AsOf {
        AsOf::new(self.day, self.zone)
    }
}
