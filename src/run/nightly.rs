//! `luopan run`: the whole night, and a record of it however it ends.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Build,
    audits::{Audited, check_audits},
    cache::seen_keys,
    damage::Damage,
    draft::draft,
    progress::Progress,
    settings::{Asked, Settings},
    stages::Measured,
    summary::Summary,
};
use crate::{
    graph::Table,
    lake::SeenKeys,
    problem::{Problem, Result},
    warehouse::{DraftSet, Holder, LockGuard, RunRecord, RunStatus, Stage, Step, Warehouse},
};

/// Runs the pipeline; on success the set is published.
///
/// `interrupted` ends the run when it resolves: nothing is published then.
pub async fn run(
    asked: &Asked,
    progress: &dyn Progress,
    interrupted: impl Future<Output = ()>,
) -> Result<Summary> {
    let started_at = Utc::now();
    match Settings::resolve(asked) {
        Ok(settings) => run_as_set(&settings, started_at, progress, interrupted).await,
        Err(problem) => {
            let result = Err(problem);
            if let Ok((pipeline, location)) = Settings::warehouse(asked) {
                let record = Log::default().record(&pipeline, asked.as_of, started_at, &result);
                write_record(&Warehouse::open(location), &record, progress).await;
            }
            result
        }
    }
}

/// As [`run`], with everything settled.
pub async fn run_as_set(
    settings: &Settings,
    started_at: DateTime<Utc>,
    progress: &dyn Progress,
    interrupted: impl Future<Output = ()>,
) -> Result<Summary> {
    let mut log = Log::default();
    let warehouse = Warehouse::open(settings.warehouse.clone());
    let measured = Measured::new(progress);
    let result = run_locked(settings, &warehouse, started_at, &measured, &mut log, interrupted).await;
    log.stages = measured.stages();
    let record = log.record(&settings.pipeline.name, Some(settings.as_of.day), started_at, &result);
    write_record(&warehouse, &record, progress).await;
    result.map(|mut summary| {
        summary.run = record.run;
        summary.seconds = (record.ended_at - started_at).as_seconds_f64();
        summary
    })
}

async fn write_record(warehouse: &Warehouse, record: &RunRecord, progress: &dyn Progress) {
    if let Err(unwritten) = warehouse.write_run(record).await {
        progress.warning(&format!("the run's record could not be written: {unwritten}"));
    }
}

/// Holds the lock for as long as anything runs, and gives it up however that ends.
async fn run_locked(
    settings: &Settings,
    warehouse: &Warehouse,
    started_at: DateTime<Utc>,
    progress: &dyn Progress,
    log: &mut Log,
    interrupted: impl Future<Output = ()>,
) -> Result<Summary> {
    crate::engine::plan::plan_all(&settings.graph)?;
    let what = format!("{} as of {}", settings.pipeline.name, settings.as_of.day);
    let mut interrupted = std::pin::pin!(interrupted);
    let holder = Holder::this_process(started_at, what);
    // A lock that was half taken is that of a process that will be dead.
    let lock = tokio::select! {
        lock = warehouse.lock(&holder) => lock?,
        () = &mut interrupted => return Err(stopped()),
    };
    if let Some(whose) = lock.taken_over() {
        let warning = format!(
            "a lock was taken over that nobody gave up ({whose}): what that run left behind is removed"
        );
        progress.warning(&warning);
        log.warnings.push(warning);
    }
    let made = tokio::select! {
        made = make(settings, warehouse, progress, log) => made,
        () = &mut interrupted => Err(stopped()),
    };
    // From here on it is seconds, and not to be broken off: whoever interrupts now finds the set published.
    let result = match made {
        Ok((summary, draft)) => publish(warehouse, &lock, summary, draft, progress, log).await,
        Err(problem) => Err(problem),
    };
    if let Err(kept) = lock.release().await {
        progress.warning(&kept.to_string());
    }
    result
}

fn stopped() -> Problem {
    Problem::setup(INTERRUPTED).help("readers see what they saw before; run it again")
}

const INTERRUPTED: &str = "interrupted: nothing was published";

/// What the record will say.
#[derive(Default)]
struct Log {
    steps: Vec<Step>,
    warnings: Vec<String>,
    notes: Vec<String>,
    stages: Vec<Stage>,
}

