//! `luopan backfill`: a pipeline as of each of several past days, oldest first, so that each sees the one before.

mod days;

use std::pin::pin;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    build::sources_of,
    nightly,
    progress::Progress,
    settings::{Asked, Settings},
};
use crate::{
    graph::references::Time,
    lake::Lake,
    problem::{Problem, Result},
    warehouse::{Manifest, Pointer, Warehouse},
};
pub use days::{Every, Wanted};
use days::{Filled, check_days};

/// What stands for a day now.
#[derive(Clone, Debug, Serialize)]
pub struct Stands {
    pub as_of: NaiveDate,
    pub set: String,
    pub state: State,
    /// The first table that the pipeline publishes, and its rows.
    pub table: String,
    pub rows: u64,
    /// That its run took.
    pub seconds: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Published,
    /// Run, and the same set stood there.
    Unchanged,
    /// It had a set, and was not run.
    Skipped,
}

/// Runs the pipeline as of each wanted day, and tells of each through `done` as it is done. Stops at the first that
/// fails, with its exit status: what was published before stays. Each run is recorded as one of its own.
pub async fn backfill(
    asked: &Asked,
    wanted: &Wanted,
    progress: &dyn Progress,
    interrupted: impl Future<Output = ()>,
    done: &mut dyn FnMut(&Stands) -> Result<()>,
) -> Result<()> {
    let settings = Settings::resolve(&Asked { as_of: None, ..asked.clone() })?;
    let days = wanted.days();
    check_days(&settings, wanted, &days)?;
    let mut interrupted = pin!(interrupted);
    let (pointer, standing) = tokio::select! {
        known = look(&settings, wanted, &days, progress) => known?,
        () = interrupted.as_mut() => return Err(stopped()),
    };
    let skipped = |day: &NaiveDate| standing.iter().find(|set| set.as_of == *day);
    let mut filled = Filled::default();
    let mut result = Ok(());
    for (n, day) in days.iter().enumerate() {
        let stands = match skipped(day) {
            Some(set) => Ok(stood(set, &settings)),
            None => {
                progress.note(&format!("{day}, day {} of {}", n + 1, days.len()));
                // A signal that came while the day before was being published has waited.
                let stop = tokio::select! {
                    biased;
                    () = interrupted.as_mut() => true,
                    () = std::future::ready(()) => false,
                };
                match stop {
                    true => Err(stopped()),
                    false => run_one(asked, *day, &settings, progress, interrupted.as_mut()).await,
                }
            }
        };
        match stands {
            Ok(stands) => {
                filled.add(&stands);
                done(&stands)?;
            }
            Err(problem) => {
                result = Err(problem.while_doing(filled.stopped_at(*day)));
                break;
            }
        }
    }
    if let Some(warning) = filled.made_without(&pointer).filter(|_| looks_back(&settings)) {
        progress.warning(&warning);
    }
    result
}

fn stopped() -> Problem {
    Problem::setup("interrupted")
        .help("days that have a set stay as they are: the same command goes on from there")
}

/// Which sets stand, and those that are to be left alone. Fails on days that could not be run.
async fn look(
    settings: &Settings,
    wanted: &Wanted,
    days: &[NaiveDate],
    progress: &dyn Progress,
) -> Result<(Pointer, Vec<Manifest>)> {
    let warehouse = Warehouse::open(settings.warehouse.clone());
    let pointer = warehouse.pointer().await?;
    let mut standing = Vec::new();
    for day in days.iter().filter(|day| pointer.sets.contains_key(day)) {
        warehouse.refuse_another_pipeline(*day, &settings.pipeline.name).await?;
        // One that is lost or damaged is made again.
        standing.extend(warehouse.manifest(*day).await.ok().flatten().filter(|_| !wanted.again));
    }
    if let Some(first) = days.iter().find(|day| standing.iter().all(|set| set.as_of != **day)) {
        progress.stage("looking at the lake", None);
        let published: Vec<&str> = settings.pipeline.publish.iter().map(|(name, _)| name.as_str()).collect();
        let lake = Lake::list(settings.lake.clone(), sources_of(settings, &published)).await?;
        lake.check_not_before_data(settings.at(*first))?;
    }
    Ok((pointer, standing))
}

async fn run_one(
    asked: &Asked,
    day: NaiveDate,
    settings: &Settings,
    progress: &dyn Progress,
    interrupted: impl Future<Output = ()>,
) -> Result<Stands> {
    let summary = nightly::run(&Asked { as_of: Some(day), ..asked.clone() }, progress, interrupted).await?;
    let table = main_table(settings);
    Ok(Stands {
        as_of: day,
        state: if summary.changed { State::Published } else { State::Unchanged },
        rows: summary.tables.iter().find(|t| t.table == table).map_or(0, |t| t.rows),
        table: table.to_owned(),
        set: summary.set,
        seconds: Some(summary.seconds),
    })
}

fn stood(set: &Manifest, settings: &Settings) -> Stands {
    let table = main_table(settings);
    Stands {
        as_of: set.as_of,
        set: set.set.clone(),
        state: State::Skipped,
        table: table.to_owned(),
        rows: set.table(table).map_or(0, |t| t.rows()),
        seconds: None,
    }
}

fn main_table(settings: &Settings) -> &str {
    settings.pipeline.publish.first().map_or("", |(name, _)| name)
}

/// Whether a day's tables are made of the set before it, too.
fn looks_back(settings: &Settings) -> bool {
    let graph = &settings.graph;
    graph.in_order().flat_map(|t| &t.reads).any(|r| matches!(r.time, Time::Previous | Time::History))
        || graph.learned().next().is_some()
        || graph.graded().next().is_some()
}
