//! One learned model tonight: its rows at past cutoffs, a challenger if one is due, and today's scores by the better one.

use std::sync::Arc;

use arrow::array::RecordBatch;
use chrono::NaiveDate;

use super::{
    champion::{Champion, Fit, unfit},
    rows::{Who, notes, rows_at, waiting_at},
};
use crate::{
    engine::{
        past::{horizon, labelled},
        tables::Rows,
    },
    learn::{
        self, Fitted, FittedBefore, LearnedKind, LearnedSpec, Outcome, Standing, Version, gates,
        reasons::reasons_schema, rows::Features, sentence::Sentence, standing::Refusal, train,
    },
    problem::{Problem, Result},
    run::Build,
};

/// Nobody foresees people this well: a feature that was written after the outcome does.
const TOO_GOOD: f64 = 0.995;

/// A model's table, and that of its reasons if it was asked for.
pub struct Made {
    pub scores: Rows,
    pub reasons: Rows,
}

/// Scores the customers of `day` by tonight's champion; no rows if there is none.
pub async fn learn_and_score(
    build: &Build<'_>,
    name: &str,
    spec: &LearnedSpec,
    day: NaiveDate,
    with_reasons: bool,
) -> Result<Made> {
    let (features, nobody) = waiting_at(build, &spec.features, day).await?;
    let standing = stand(build, name, spec, &features, &nobody).await?;
    say(build, name, &standing);
    let mut made = Made {
        scores: Rows {
            schema: learn::schemas::scores_schema(spec.kind == LearnedKind::Amount),
            batches: Vec::new(),
        },
        reasons: Rows { schema: reasons_schema(), batches: Vec::new() },
    };
    if let Some(champion) = &standing.champion {
        let artifact = Arc::clone(&champion.artifact);
        let notes = notes(&build.settings.graph);
        let scored = blocking(move || artifact.score(&features.read()?, &notes, with_reasons)).await?;
        made.scores.batches.push(scored.scores);
        made.reasons.batches = scored.reasons;
    }
    build.standings().insert(name.to_owned(), standing);
    Ok(made)
}

/// Minutes of arithmetic must not hold up the tables that other threads make.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::failed(format!("a model ended: {e}")))?
}

/// Decides who scores. `nobody`: the columns of the features, without a row.
async fn stand(
    build: &Build<'_>,
    name: &str,
    spec: &LearnedSpec,
    features: &Arc<dyn Features>,
    nobody: &RecordBatch,
) -> Result<Standing> {
    let plan = build.plan_of(name);
    let mut champion = plan.champion;
    let mut lost = plan.lost;
    // A column that is gone: the champion knows no more what to go by.
    if let Some(unfit) = champion.as_ref().and_then(|c| unfit(&c.version.artifact, nobody)) {
        (champion, lost) = (None, Some(unfit));
    }
    if let (Some(champion), Fit::NotDue) = (&champion, plan.fit) {
        return Ok(kept(champion, build.settings.as_of.day));
    }
    if let Some(lost) = lost {
        build.warn(format!("model `{name}`: the version that scored last cannot go on: {lost}"));
    }
    let horizon_days = horizon(&build.settings.graph, &spec.label)?;
    let before = build.fit_before(name).cloned();
    if let (Some(before), Some(champion)) = (&before, &champion)
        && before.version == champion.version.version
    {
        return Ok(same_again(champion, build.settings.as_of.day));
    }
    let mut cutoffs = Vec::new();
    let mut past = labelled(&build.cutoffs, horizon_days, build.settings.as_of.day);
    past.retain(|day| before.as_ref().is_none_or(|before| before.measured_on.contains(day)));
    for cutoff in past {
        let rows = rows_at(build, (&spec.features, &spec.label), cutoff, Who::Labelled).await?;
        if !rows.label.is_empty() {
            cutoffs.push(rows);
        }
    }
    let (owned, spec) = (name.to_owned(), spec.clone());
    let (day, features) = (build.settings.as_of.day, Arc::clone(features));
    let (standing, kept) = blocking(move || {
        let (outcome, kept) = match before {
            Some(before) => (Outcome::Fitted(Box::new(before.with_holdout(&cutoffs)?)), None),
            None => {
                let outcome = train(&owned, &spec, horizon_days.into(), &cutoffs)?;
                let kept = outcome.fitted().map(FittedBefore::to_json).transpose()?.flatten();
                (outcome, kept)
            }
        };
        Ok((judge(outcome, champion.as_ref(), &spec, features.as_ref(), day)?, kept))
    })
    .await?;
    if let Some(json) = kept {
        build.keep_fit(name, json).await;
    }
    Ok(standing)
}

