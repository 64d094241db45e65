//! How good the models are, in a line.

use super::lines::{WIDTH, cut};
use crate::{
    learn::LearnedKind,
    run::summary::{ModelLine, ModelState},
};

/// How well they tell customers apart; what went wrong, and whether new fits passed.
pub fn models(models: &[ModelLine]) -> Vec<String> {
    let with_auc = models.iter().filter_map(|model| {
        let auc = model.metrics.iter().find(|m| m.metric == "roc_auc")?;
        Some((model, auc.value?, auc.low.zip(auc.high)))
    });
    let told = with_auc.enumerate().map(|(i, (model, auc, interval))| {
        let what = match (model.kind, model.label.as_deref()) {
            (Some(LearnedKind::Amount), _) => {
                if i == 0 { "growers from others" } else { "growers" }.to_owned()
            }
            (_, Some("churned")) => "leavers from stayers".to_owned(),
            (_, label) => format!("`{}` from others", label.unwrap_or(&model.model)),
        };
        // The area under the ROC curve: of all pairs of one and the other, the share in which the right one has more.
        let hundred = |share: f64| format!("{:.0}", 100.0 * share);
        let times = if i == 0 { " times in 100" } else { "" };
        let interval = interval.map(|(low, high)| format!(" ({}-{})", hundred(low), hundred(high)));
        format!("{what} {}{times}{}", hundred(auc), interval.unwrap_or_default())
    });
    let told: Vec<String> = told.collect();
    let of = |state: ModelState| models.iter().filter(move |m| m.state == state);
    let names = |state: ModelState| of(state).map(|m| m.model.as_str()).collect::<Vec<_>>().join(" and ");
    let mut pieces = Vec::new();
    if let Some(first) = of(ModelState::Refused).next() {
        // Beside other models there is no room for the reason: the warning has it.
        let why = if told.is_empty() { format!(": {}", first.reason) } else { String::new() };
        pieces.push(format!("no scores from {}{why}", names(ModelState::Refused)));
    }
    if !told.is_empty() {
        pieces.push(format!("tell {}", told.join(", ")));
    }
    if of(ModelState::GoesOn).next().is_some() {
        pieces.push(format!("no new version of {}", names(ModelState::GoesOn)));
    }
    if !models.is_empty() && models.iter().all(|m| m.state == ModelState::Passed) {
        pieces.push("gates passed".into());
    }
    let last = pieces.len().saturating_sub(1);
    pieces[..last].iter_mut().for_each(|piece| piece.push(';'));
    pieces.iter().map(|piece| cut(piece, WIDTH)).collect()
}
