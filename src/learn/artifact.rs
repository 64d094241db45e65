//! A fitted model as data: JSON that is checked when it is read, and that scores a table.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, RecordBatch, StringArray},
    compute::concat_batches,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    model::Model,
    reasons::Contributions,
    rows::{KEY, customer_ids},
    spec::{LearnedKind, LearnedSpec},
};
use crate::problem::{Problem, Result};

/// Raised when a reader of today could misread an artifact of tomorrow.
pub const SCHEMA_VERSION: u32 = 1;
/// Rows scored at a time, so that the matrix of a large table need not exist at once.
const CHUNK: usize = 16_384;

/// A model with all that it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    pub schema_version: u32,
    pub name: String,
    pub spec: LearnedSpec,
    pub horizon_days: i64,
    pub training_cutoffs: Vec<NaiveDate>,
    pub rows: usize,
    pub events: usize,
    pub model: Model,
}

/// The file: a digest shows damage that would still parse.
#[derive(Serialize, Deserialize)]
struct Sealed<A> {
    sha256: String,
    artifact: A,
}

impl Artifact {
    /// The same model gives the same text.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(&Sealed { sha256: self.digest()?, artifact: self })
            .map_err(|error| Problem::failed(format!("model `{}` cannot be written: {error}", self.name)))
    }

    /// Reads what [`Self::to_json`] wrote; unknown schema versions and damaged text are problems, never a panic.
    pub fn from_json(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            schema_version: u32,
        }
        let damaged = |why: &dyn std::fmt::Display| {
            Problem::failed(format!("the model file is damaged: {why}")).help("train the model again")
        };
        let version: Sealed<Version> = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        let version = version.artifact.schema_version;
        if version != SCHEMA_VERSION {
            return Err(Problem::failed(format!(
                "the model file has schema version {version}; this program reads {SCHEMA_VERSION}"
            ))
            .help("train the model again, or use the program that wrote it"));
        }
        let sealed: Sealed<Self> = serde_json::from_str(text).map_err(|error| damaged(&error))?;
        if sealed.artifact.digest()? != sealed.sha256 {
            return Err(damaged(&"its content does not have the digest that it states"));
        }
        if !sealed.artifact.model.is_sound() {
            return Err(damaged(&"its figures do not fit together"));
        }
        Ok(sealed.artifact)
    }

    /// 12 hexadecimal digits that stand for this content and no other.
    pub fn version(&self) -> Result<String> {
        Ok(self.digest()?[..12].into())
    }

    fn digest(&self) -> Result<String> {
        let json = serde_json::to_vec(self)
            .map_err(|error| Problem::failed(format!("model `{}` cannot be written: {error}", self.name)))?;
        Ok(Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The columns of [`Self::score`]'s table.
    pub fn score_schema(&self) -> SchemaRef {
        let double = |name: &str| Field::new(name, DataType::Float64, true);
        let mut fields = vec![Field::new(KEY, DataType::Utf8, false), double("probability")];
        if self.spec.kind == LearnedKind::Amount {
            fields.extend([double("size"), double("expected")]);
        }
        fields.push(Field::new("reasons", DataType::Utf8, true));
        Arc::new(Schema::new(fields))
    }

    /// customer_id, probability, (for an amount: size, expected,) reasons: one row per row of `features`, in its order.
    ///
    /// `descriptions`: what to call a column in the reasons. The reasons of an amount are those of its probability.
    pub fn score(
        &self,
        features: &RecordBatch,
        descriptions: &BTreeMap<String, String>,
    ) -> Result<RecordBatch> {
        let schema = self.score_schema();
        let chunks = (0..features.num_rows().max(1))
            .step_by(CHUNK)
            .map(|start| features.slice(start, CHUNK.min(features.num_rows() - start)))
            .map(|chunk| self.score_chunk(&chunk, descriptions, &schema))
            .collect::<Result<Vec<_>>>()
            .map_err(|problem| problem.while_doing(format!("model `{}`", self.name)))?;
        concat_batches(&schema, &chunks).map_err(|error| self.unusable(error))
    }

    fn score_chunk(
        &self,
        features: &RecordBatch,
        descriptions: &BTreeMap<String, String>,
        schema: &SchemaRef,
    ) -> Result<RecordBatch> {
        let Model { encoding, logistic, .. } = &self.model;
        let x = encoding.encode(features)?;
        let predictions = self.model.predict_encoded(&x);
        let reasons = Contributions::of(encoding, logistic, &x).texts(encoding, features, descriptions)?;
        let expected = predictions.expected();
        let mut columns: Vec<ArrayRef> =
            vec![customer_ids(features)?, Arc::new(Float64Array::from(predictions.probability))];
        for amounts in [predictions.size, expected].into_iter().flatten() {
            columns.push(Arc::new(Float64Array::from(amounts)));
        }
        columns.push(Arc::new(StringArray::from(reasons)));
        RecordBatch::try_new(schema.clone(), columns).map_err(|error| self.unusable(error))
    }

    fn unusable(&self, error: arrow::error::ArrowError) -> Problem {
        Problem::failed(format!("model `{}` cannot score: {error}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Float64Type;

    use super::*;
    use crate::learn::{rows::CutoffRows, rows::TrainingRows, synthetic};

    fn trained(kind: LearnedKind) -> (Artifact, CutoffRows) {
        let spec = synthetic::spec(kind);
        let cutoff = synthetic::cutoff("2026-01-01", 3_000, kind);
        let rows = TrainingRows::gather(&[&cutoff], &spec).unwrap();
        let (model, _) = Model::fit(&rows, &spec).unwrap();
        let artifact = Artifact {
            schema_version: SCHEMA_VERSION,
            name: "churn_risk".into(),
            spec,
            horizon_days: 90,
            training_cutoffs: vec![cutoff.cutoff],
            rows: rows.label.len(),
            events: rows.event_count(),
            model,
        };
        (artifact, cutoff)
    }

    #[test]
    fn read_back_it_scores_the_same_to_the_last_bit() {
        for kind in [LearnedKind::Probability, LearnedKind::Amount] {
            let (artifact, cutoff) = trained(kind);
            let again = Artifact::from_json(&artifact.to_json().unwrap()).unwrap();
            assert_eq!(artifact, again);
            assert_eq!(artifact.version().unwrap(), again.version().unwrap());
            assert_eq!(artifact.version().unwrap().len(), 12);
            let score = |a: &Artifact| a.score(&cutoff.features, &BTreeMap::new()).unwrap();
            assert_eq!(score(&artifact), score(&again));
        }
    }

    #[test]
    fn scores_have_their_columns_and_a_row_per_customer() {
        let (artifact, cutoff) = trained(LearnedKind::Amount);
        let scores = artifact.score(&cutoff.features, &BTreeMap::new()).unwrap();
        let names: Vec<String> = scores.schema().fields().iter().map(|f| f.name().clone()).collect();
        assert_eq!(names, ["customer_id", "probability", "size", "expected", "reasons"]);
        assert_eq!(scores.num_rows(), 3_000);
        let double = |column: usize| scores.column(column).as_primitive::<Float64Type>();
        for row in 0..3_000 {
            let (p, size, expected) = (double(1).value(row), double(2).value(row), double(3).value(row));
            assert!((0.0..=1.0).contains(&p) && size >= 0.0 && expected == p * size);
        }
        let reasons = scores.column(4).as_string::<i32>();
        assert!(
            (0..3_000).any(|row| reasons.is_valid(row) && reasons.value(row).contains("region: North (+"))
        );
        let nobody = artifact.score(&cutoff.features.slice(0, 0), &BTreeMap::new()).unwrap();
        assert_eq!((nobody.num_rows(), nobody.num_columns()), (0, 5));
    }

    #[test]
    fn a_missing_column_names_the_model_and_the_column() {
        let (artifact, cutoff) = trained(LearnedKind::Probability);
        let narrow = cutoff.features.project(&[0, 1, 3]).unwrap();
        let problem = artifact.score(&narrow, &BTreeMap::new()).unwrap_err();
        assert!(problem.message.contains("`churn_risk`") && problem.message.contains("`usage`"), "{problem}");
    }

    #[test]
    fn unknown_versions_and_damaged_files_are_refused() {
        let (artifact, _) = trained(LearnedKind::Probability);
        let json = artifact.to_json().unwrap();
        let newer = json.replace("\"schema_version\":1", "\"schema_version\":2");
        assert!(Artifact::from_json(&newer).unwrap_err().message.contains("schema version 2"));
        assert!(Artifact::from_json(&json[..json.len() / 2]).is_err());
        assert!(Artifact::from_json("").is_err());
        for place in (0..json.len()).step_by(7) {
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
