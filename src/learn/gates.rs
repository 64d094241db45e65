//! What a newly fitted model must show before it scores customers.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{
    Artifact,
    drift::{Psi, Shift},
    metrics,
    model::Model,
    sentence::Sentence,
    spec::Gates,
    train::Fitted,
    uncertainty::variance_of_events,
};
use crate::problem::Result;

/// Watched are the columns that carry most of the scores: together this share.
pub const WATCHED_SHARE: f64 = 0.8;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    pub gate: String,
    pub passed: bool,
    pub value: Option<f64>,
    pub bound: Option<f64>,
    /// What was found, in a sentence.
    pub text: String,
    /// The same in Chinese; empty in sets of older programs.
    #[serde(default)]
    pub text_zh: String,
}

impl Gate {
    fn new(gate: &str, passed: bool, value: Option<f64>, bound: f64, found: Sentence) -> Self {
        Self {
            gate: gate.into(),
            passed,
            value,
            bound: Some(bound),
            text: found.english,
            text_zh: found.chinese,
        }
    }
}

/// Gates that any model must pass: better than chance beyond doubt, and as many events as it says; or, with a champion, not
/// further from it than the champion is.
pub fn fitness(fitted: &Fitted, gates: &Gates, champion: Option<&Artifact>) -> Result<Vec<Gate>> {
    let former =
        match champion.filter(|champion| has_not_seen(champion, fitted)).and_then(|c| c.measured.as_ref()) {
            Some(measured) => Some(probabilities(measured, fitted)?),
            None => None,
        };
    Ok(vec![better_than_chance(fitted), calibrated(fitted, gates.calibration_ratio, former.as_deref())])
}

/// Whether all that the champion's measured fit learned from was known on the holdout's first day: after a change of the
/// cutoffs it may have learned from the holdout itself.
fn has_not_seen(champion: &Artifact, fitted: &Fitted) -> bool {
    let Some(first) = fitted.holdout.rows.iter().map(|rows| rows.cutoff).min() else { return false };
    let learned = champion.card.metrics.first().map_or(&[][..], |metric| &metric.train_cutoffs);
    let known = |day: &NaiveDate| {
        day.checked_add_signed(TimeDelta::days(champion.horizon_days)).is_some_and(|known| known <= first)
    };
    !learned.is_empty() && learned.iter().all(known)
}

/// What a fit that had not seen the holdout either says of it.
fn probabilities(measured: &Model, fitted: &Fitted) -> Result<Vec<f64>> {
    let mut found = Vec::new();
    for rows in &fitted.holdout.rows {
        found.extend(measured.predict(&rows.features()?)?.probability);
    }
    Ok(found)
}

fn better_than_chance(fitted: &Fitted) -> Gate {
    let holdout = &fitted.holdout;
    let interval = metrics::roc_auc_interval(&holdout.probability, &holdout.events);
    let low = interval.map(|i| i.low);
    let text = match (metrics::roc_auc(&holdout.probability, &holdout.events), interval) {
        (Some(auc), Some(i)) if i.low > 0.5 => Sentence::new(
            format!("AUC {auc:.3}, interval {:.3} to {:.3}: better than chance", i.low, i.high),
            format!("AUC {auc:.3}，区间 {:.3} 至 {:.3}：优于随机", i.low, i.high),
        ),
        (Some(auc), Some(i)) => Sentence::new(
            format!(
                "AUC {auc:.3}, interval {:.3} to {:.3} holds 0.5: on customers that it had not seen, the model may be no \
                 better than chance",
                i.low, i.high
            ),
            format!(
                "AUC {auc:.3}，区间 {:.3} 至 {:.3} 含 0.5：对未见过的客户，模型可能并不优于随机",
                i.low, i.high
            ),
        ),
        _ => unmeasured(),
    };
    Gate::new("better_than_chance", low.is_some_and(|low| low > 0.5), low, 0.5, text)
}

fn unmeasured() -> Sentence {
    Sentence::new("AUC could not be measured", "无法测得 AUC")
}

fn calibrated(fitted: &Fitted, bound: f64, champion: Option<&[f64]>) -> Gate {
    let holdout = &fitted.holdout;
    let expected: f64 = holdout.probability.iter().sum();
    let observed = holdout.events.iter().filter(|e| **e).count() as f64;
    let log_odds: Vec<f64> = holdout.probability.iter().map(|p| metrics::log_odds(*p)).collect();
    let error = variance_of_events(&log_odds, holdout.uncertainty.as_ref()).sqrt();
    let ratio = (observed > 0.0).then(|| expected / observed);
    let within = ratio.is_some_and(|ratio| ratio <= bound && ratio >= 1.0 / bound);
    let by_chance = (expected - observed).abs() <= 1.96 * error;
    let champions: Option<f64> = champion.map(|probabilities| probabilities.iter().sum());
    let no_worse = champions.is_some_and(|c| (c - observed).abs() >= (expected - observed).abs());
    let (low, high) = ((expected - 1.96 * error).max(0.0), expected + 1.96 * error);
    let text = Sentence::new(
        format!(
            "{expected:.0} events expected on the holdout ({low:.0} to {high:.0}), {observed:.0} came{}",
            champions.map_or(String::new(), |c| format!("; the champion expected {c:.0}"))
        ),
        format!(
            "留出客户上预期发生 {expected:.0} 起（{low:.0} 至 {high:.0}），实际 {observed:.0} 起{}",
            champions.map_or(String::new(), |c| format!("；冠军模型预期 {c:.0} 起"))
        ),
    );
    Gate::new("calibration", within || by_chance || no_worse, ratio, bound, text)
}

