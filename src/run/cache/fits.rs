//! Fits that an earlier night made of the very rows that tonight's would be made of.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::NaiveDate;

use super::Learned;
use crate::{
    graph::Origin,
    learn::FittedBefore,
    problem::Result,
    run::{Build, models::Fit},
    warehouse::digest_of,
};

/// How fits are written.
const FIT: &str = "json";

/// Tonight's fit of a model, as far as it is known before.
pub struct FoundFit {
    /// A digest of all that it is made of.
    made_of: String,
    /// As an earlier night made it.
    before: Option<FittedBefore>,
}

impl FoundFit {
    pub(super) fn is_found(&self) -> bool {
        self.before.is_some()
    }
}

fn folder(model: &str) -> String {
    format!("{model}/fit")
}

impl Build<'_> {
    /// Looks for tonight's fits among those of earlier nights.
    pub(super) async fn find_fits(&mut self, learned: &Learned<'_>) -> Result<()> {
        let Some(warehouse) = self.cache.warehouse.clone() else { return Ok(()) };
        for (name, steps) in learned {
            let Origin::Learned { spec, .. } = &self.settings.graph.table(name)?.origin else { continue };
            let steps: Option<Vec<String>> = steps
                .iter()
                .map(|(s, made)| Some(format!("{} {} {}", s.table, s.day, made.as_ref()?.digest())))
                .collect();
            let Some(steps) = steps else { continue };
            let made_of = digest_of(format!("{name} {spec:?} {}", steps.join(" ")).as_bytes());
            let file = self.cache.of(&folder(name)).find(|file| file.made_of == made_of).cloned();
            let mut before = None;
            if let Some(file) = file
                && let Some(bytes) = warehouse.read_cached(&file).await?
            {
                before = std::str::from_utf8(&bytes).ok().and_then(|text| FittedBefore::from_json(text).ok());
                self.cache.use_file(file);
            }
            self.cache.fits.insert((*name).to_owned(), FoundFit { made_of, before });
        }
        Ok(())
    }

    /// The fit that tonight's rows of the past give, if an earlier night made it of the same rows.
    pub(in crate::run) fn fit_before(&self, model: &str) -> Option<&FittedBefore> {
        self.cache.fits.get(model)?.before.as_ref()
    }

    /// By model that does not read all of its past tonight, what it reads: nothing if its champion goes on, or comes out
    /// again; the days that it was measured on if an earlier night's fit is to be judged.
    pub(in crate::run) fn past_to_read(&self) -> BTreeMap<String, BTreeSet<NaiveDate>> {
        let mut past = BTreeMap::new();
        for (name, plan) in &self.plans {
            let champion = plan.champion.as_ref().map(|champion| champion.version.version.as_str());
            if champion.is_some() && plan.fit == Fit::NotDue {
                past.insert(name.clone(), BTreeSet::new());
            }
        }
        for (name, fit) in &self.cache.fits {
            let Some(before) = &fit.before else { continue };
            let champion = self.plans.get(name).and_then(|plan| plan.champion.as_ref());
            let comes_again = champion.is_some_and(|champion| champion.version.version == before.version);
            let days = if comes_again { BTreeSet::new() } else { before.measured_on.clone() };
            past.entry(name.clone()).or_insert(days);
        }
        past
    }

    /// Keeps tonight's fit for the next night.
    pub(in crate::run) async fn keep_fit(&self, model: &str, json: String) {
        let (Some(warehouse), Some(fit)) = (&self.cache.warehouse, self.cache.fits.get(model)) else {
            return;
        };
        match warehouse.keep_cached(&folder(model), &fit.made_of, FIT, Bytes::from(json)).await {
            Ok(kept) => self.cache.use_file(kept),
            Err(problem) => self.unkept(&problem),
        }
    }
}
