//! A fitted model as data: JSON that is checked when it is read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    card::Card,
    drift::Population,
    measure::say_in_chinese,
    model::Model,
    sealed,
    spec::{LearnedSpec, SplitKind},
    typical::Typical,
};
use crate::problem::Result;

/// Raised when a reader of today could misread an artifact of tomorrow.
pub const SCHEMA_VERSION: u32 = 2;

/// A model with all that it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    pub schema_version: u32,
    /// The program that fitted it: another one may fit the same rows otherwise.
    pub made_by: String,
    pub name: String,
    pub spec: LearnedSpec,
    pub horizon_days: i64,
    pub training_cutoffs: Vec<NaiveDate>,
    pub rows: usize,
    pub events: usize,
    /// It scores.
    pub model: Model,
    /// The same settings, fitted without the holdout: what a later rival is compared with, on a holdout that neither has
    /// seen. None without time.
    pub measured: Option<Model>,
    /// What it learned from, to tell a shift.
    pub population: Population,
    pub typical: Typical,
    pub card: Card,
}

impl Artifact {
    /// The same model gives the same text.
    pub fn to_json(&self) -> Result<String> {
        sealed::write(&self.name, self)
    }

    /// Reads what [`Self::to_json`] wrote; unknown schema versions and damaged text are problems, never a panic.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut artifact: Self = sealed::read(text, SCHEMA_VERSION)?;
        let sound = |model: &Model| model.is_sound();
        let whole = sound(&artifact.model)
            && artifact.measured.iter().all(sound)
            && artifact.population.columns.len() == artifact.model.encoding.columns.len()
            && artifact.typical.is_sound(&artifact.model.encoding);
        if !whole {
            return Err(sealed::damaged("its figures do not fit together"));
        }
        say_in_chinese(&mut artifact.card.metrics, &artifact.spec);
        Ok(artifact)
    }

    /// 12 hexadecimal digits that stand for this content and no other.
    pub fn version(&self) -> Result<String> {
        sealed::version(&self.name, self)
    }

    pub fn measured_in_time(&self) -> bool {
        self.spec.split == SplitKind::Time
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use arrow::{
        array::{Array, AsArray},
        datatypes::Float64Type,
    };

    use super::*;
    use crate::learn::{
        rows::CutoffRows,
        spec::{EstimatorChoice, LearnedKind},
        synthetic,
        train::{Outcome, train},
    };

    fn trained(kind: LearnedKind, estimator: EstimatorChoice) -> (Artifact, CutoffRows) {
        let spec = LearnedSpec { estimator, ..synthetic::spec(kind) };
        let cutoffs = ["2025-07-01", "2025-10-01", "2026-01-01"].map(|at| synthetic::cutoff(at, 1_500, kind));
        match train("churn_risk", &spec, 90, &cutoffs).unwrap() {
            Outcome::Fitted(fitted) => (fitted.artifact, cutoffs[2].clone()),
            Outcome::Refused { reason, .. } => panic!("{reason}"),
        }
    }

    #[test]
    fn read_back_it_scores_the_same_to_the_last_bit() {
        for kind in [LearnedKind::Probability, LearnedKind::Amount] {
            for estimator in [EstimatorChoice::Logistic, EstimatorChoice::BoostedTrees] {
                let (artifact, cutoff) = trained(kind, estimator);
                let again = Artifact::from_json(&artifact.to_json().unwrap()).unwrap();
                assert_eq!(artifact, again);
                assert_eq!(artifact.version().unwrap(), again.version().unwrap());
                assert_eq!(artifact.version().unwrap().len(), 12);
                let score =
                    |a: &Artifact| a.score(&cutoff.features().unwrap(), &BTreeMap::new(), true).unwrap();
                assert_eq!(score(&artifact).scores, score(&again).scores);
                assert_eq!(score(&artifact).reasons, score(&again).reasons);
            }
        }
    }

    /// What is said with a point, in its order.
    fn figures(text: &str) -> Vec<f64> {
        let words = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-');
        let words = words.map(|word| word.trim_end_matches('.')).filter(|word| word.contains('.'));
        words.flat_map(str::parse).collect()
    }

    #[test]
    fn figures_are_the_same_in_both_languages_and_no_version_hangs_on_words() {
        for kind in [LearnedKind::Probability, LearnedKind::Amount] {
            let (artifact, _) = trained(kind, EstimatorChoice::Logistic);
            for metric in &artifact.card.metrics {
                assert!(metric.meaning_zh.chars().any(|c| c > '\u{2E80}'), "{metric:?}");
                assert_eq!(figures(&metric.meaning), figures(&metric.meaning_zh), "{metric:?}");
            }
            let json = artifact.to_json().unwrap();
            assert!(!json.contains("meaning_zh"));
            assert_eq!(Artifact::from_json(&json).unwrap().card.metrics, artifact.card.metrics);
        }
    }

    #[test]
    fn scores_have_their_columns_and_reasons_that_add_up() {
        for estimator in [EstimatorChoice::Logistic, EstimatorChoice::BoostedTrees] {
            let (artifact, cutoff) = trained(LearnedKind::Amount, estimator);
            let scored = artifact.score(&cutoff.features().unwrap(), &BTreeMap::new(), true).unwrap();
            let scores = scored.scores;
            let double =
                |column: &str| scores.column_by_name(column).unwrap().as_primitive::<Float64Type>().clone();
            let (p, size, expected) = (double("probability"), double("size"), double("expected"));
            assert_eq!(scores.num_rows(), 1_500);
            for row in 0..1_500 {
                assert!((0.0..=1.0).contains(&p.value(row)) && size.value(row) >= 0.0);
                assert_eq!(expected.value(row), p.value(row) * size.value(row));
            }
            assert_eq!(artifact.probabilities(&cutoff.features().unwrap()).unwrap(), p.values().to_vec());
            let mut sums: BTreeMap<String, f64> = BTreeMap::new();
            for batch in &scored.reasons {
                let ids = batch.column_by_name("customer_id").unwrap().as_string::<i32>();
                let parts = batch.column_by_name("contribution").unwrap().as_primitive::<Float64Type>();
                for (id, part) in ids.iter().zip(parts.values()) {
                    *sums.entry(id.unwrap().to_owned()).or_default() += part;
                }
            }
            let ids = scores.column(0).as_string::<i32>();
            for (id, log_odds) in ids.iter().zip(double("log_odds").values()) {
                assert!((sums[id.unwrap()] - log_odds).abs() < 1e-9, "{estimator:?}");
            }
            let reasons = scores.column_by_name("reasons").unwrap().as_string::<i32>();
            assert!((0..1_500).any(|row| reasons.is_valid(row) && reasons.value(row).contains("North")));
            let nobody =
                artifact.score(&cutoff.features().unwrap().slice(0, 0), &BTreeMap::new(), false).unwrap();
            assert_eq!((nobody.scores.num_rows(), nobody.scores.num_columns()), (0, scores.num_columns()));
        }
    }

    #[test]
    fn a_missing_column_names_the_model_and_the_column() {
        let (artifact, cutoff) = trained(LearnedKind::Probability, EstimatorChoice::Logistic);
        let narrow = cutoff.features().unwrap().project(&[0, 1, 3]).unwrap();
        let problem = artifact.score(&narrow, &BTreeMap::new(), false).err().unwrap();
        assert!(problem.message.contains("`churn_risk`") && problem.message.contains("`usage`"), "{problem}");
    }

    #[test]
    fn unknown_versions_and_damaged_files_are_refused() {
        for estimator in [EstimatorChoice::Logistic, EstimatorChoice::BoostedTrees] {
            let (artifact, _) = trained(LearnedKind::Probability, estimator);
            let json = artifact.to_json().unwrap();
            let newer = json.replace("\"schema_version\":2", "\"schema_version\":3");
            assert!(Artifact::from_json(&newer).unwrap_err().message.contains("schema version 3"));
            assert!(Artifact::from_json(&json[..json.len() / 2]).is_err());
            assert!(Artifact::from_json("").is_err());
            for place in (0..json.len()).step_by(json.len() / 400 + 1) {
                let mut bytes = json.clone().into_bytes();
                bytes[place] ^= 1;
                let Ok(text) = String::from_utf8(bytes) else { continue };
                match Artifact::from_json(&text) {
                    Err(_) => {}
                    // A digit beyond a number's precision says the same number.
                    Ok(read) => assert_eq!(read, artifact, "byte {place}"),
                }
            }
        }
    }
}