/// Gates against the model that scores now. `shift` and `champion_shift`: tonight's customers against those that each
/// learned from.
pub fn against_champion(
    fitted: &Fitted,
    champion: &Artifact,
    gates: &Gates,
    shift: &Shift,
    champion_shift: &Shift,
) -> Result<Vec<Gate>> {
    let scores = not_shifted("score_shift", gates.shift, scores_of(shift), scores_of(champion_shift));
    let of_columns = |shift: &Shift, artifact: &Artifact| {
        shift.worst_column(&artifact.card.importance, WATCHED_SHARE).map(|(column, psi)| {
            (Sentence::new(format!("feature `{column}`"), format!("特征 `{column}`")), psi)
        })
    };
    let features = not_shifted(
        "feature_shift",
        gates.shift,
        of_columns(shift, &fitted.artifact),
        of_columns(champion_shift, champion),
    );
    Ok(vec![not_worse(fitted, champion, gates.auc_may_fall)?, scores, features])
}

fn scores_of(shift: &Shift) -> Option<(Sentence, Psi)> {
    shift.scores.map(|psi| (Sentence::new("its scores", "其评分"), psi))
}

/// On the same holdout: both are fits that had not seen it.
fn not_worse(fitted: &Fitted, champion: &Artifact, may_fall: f64) -> Result<Gate> {
    let holdout = &fitted.holdout;
    let name = "not_worse_than_champion";
    let challenger = metrics::roc_auc(&holdout.probability, &holdout.events);
    if champion.measured.is_some() && !has_not_seen(champion, fitted) {
        let text = Sentence::new(
            "not to be compared: the champion has learned from some of these customers' outcomes",
            "无法比较：冠军模型训练时已知其中部分客户的结果",
        );
        return Ok(Gate::new(name, true, None, -may_fall, text));
    }
    let (former, error) = match &champion.measured {
        Some(measured) => {
            let scores = probabilities(measured, fitted)?;
            let error = metrics::roc_auc_difference(&holdout.probability, &scores, &holdout.events);
            (metrics::roc_auc(&scores, &holdout.events), error.map(|(_, error)| error))
        }
        // Without time there is no fit that had not seen some of the rows: the figures of its own evaluation.
        None => (champion.card.metric("roc_auc"), None),
    };
    let Some((challenger, former)) = challenger.zip(former) else {
        return Ok(Gate::new(name, false, None, -may_fall, unmeasured()));
    };
    let give = error.map_or(String::new(), |e| format!(" ± {:.3}", 1.96 * e));
    let (on, on_zh) = match &champion.measured {
        Some(_) => ("on the same customers", "同一批客户"),
        None => ("as it was measured then", "冠军模型为当时所测"),
    };
    let text = Sentence::new(
        format!("AUC {challenger:.3} against the champion's {former:.3}{give} {on}"),
        format!("AUC {challenger:.3}，冠军模型为 {former:.3}{give}（{on_zh}）"),
    );
    let difference = challenger - former;
    // A fall that chance explains is no reason to keep the older one.
    let by_chance = error.is_some_and(|e| difference + 1.96 * e >= 0.0);
    Ok(Gate::new(name, difference >= -may_fall || by_chance, Some(difference), -may_fall, text))
}

/// Passes where nothing has shifted by `bound`, and where the champion is no nearer to tonight's customers.
fn not_shifted(
    gate: &str,
    bound: f64,
    own: Option<(Sentence, Psi)>,
    champions: Option<(Sentence, Psi)>,
) -> Gate {
    let Some((what, psi)) = own else {
        let text =
            Sentence::new("too few customers, or columns, to tell a shift", "客户或列太少，无法判断是否漂移");
        return Gate::new(gate, true, None, bound, text);
    };
    let nearer = champions.is_some_and(|(_, champions)| champions.value < psi.value);
    let (verdict, verdict_zh) = match (psi.exceeds(bound), psi.exceeds(bound / 2.0)) {
        (true, _) if nearer => {
            ("tonight's customers are not those that it learned from", "今晚的客户已不是其训练时的客户")
        }
        (true, _) => ("a shift, of which the champion has no less", "有漂移，冠军模型也不更小"),
        (_, true) => ("a small shift", "轻微漂移"),
        _ => ("no shift", "无漂移"),
    };
    let text = Sentence::new(
        format!("population stability index of {what} {:.3}: {verdict}", psi.value),
        format!("{}的群体稳定性指数为 {:.3}：{verdict_zh}", what.chinese, psi.value),
    );
    Gate::new(gate, !psi.exceeds(bound) || !nearer, Some(psi.value), bound, text)
}
