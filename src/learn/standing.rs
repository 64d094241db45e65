//! Which version of a model scores tonight, and what was found out about it and its rival.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Artifact, Metric, gates::Gate, sentence::Sentence};

/// A version of a model.
#[derive(Clone, Debug)]
pub struct Version {
    pub version: String,
    pub artifact: Arc<Artifact>,
    /// The as-of day of the run that fitted it.
    pub fitted_on: NaiveDate,
}

/// How a model stands after a night's run.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    pub champion: Option<Version>,
    /// The first day that it scored without a break.
    pub champion_since: Option<NaiveDate>,
    /// Fitted tonight, and not promoted.
    pub challenger: Option<Version>,
    /// Why nothing was fitted tonight, where it was tried.
    pub refused: Option<Refusal>,
    /// What tonight's fit had to show.
    pub gates: Vec<Gate>,
    /// Why this version scores, or why none does, in a sentence.
    pub reason: String,
    /// The same in Chinese.
    pub reason_zh: String,
}

#[derive(Clone, Debug)]
pub struct Refusal {
    pub reason: Sentence,
    /// Without values.
    pub metrics: Vec<Metric>,
}

impl Standing {
    /// `scored`, or `refused` where no version scores.
    pub fn status(&self) -> &'static str {
        if self.champion.is_some() { "scored" } else { "refused" }
    }

    /// The gates that were not passed, in one sentence.
    pub fn shortcomings(&self) -> Sentence {
        let failed: Vec<&Gate> = self.gates.iter().filter(|gate| !gate.passed).collect();
        let texts: Vec<&str> = failed.iter().map(|gate| gate.text.as_str()).collect();
        let texts_zh: Vec<&str> = failed.iter().map(|gate| gate.text_zh.as_str()).collect();
        Sentence::new(texts.join("; "), texts_zh.join("；"))
    }

    /// Says why this version scores, or why none does.
    pub fn because(&mut self, reason: Sentence) {
        (self.reason, self.reason_zh) = (reason.english, reason.chinese);
    }
}
