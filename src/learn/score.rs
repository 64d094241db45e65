//! Scoring: the table of a model's scores, and the table of their reasons.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use arrow::{
    array::{ArrayRef, Float64Array, RecordBatch},
    compute::concat_batches,
    datatypes::SchemaRef,
};

use super::{
    Artifact,
    pieces::{PIECE, by_pieces},
    reasons::Reasons,
    rows::customer_ids,
    schemas::scores_schema,
    spec::LearnedKind,
};
use crate::{
    problem::{Problem, Result},
    project::column_note::ColumnNote,
};

/// One row per customer, in the order of the features, and up to eight reasons for each.
pub struct Scored {
    pub scores: RecordBatch,
    /// Empty unless asked for.
    pub reasons: Vec<RecordBatch>,
}

impl Artifact {
    /// Scores `features`. `notes`: what the headers of SQL files say of columns. The reasons of an amount are those of its
    /// probability; their table is made only if `with_reasons`.
    pub fn score(
        &self,
        features: &RecordBatch,
        notes: &BTreeMap<String, ColumnNote>,
        with_reasons: bool,
    ) -> Result<Scored> {
        let schema = scores_schema(self.spec.kind == LearnedKind::Amount);
        let piece = |rows: Range<usize>| {
            self.score_piece(&features.slice(rows.start, rows.len()), notes, with_reasons, &schema)
        };
        let pieces = by_pieces(features.num_rows(), PIECE, piece)
            .into_iter()
            .collect::<Result<Vec<_>>>()
            .map_err(|problem| problem.while_doing(format!("model `{}`", self.name)))?;
        let (scores, reasons): (Vec<_>, Vec<_>) = pieces.into_iter().map(|p| (p.scores, p.reasons)).unzip();
        let scores = concat_batches(&schema, &scores).map_err(|error| self.unusable(error))?;
        Ok(Scored { scores, reasons: reasons.concat() })
    }

    /// Calibrated probabilities alone, without reasons: a fraction of the time of [`Self::score`].
    pub fn probabilities(&self, features: &RecordBatch) -> Result<Vec<f64>> {
        Ok(self.model.predict(features)?.probability)
    }

    fn score_piece(
        &self,
        features: &RecordBatch,
        notes: &BTreeMap<String, ColumnNote>,
        with_reasons: bool,
        schema: &SchemaRef,
    ) -> Result<Scored> {
        let (predictions, contributions) = self.model.explain(features)?;
        let reasons = Reasons::new(&contributions, &self.model.encoding, &self.typical, notes, features)?;
        let texts = reasons.texts()?;
        let table = match with_reasons {
            true => reasons.table(features)?,
            false => Vec::new(),
        };
        let expected = predictions.expected();
        let double = |values: Vec<f64>| Arc::new(Float64Array::from(values)) as ArrayRef;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(customer_ids(features)?),
            double(predictions.probability),
            double(predictions.log_odds),
        ];
        columns.extend([predictions.size, expected].into_iter().flatten().map(double));
        let texts = [texts.raising, texts.raising_zh, texts.lowering, texts.lowering_zh];
        columns.extend(texts.map(|text| Arc::new(text) as ArrayRef));
        let scores = RecordBatch::try_new(schema.clone(), columns).map_err(|error| self.unusable(error))?;
        Ok(Scored { scores, reasons: table })
    }

    fn unusable(&self, error: arrow::error::ArrowError) -> Problem {
        Problem::failed(format!("model `{}` cannot score: {error}", self.name))
    }
}
