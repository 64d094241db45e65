//! Learning a lifetime: measured forward from the newest past day, fitted on today.

use arrow::array::RecordBatch;
use chrono::NaiveDate;

use super::{
    artifact::{LifetimeArtifact, SCHEMA_VERSION},
    histories::Histories,
    model::LifetimeModel,
    report::Customers,
};
use crate::{
    learn::{CutoffRows, Metric, sentence::Sentence},
    problem::{Problem, Result},
    project::model::LifetimeSpec,
};

/// What came of it.
#[derive(Clone, Debug)]
pub enum LifetimeOutcome {
    Fitted(Box<LifetimeFitted>),
    /// There is no model, hence no figure.
    Refused {
        /// What was found and what was needed.
        reason: Sentence,
        /// Without values.
        metrics: Vec<Metric>,
    },
}

#[derive(Clone, Debug)]
pub struct LifetimeFitted {
    /// Fitted on today's purchases.
    pub artifact: LifetimeArtifact,
    /// How the same model, fitted on the newest past day, foresaw what came; then today's parameters.
    pub metrics: Vec<Metric>,
    pub notes: Vec<String>,
}

/// Fits `spec` on the purchases known on `day` (the table `spec.purchases`), as the model `name`.
///
/// `past`: the same table at past days, with the label `spec.future`: purchases in the `future_days` that followed. Only the
/// newest day with labels is looked at: purchases need no labels to be learned from, so the model of that day is fitted on
/// all that was known then, and measured by what came.
///
/// Refuses, rather than fails, when the purchases tell too little. Fails on tables that are not what they should be.
pub fn learn(
    name: &str,
    spec: &LifetimeSpec,
    future_days: u32,
    day: NaiveDate,
    today: &RecordBatch,
    past: &[CutoffRows],
) -> Result<LifetimeOutcome> {
    learn_at(name, spec, future_days, day, today, past)
        .map_err(|problem| problem.while_doing(format!("model `{name}`")))
}

fn learn_at(
    name: &str,
    spec: &LifetimeSpec,
    future_days: u32,
    day: NaiveDate,
    today: &RecordBatch,
    past: &[CutoffRows],
) -> Result<LifetimeOutcome> {
    let histories = Histories::read(today)?;
    let (rows, repeaters) = (histories.len(), histories.repeaters());
    let customers = Customers { rows, repeaters, fitted_at: day, measured_at: None };
    let model = match LifetimeModel::fit(&histories, spec.min_events) {
        Ok(model) => model,
        Err(reason) => {
            return Ok(LifetimeOutcome::Refused { metrics: customers.unmeasured(&reason), reason });
        }
    };
    let newest = past.iter().filter(|rows| rows.label.iter().any(Option::is_some)).max_by_key(|r| r.cutoff);
    let mut metrics = match newest {
        Some(cutoff) => evaluate(spec, future_days, cutoff)?,
        None => customers.unmeasured(&Sentence::new(
            format!("there is no past day with labels `{}`", spec.future),
            format!("没有带标签 `{}` 的历史日期", spec.future),
        )),
    };
    metrics.extend(customers.estimates(&model));
    let notes = model.notes();
    let artifact = LifetimeArtifact {
        schema_version: SCHEMA_VERSION,
        name: name.into(),
        spec: spec.clone(),
        fitted_at: day,
        customers: rows,
        repeaters,
        model,
    };
    Ok(LifetimeOutcome::Fitted(Box::new(LifetimeFitted { artifact, metrics, notes })))
}

/// The model of a past day against what came.
fn evaluate(spec: &LifetimeSpec, future_days: u32, past: &CutoffRows) -> Result<Vec<Metric>> {
    let day = past.cutoff;
    let histories = past
        .features()
        .and_then(|features| Histories::read(&features))
        .map_err(|problem| problem.while_doing(day))?;
    if past.label.len() != histories.len() {
        let counts = format!("{} labels for {} customers", past.label.len(), histories.len());
        return Err(Problem::failed(format!("`{}` at {day}: {counts}", spec.future)));
    }
    if let Some(wrong) = past.label.iter().flatten().find(|v| !(v.is_finite() && **v >= 0.0)) {
        return Err(Problem::failed(format!("label `{}` is {wrong} at {day}", spec.future))
            .help("it is a number of purchases, or null"));
    }
    let labelled: Vec<usize> = (0..histories.len()).filter(|row| past.label[*row].is_some()).collect();
    let customers = Customers {
        rows: labelled.len(),
        repeaters: labelled.iter().filter(|row| histories.purchases[**row].repeats > 0).count(),
        fitted_at: day,
        measured_at: Some(day),
    };
    let model = match LifetimeModel::fit(&histories, spec.min_events) {
        Ok(model) => model,
        Err(reason) => {
            let then = Sentence::new(format!("{reason} at {day}"), format!("{}（{day}）", reason.chinese));
            return Ok(customers.unmeasured(&then));
        }
    };
    let expected = model.expected_purchases(&histories.purchases, future_days);
    let expected: Vec<f64> = labelled.iter().map(|row| expected[*row]).collect();
    let as_before = labelled.iter().map(|row| histories.purchases[*row]).map(|customer| {
        let rate = f64::from(customer.repeats) / customer.age;
        // Of a customer who came today no rate is known.
        if rate.is_finite() { rate * f64::from(future_days) } else { 0.0 }
    });
    let actual: Vec<f64> = past.label.iter().flatten().copied().collect();
    Ok(customers.measure(&expected, &as_before.collect::<Vec<_>>(), &actual, future_days))
}
