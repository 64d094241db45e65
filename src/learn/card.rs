//! A model's card: nothing but what was measured when it was fitted.

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};

use super::{
    column::{Kind, Values},
    gather::together,
    measure::{Ground, Holdout, Metric},
    metrics::{self, Bin, Interval},
    model::Model,
    select::Tried,
    spec::LearnedSpec,
    uncertainty::Uncertainty,
};
use crate::problem::Result;

/// Rows of the newest cutoff on which it is measured what each column adds to the scores.
const IMPORTANCE_ROWS: usize = 20_000;
/// Values of a segment column that are shown: the most frequent.
const VALUES: usize = 12;
/// Fewer customers than these are no segment to measure on.
const LEAST_ROWS: usize = 30;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub estimator: String,
    /// Every estimator that was tried, the simplest first.
    pub tried: Vec<Tried>,
    pub calibration: String,
    pub metrics: Vec<Metric>,
    /// Tenths of the holdout by falling probability.
    pub tenths: Vec<Bin>,
    pub segments: Vec<Segment>,
    /// Each column's share of what moves the scores (mean absolute contribution), the largest first.
    pub importance: Vec<(String, f64)>,
    pub uncertainty: Option<Uncertainty>,
    pub notes: Vec<String>,
}

/// The holdout's customers of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub column: String,
    pub value: String,
    pub rows: usize,
    pub events: usize,
    /// Σ of the probabilities.
    pub expected_events: f64,
    pub roc_auc: Option<f64>,
    pub interval: Option<Interval>,
}

impl Card {
    /// `newest`: rows of the newest cutoff, for the importance of columns.
    #[allow(clippy::too_many_arguments)]
    pub fn of(
        spec: &LearnedSpec,
        ground: &Ground,
        holdout: &Holdout,
        model: &Model,
        newest: &RecordBatch,
        tried: Vec<Tried>,
        uncertainty: Option<Uncertainty>,
        notes: &[String],
    ) -> Result<Self> {
        let chosen = tried.iter().find(|tried| tried.chosen);
        let mut estimator = chosen.map_or(String::new(), |tried| tried.estimator.clone());
        if model.size.is_some() {
            estimator += "; random forest for the size";
        }
        Ok(Self {
            estimator,
            calibration: model.calibration.name().into(),
            metrics: ground.measure(spec, holdout),
            tenths: metrics::deciles(&holdout.probability, &holdout.events),
            segments: segments(&spec.governance.segments, holdout)?,
            importance: importance(model, newest)?,
            tried,
            uncertainty,
            notes: notes.to_vec(),
        })
    }

    /// The figure of a metric by name.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|metric| metric.metric == name)?.value
    }
}

fn importance(model: &Model, newest: &RecordBatch) -> Result<Vec<(String, f64)>> {
    let rows = newest.slice(0, newest.num_rows().min(IMPORTANCE_ROWS));
    let (_, contributions) = model.explain(&rows)?;
    let sizes: Vec<f64> =
        contributions.values.columns().into_iter().map(|c| c.iter().map(|v| v.abs()).sum()).collect();
    let total: f64 = sizes.iter().sum();
    let mut shares: Vec<(String, f64)> = contributions
        .columns
        .iter()
        .cloned()
        .zip(sizes.iter().map(|size| if total > 0.0 { size / total } else { 0.0 }))
        .collect();
    // Stable: equal shares stay in the order of the columns.
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(shares)
}

fn segments(columns: &[String], holdout: &Holdout) -> Result<Vec<Segment>> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let of_segments = |name: &str| columns.iter().any(|column| column == name);
    let features = together(&holdout.rows.iter().collect::<Vec<_>>(), of_segments)?;
    let mut found = Vec::new();
    for column in columns {
        let Some(array) = features.column_by_name(column) else { continue };
        let Some(kind) = Kind::of(array.data_type()) else { continue };
        let groups = match Values::read(column, array, kind)? {
            Values::Texts(texts) => {
                texts.iter().map(|text| text.unwrap_or("missing").to_owned()).collect::<Vec<_>>()
            }
            Values::Numbers(numbers) if kind == Kind::Flag => {
                numbers.iter().map(|v| flag(*v).to_owned()).collect()
            }
            Values::Numbers(numbers) => thirds(&numbers),
        };
        found.extend(by_value(column, &groups, holdout));
    }
    Ok(found)
}

fn flag(v: f64) -> &'static str {
    if v.is_nan() {
        "missing"
    } else if v != 0.0 {
        "true"
    } else {
        "false"
    }
}

/// Which third of the known values each is in, in words with its bounds.
fn thirds(numbers: &[f64]) -> Vec<String> {
    let mut known: Vec<f64> = numbers.iter().copied().filter(|v| !v.is_nan()).collect();
    known.sort_unstable_by(f64::total_cmp);
    if known.is_empty() {
        return vec!["missing".into(); numbers.len()];
    }
    let (low, high) = (known[known.len() / 3], known[2 * known.len() / 3]);
    let word = |v: &f64| match *v {
        v if v.is_nan() => "missing".into(),
        v if v < low => format!("below {low}"),
        v if v < high => format!("{low} to {high}"),
        _ => format!("{high} or more"),
    };
    numbers.iter().map(word).collect()
}

fn by_value(column: &str, groups: &[String], holdout: &Holdout) -> Vec<Segment> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    groups.iter().for_each(|group| *counts.entry(group).or_default() += 1);
    let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
    frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let of_value = |(value, rows): (&str, usize)| {
        let members: Vec<usize> = (0..groups.len()).filter(|row| groups[*row] == value).collect();
        let p: Vec<f64> = members.iter().map(|row| holdout.probability[*row]).collect();
        let events: Vec<bool> = members.iter().map(|row| holdout.events[*row]).collect();
        Segment {
            column: column.into(),
            value: value.into(),
            rows,
            events: events.iter().filter(|e| **e).count(),
            expected_events: p.iter().sum(),
            roc_auc: metrics::roc_auc(&p, &events),
            interval: metrics::roc_auc_interval(&p, &events),
        }
    };
    frequent.into_iter().take(VALUES).filter(|(_, rows)| *rows >= LEAST_ROWS).map(of_value).collect()
}