/// A fit that gives what scores already.
fn same_again(champion: &Champion, day: NaiveDate) -> Standing {
    let version = &champion.version.version;
    let mut standing = kept(champion, day);
    standing.because(Sentence::new(
        format!("a fit on tonight's rows gives the same version {version}"),
        format!("用今晚的数据训练，得到同一版本 {version}"),
    ));
    standing
}

fn kept(champion: &Champion, day: NaiveDate) -> Standing {
    let (why, why_zh) = match champion.decided {
        true => ("somebody decided so", "由人工指定"),
        false => ("a new fit is not due", "尚未到重新训练的时间"),
    };
    let Version { version, fitted_on, .. } = &champion.version;
    let mut standing = Standing {
        champion: Some(champion.version.clone()),
        champion_since: champion.since.or(Some(day)),
        ..Standing::default()
    };
    standing.because(Sentence::new(
        format!("version {version} of {fitted_on} scores: {why}"),
        format!("由 {fitted_on} 的版本 {version} 评分：{why_zh}"),
    ));
    standing
}

/// Lets tonight's fit score, or the champion, or nobody.
fn judge(
    outcome: Outcome,
    champion: Option<&Champion>,
    spec: &LearnedSpec,
    features: &dyn Features,
    day: NaiveDate,
) -> Result<Standing> {
    let mut standing = champion.map_or_else(Standing::default, |champion| kept(champion, day));
    let fitted = match outcome {
        Outcome::Refused { reason, metrics } => {
            standing.because(match champion.map(|champion| &champion.version.version) {
                Some(version) => Sentence::new(
                    format!("version {version} goes on: {reason}"),
                    format!("版本 {version} 继续评分：{}", reason.chinese),
                ),
                None => reason.clone(),
            });
            standing.refused = Some(Refusal { reason, metrics });
            return Ok(standing);
        }
        Outcome::Fitted(fitted) => *fitted,
    };
    let version = fitted.artifact.version()?;
    if let Some(champion) = champion.filter(|champion| champion.version.version == version) {
        return Ok(same_again(champion, day));
    }
    standing.gates = gates_of(&fitted, champion, spec, features)?;
    let new = Version { version, artifact: Arc::new(fitted.artifact), fitted_on: day };
    if standing.gates.iter().all(|gate| gate.passed) {
        let version = &new.version;
        standing.because(match champion.map(|former| &former.version.version) {
            Some(former) => Sentence::new(
                format!("version {version} passed its gates and follows {former}"),
                format!("版本 {version} 通过检验门槛，接替 {former}"),
            ),
            None => Sentence::new(
                format!("version {version} passed its gates"),
                format!("版本 {version} 通过检验门槛"),
            ),
        });
        standing.champion_since = Some(day);
        standing.champion = Some(new);
    } else {
        let short = standing.shortcomings();
        standing.because(match champion.map(|former| &former.version) {
            Some(Version { version, fitted_on, .. }) => Sentence::new(
                format!("version {version} of {fitted_on} goes on: tonight's fit is not promoted: {short}"),
                format!("{fitted_on} 的版本 {version} 继续评分：今晚训练的模型未获晋升：{}", short.chinese),
            ),
            None => short,
        });
        standing.challenger = Some(new);
    }
    Ok(standing)
}

fn gates_of(
    fitted: &Fitted,
    champion: Option<&Champion>,
    spec: &LearnedSpec,
    features: &dyn Features,
) -> Result<Vec<learn::Gate>> {
    let bounds = &spec.governance.gates;
    let champion = champion.map(|champion| champion.version.artifact.as_ref());
    let mut found = gates::fitness(fitted, bounds, champion)?;
    if let Some(champion) = champion {
        let features = features.read()?;
        let shift = fitted.artifact.shift(&features)?;
        let champion_shift = champion.shift(&features)?;
        found.extend(gates::against_champion(fitted, champion, bounds, &shift, &champion_shift)?);
    }
    Ok(found)
}

/// What a person should know who only looks at warnings.
fn say(build: &Build<'_>, name: &str, standing: &Standing) {
    if standing.champion.is_none() {
        build.warn(format!("model `{name}` gives no scores: {}", standing.reason));
        return;
    }
    if standing.challenger.is_some() || standing.refused.is_some() {
        build.warn(format!("model `{name}`: {}", standing.reason));
    }
    let auc = standing.champion.as_ref().and_then(|c| c.artifact.card.metric("roc_auc"));
    if let Some(auc) = auc.filter(|auc| *auc > TOO_GOOD) {
        build.warn(format!(
            "model `{name}`: AUC {auc:.4} is too good to be true: does a feature hold the outcome?"
        ));
    }
    let scoring = standing.champion.iter().flat_map(|c| &c.artifact.card.notes);
    for note in scoring.filter_map(|note| note.strip_prefix("warning: ")) {
        build.warn(format!("model `{name}`: {note}"));
    }
}
