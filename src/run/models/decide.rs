//! `luopan models promote` and `rollback`: somebody's word on who scores.

use chrono::{NaiveDate, Utc};
use serde::Serialize;

use super::{
    champion::{another_question, earliest_fit, is_another_question, read_artifact, unfit},
    registry::Registry,
};
use crate::{
    engine::{past::horizon, plan::plan_all},
    learn::Artifact,
    problem::{Problem, Result},
    run::settings::Asked,
    warehouse::{Decision, Holder, Role},
};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wish {
    pub model: String,
    /// Whole or by its first digits; without one, the version that scored before the present one.
    pub version: Option<String>,
    /// The first night; without one, that after the newest set.
    pub from: Option<NaiveDate>,
    /// Whether it goes on scoring whatever is fitted.
    pub hold: bool,
}

/// What was decided, and what follows from it.
#[derive(Debug, Serialize)]
pub struct Decided {
    pub model: String,
    pub version: String,
    pub from: NaiveDate,
    pub hold: bool,
    /// That scores in the newest set.
    pub scored: Option<String>,
    /// Days from `from` on that were published already: they change only if they are run again.
    pub published: Vec<NaiveDate>,
    /// The night after the newest set.
    pub next_night: Option<NaiveDate>,
    /// What does not undo the decision.
    pub warnings: Vec<String>,
}

/// Writes the decision down, under the warehouse's lock.
///
/// Refuses (exit 2) what is not there, and a version for a night that came before what it learned. Fails (exit 1) on one
/// whose artifact is damaged or gone.
pub async fn decide(asked: &Asked, wish: &Wish) -> Result<Decided> {
    // A first look, so that a slip of the pen neither waits for a run nor makes a warehouse.
    let registry = Registry::open(asked).await?;
    registry.wanted(wish)?;
    let what = format!("models {} {}", if wish.hold { "rollback" } else { "promote" }, wish.model);
    let lock = registry.warehouse.lock(&Holder::this_process(Utc::now(), what)).await?;
    let written = async {
        let registry = Registry::read(registry.settings, registry.warehouse.clone()).await?;
        let (version, from) = registry.wanted(wish)?;
        registry.check_fitness(&wish.model, &version, from).await?;
        let decision = Decision { version: version.clone(), from, hold: wish.hold, made_at: Utc::now() };
        registry.warehouse.decide(&lock, &wish.model, decision).await?;
        let scored = registry.newest_of(&wish.model, Role::Champion).map(|entry| entry.version.clone());
        let days = registry.history.sets.iter().map(|(day, _)| *day);
        Ok(Decided {
            model: wish.model.clone(),
            version,
            from,
            hold: wish.hold,
            scored,
            published: days.filter(|day| *day >= from).collect(),
            next_night: registry.next_night(),
            warnings: Vec::new(),
        })
    };
    let written: Result<Decided> = written.await;
    let released = lock.release().await;
    let mut decided = written?;
    decided.warnings.extend(released.err().map(|kept| kept.to_string()));
    Ok(decided)
}

impl Registry {
    /// The version and the first night of a wish.
    fn wanted(&self, wish: &Wish) -> Result<(String, NaiveDate)> {
        let model = &wish.model;
        let version = match &wish.version {
            Some(typed) => self.version(model, typed)?,
            None => {
                self.versions_of(model)?;
                let scores = self.newest_of(model, Role::Champion).map(|entry| entry.version.as_str());
                let before = self.champion_before(model, scores).ok_or_else(|| {
                    let than = scores.map_or(String::new(), |version| format!(" but {version}"));
                    Problem::setup(format!("no version of `{model}`{than} scored in any set that stands"))
                        .help("name one with --to; `luopan models list --all` shows them")
                })?;
                before.version.clone()
            }
        };
        let from = wish.from.or(self.next_night()).ok_or_else(|| {
            Problem::setup("nothing was published yet, so there is no night after it").help("give --from")
        })?;
        Ok((version, from))
    }

    /// Whether it could score on that night.
    async fn check_fitness(&self, model: &str, version: &str, from: NaiveDate) -> Result<()> {
        let artifact = read_artifact(&self.warehouse, model, version)
            .await
            .map_err(|problem| problem.while_doing(format!("version {version} of `{model}` cannot score")))?;
        if let Some(earliest) = earliest_fit(&artifact).filter(|earliest| *earliest > from) {
            return Err(Problem::setup(format!(
                "version {version} of `{model}` learned what was known on {earliest}: on {from} it would know the future"
            ))
            .help(format!("give --from {earliest} or later")));
        }
        match self.unfit(model, version, &artifact)? {
            Some(why) => Err(Problem::setup(format!("version {version} of `{model}` cannot score: {why}"))
                .help("`luopan models list --all` shows the others")),
            None => Ok(()),
        }
    }

    /// Why the project as it is now could not use it. Of a model that it no longer has, nothing is said.
    fn unfit(&self, model: &str, version: &str, artifact: &Artifact) -> Result<Option<String>> {
        let Some((_, spec)) = self.settings.graph.learned().find(|(name, _)| *name == model) else {
            return Ok(Some("the project has no such model any more".into()));
        };
        if is_another_question(artifact, spec, horizon(&self.settings.graph, &spec.label)?) {
            return Ok(Some(another_question(artifact, version)));
        }
        let schemas = plan_all(&self.settings.graph)?;
        let columns = schemas.get(&spec.features);
        Ok(columns.and_then(|schema| unfit(artifact, &arrow::array::RecordBatch::new_empty(schema.clone()))))
    }
}