impl Log {
    fn record(
        &self,
        pipeline: &str,
        as_of: Option<NaiveDate>,
        started_at: DateTime<Utc>,
        result: &Result<Summary>,
    ) -> RunRecord {
        let ended_at = Utc::now();
        let (status, exit_status) = match result {
            Ok(_) => (RunStatus::Done, 0),
            Err(p) if p.message == INTERRUPTED => (RunStatus::Interrupted, 2),
            Err(p) if p.exit_status() == 1 => (RunStatus::Failed, 1),
            Err(_) => (RunStatus::CouldNotRun, 2),
        };
        RunRecord {
            run: format!("{}-{}", started_at.format("%Y%m%dT%H%M%S%6fZ"), std::process::id()),
            pipeline: pipeline.to_owned(),
            as_of,
            started_at,
            ended_at,
            status,
            exit_status,
            set: result.as_ref().ok().map(|s| s.set.clone()),
            steps: self.steps.clone(),
            stages: self.stages.clone(),
            warnings: self.warnings.clone(),
            notes: self.notes.clone(),
            error: result.as_ref().err().map(|p| p.render(false)),
        }
    }
}

/// All tables, made and audited, as the set to be published.
async fn make(
    settings: &Settings,
    warehouse: &Warehouse,
    progress: &dyn Progress,
    log: &mut Log,
) -> Result<(Summary, DraftSet)> {
    let published: Vec<&str> = settings.pipeline.publish.iter().map(|(name, _)| name.as_str()).collect();
    let audits = settings.graph.audits_of(&published);
    let targets: Vec<&str> =
        published.iter().copied().chain(audits.iter().map(|audit| audit.name.as_str())).collect();
    let seen = match settings.cache {
        true => seen_keys(warehouse).await,
        false => SeenKeys::default(),
    };
    let mut build = Build::open(settings, &targets, &Damage::new(), seen, progress).await?;
    let mut made = make_and_check(&mut build, warehouse, &targets, &audits, progress, &mut log.steps).await;
    if let Err(problem) = made {
        made = match build.damage_behind(problem).await {
            Err(problem) => Err(problem),
            Ok(damage) => {
                // Tables were made of what could be read before: all are made anew, without the damaged files.
                log.steps.clear();
                drop(build);
                build = Build::open(settings, &targets, &damage, SeenKeys::default(), progress).await?;
                make_and_check(&mut build, warehouse, &targets, &audits, progress, &mut log.steps).await
            }
        };
    }
    log.notes = build.cache_notes();
    let warnings = build.warnings();
    warnings.iter().for_each(|w| progress.warning(w));
    log.warnings.extend(warnings);
    let audited = made?;
    let draft = draft(&build, &published, &audited).await?;
    build.sweep_cache().await;
    let previous = warehouse.previous_set(settings.as_of.day).await?.map(|set| set.as_of);
    Ok((Summary { audits: audited, ..Summary::of(&build, &draft, previous).await? }, draft))
}

async fn publish(
    warehouse: &Warehouse,
    lock: &LockGuard,
    summary: Summary,
    draft: DraftSet,
    progress: &dyn Progress,
    log: &mut Log,
) -> Result<Summary> {
    progress.stage("publishing", None);
    let done = warehouse.publish(lock, draft).await?;
    for warning in &done.warnings {
        progress.warning(&warning.to_string());
        log.warnings.push(warning.to_string());
    }
    Ok(Summary { set: done.set, changed: done.changed, files: done.files, bytes: done.bytes, ..summary })
}

async fn make_and_check(
    build: &mut Build<'_>,
    warehouse: &Warehouse,
    targets: &[&str],
    audits: &[&Table],
    progress: &dyn Progress,
    done: &mut Vec<Step>,
) -> Result<Audited> {
    Problem::all(build.look_at_sources().await?)?;
    build.open_previous(warehouse).await?;
    build.open_history(warehouse, targets, &[]).await?;
    build.open_models(warehouse, targets, progress, done).await?;
    build.open_former(warehouse, targets).await?;
    if build.settings.cache {
        build.open_cache(warehouse, targets, progress, done).await;
    }
    build.make(targets, progress, done).await?;
    progress.stage("auditing", None);
    check_audits(build, audits).await
}
