//! The version that somebody means.

use std::collections::BTreeSet;

use super::registry::Registry;
use crate::{
    problem::{Problem, Result, did_you_mean},
    warehouse::Role,
};

/// Digits of a version that suffice if no other begins with them.
const LEAST_DIGITS: usize = 4;
/// Versions that are named to who asked for another.
const NAMED: usize = 5;

impl Registry {
    /// The versions of a model; fails, with the near name, if there is no such model.
    pub(super) fn versions_of(&self, model: &str) -> Result<&BTreeSet<String>> {
        if let Some(versions) = self.versions.get(model) {
            return Ok(versions);
        }
        if self.settings.graph.learned().any(|(name, _)| name == model) {
            return Err(Problem::setup(format!(
                "model `{model}` has no version in {}",
                self.warehouse.location().url
            ))
            .help("`luopan run` fits and publishes one"));
        }
        let known: Vec<&str> = self.versions.keys().map(String::as_str).collect();
        let there = match known.is_empty() {
            true => "no model was published here".into(),
            false => format!("there are {}", known.join(", ")),
        };
        let near = did_you_mean(model, known).map_or(String::new(), |near| format!("{near} "));
        Err(Problem::setup(format!("no model `{model}`")).help(format!("{near}{there}")))
    }

    /// The version that `typed` names, whole or by its first digits.
    pub fn version(&self, model: &str, typed: &str) -> Result<String> {
        let known = self.versions_of(model)?;
        if known.contains(typed) {
            return Ok(typed.to_owned());
        }
        let begin: Vec<&String> = known.iter().filter(|version| version.starts_with(typed)).collect();
        match begin.as_slice() {
            [one] if typed.len() >= LEAST_DIGITS => return Ok((*one).clone()),
            [_, _, ..] if typed.len() >= LEAST_DIGITS => {
                let all = begin.iter().map(|v| v.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Problem::setup(format!(
                    "`{typed}` is the beginning of several versions of `{model}`"
                ))
                .help(format!("give more digits: {all}")));
            }
            _ => {}
        }
        let short = if begin.is_empty() { "" } else { ": four of its digits are the least" };
        let near =
            did_you_mean(typed, known.iter().map(String::as_str)).map_or(String::new(), |n| format!("{n} "));
        Err(Problem::setup(format!("model `{model}` has no version `{typed}`{short}"))
            .help(format!("{near}{}", self.named(model, known))))
    }

    /// The versions fitted last, for people.
    fn named(&self, model: &str, known: &BTreeSet<String>) -> String {
        let mut by_day: Vec<_> =
            known.iter().map(|v| (self.history.fitted_on(model, v), v.as_str())).collect();
        by_day.sort_by(|a, b| b.cmp(a));
        let shown = by_day.iter().take(NAMED).map(|(_, v)| *v).collect::<Vec<_>>().join(", ");
        let more = if by_day.len() > NAMED { " and more: `luopan models list --all`" } else { "" };
        format!("there are {shown}{more}")
    }

    pub(super) fn version_or_champion(&self, model: &str, typed: Option<&str>) -> Result<String> {
        if let Some(typed) = typed {
            return self.version(model, typed);
        }
        let known = self.versions_of(model)?;
        match self.newest_of(model, Role::Champion) {
            Some(entry) => Ok(entry.version.clone()),
            None => Err(Problem::setup(format!("no version of `{model}` scores in the newest set"))
                .help(format!("name one: {}", self.named(model, known)))),
        }
    }
}
