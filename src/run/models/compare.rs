//! `luopan models compare`: two versions' figures side by side.

use chrono::NaiveDate;
use serde::Serialize;

use super::registry::Registry;
use crate::{
    learn::{Gate, Metric, card::Card, metrics::Interval},
    problem::{Problem, Result},
    run::settings::Asked,
    warehouse::Role,
};

/// Two versions, as each was measured when it was fitted.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub model: String,
    pub first: Side,
    pub second: Side,
    pub metrics: Vec<Compared>,
    /// Whether both were measured on the same day, on as many customers and events. If not, a difference may come from
    /// the customers as well as from the models.
    pub same_customers: bool,
    /// What was found on the same customers when the second was fitted while the first scored.
    pub on_the_same: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Side {
    pub version: String,
    /// In the newest set that has it.
    pub role: Option<Role>,
    pub in_set: Option<NaiveDate>,
    pub fitted_on: Option<NaiveDate>,
    pub estimator: String,
    pub measured_on: Option<NaiveDate>,
    pub customers: i64,
    pub events: i64,
}

#[derive(Debug, Serialize)]
pub struct Compared {
    pub metric: String,
    pub first: Figure,
    pub second: Figure,
    /// The second less the first.
    pub difference: Option<f64>,
}

#[derive(Debug, Default, Serialize)]
pub struct Figure {
    pub value: Option<f64>,
    pub interval: Option<Interval>,
}

/// Compares two versions. Without any: the champion of the newest set with its challenger, or the champion before it with
/// it. With one: that with the one that scores.
pub async fn compare(asked: &Asked, model: &str, typed: &[String]) -> Result<(Comparison, Registry)> {
    let registry = Registry::open(asked).await?;
    let (first, second) = registry.pair(model, typed)?;
    let (one, other) = (registry.card(model, &first).await?, registry.card(model, &second).await?);
    let ground = |card: &Card| card.metrics.first().map(|m| (m.test_cutoff, m.rows, m.events));
    let comparison = Comparison {
        model: model.to_owned(),
        metrics: side_by_side(&one, &other),
        same_customers: ground(&one).is_some() && ground(&one) == ground(&other),
        on_the_same: registry.on_the_same(model, &first, &second),
        first: registry.side(model, first, &one),
        second: registry.side(model, second, &other),
    };
    Ok((comparison, registry))
}

/// Metrics of either, in the order of the first.
fn side_by_side(one: &Card, other: &Card) -> Vec<Compared> {
    let named = |card: &Card, name: &str| card.metrics.iter().find(|m| m.metric == name).map(figure);
    let of_first = one.metrics.iter().map(|m| m.metric.as_str());
    let of_second_only =
        other.metrics.iter().map(|m| m.metric.as_str()).filter(|name| named(one, name).is_none());
    of_first
        .chain(of_second_only)
        .map(|name| {
            let (first, second) =
                (named(one, name).unwrap_or_default(), named(other, name).unwrap_or_default());
            let difference = first.value.zip(second.value).map(|(first, second)| second - first);
            Compared { metric: name.to_owned(), first, second, difference }
        })
        .collect()
}

fn figure(metric: &Metric) -> Figure {
    Figure { value: metric.value, interval: metric.interval }
}

impl Registry {
    fn pair(&self, model: &str, typed: &[String]) -> Result<(String, String)> {
        if let [first, second] = typed {
            return Ok((self.version(model, first)?, self.version(model, second)?));
        }
        let scores = self.version_or_champion(model, None)?;
        if let [other] = typed {
            let other = self.version(model, other)?;
            if other != scores {
                return Ok((scores, other));
            }
        }
        if let Some(challenger) = self.newest_of(model, Role::Challenger) {
            return Ok((scores, challenger.version.clone()));
        }
        match self.champion_before(model, Some(&scores)) {
            Some(before) => Ok((before.version.clone(), scores)),
            None => {
                Err(Problem::setup(format!("there is nothing to compare version {scores} of `{model}` with"))
                    .help(
                        "no other version scored or was its challenger; `luopan models list --all` shows all",
                    ))
            }
        }
    }

    fn side(&self, model: &str, version: String, card: &Card) -> Side {
        let newest = self.history.of_version(model, &version).next_back();
        let metric = card.metrics.first();
        Side {
            role: newest.map(|(_, entry)| entry.role),
            in_set: newest.map(|(day, _)| day),
            fitted_on: self.history.fitted_on(model, &version),
            estimator: card.estimator.clone(),
            measured_on: metric.and_then(|m| m.test_cutoff),
            customers: metric.map_or(0, |m| m.rows),
            events: metric.map_or(0, |m| m.events),
            version,
        }
    }

    /// The second was held against whoever scored in the set before the one in which it was fitted.
    fn on_the_same(&self, model: &str, first: &str, second: &str) -> Option<String> {
        let (day, entry) =
            self.history.of_version(model, second).find(|(_, entry)| !entry.gates.is_null())?;
        let (_, former) = self.history.champions(model).rev().find(|(before, _)| *before < day)?;
        let gates: Vec<Gate> = serde_json::from_value(entry.gates.clone()).ok()?;
        let gate = gates.into_iter().find(|gate| gate.gate == "not_worse_than_champion")?;
        (former.version == first).then_some(gate.text)
    }
}
