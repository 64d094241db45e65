//! `models/NAME.toml`: learned models, scorecards and quadrants.

use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::written::Written;
use crate::problem::{Result, did_you_mean};

/// A table made by a model.
#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub file: Written,
    pub description: Option<String>,
    pub spec: ModelSpec,
}

#[derive(Clone, Debug)]
pub enum ModelSpec {
    Learned(LearnedSpec),
    Scorecard(ScorecardSpec),
    Quadrant(QuadrantSpec),
}

/// A model fitted on past cutoffs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedSpec {
    pub kind: LearnedKind,
    /// Table with one row per customer; its columns but the key and `exclude` are the features.
    pub features: String,
    /// Table in `sql/labels/` with a column of the same name.
    pub label: String,
    pub exclude: Vec<String>,
    /// L2 penalty on standardised columns, 1/C of scikit-learn.
    pub penalty: f64,
    /// With fewer events, or fewer non-events, in training the model refuses.
    pub min_events: usize,
    /// Above this number of rows events are kept and the others sampled.
    pub max_rows: usize,
    pub seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearnedKind {
    /// How likely the label is true.
    Probability,
    /// How likely the label is above zero, and how large it is then.
    Amount,
}

/// Points from signals, weighted into one score of 0-100.
#[derive(Clone, Debug)]
pub struct ScorecardSpec {
    pub from: String,
    pub missing: Missing,
    pub components: Vec<Component>,
    /// Name and lower bound, highest first.
    pub bands: Vec<(String, f64)>,
}

/// What a signal that is not known counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Nothing: the other weights grow.
    #[default]
    Reweight,
    /// 50 points.
    Neutral,
    /// 0 points.
    Zero,
}

#[derive(Clone, Debug)]
pub struct Component {
    pub name: String,
    pub description: Option<String>,
    pub description_zh: Option<String>,
    pub weight: f64,
    /// SQL over the scorecard's table.
    pub value: String,
    pub value_span: std::ops::Range<usize>,
    pub points: Points,
}

/// How a value becomes 0-100 points.
#[derive(Clone, Debug)]
pub enum Points {
    /// (value, points), rising in value; straight lines between, level outside.
    Line(Vec<(f64, f64)>),
    /// The share of the other customers that have less, times 100.
    Rank,
    /// By the value's text.
    Map(IndexMap<String, f64>),
}

/// Four groups by two axes.
#[derive(Clone, Debug)]
pub struct QuadrantSpec {
    /// Table with one row per customer that is to be placed; supplies the money of Pareto cuts.
    pub from: String,
    pub x: Axis,
    pub y: Axis,
}

#[derive(Clone, Debug)]
pub struct Axis {
    /// Scorecard → weight.
    pub scores: IndexMap<String, f64>,
    pub cut: Cut,
}

/// Where high begins.
#[derive(Clone, Debug)]
pub enum Cut {
    Fixed(f64),
    /// The score below which this share of the customers lies.
    Quantile(f64),
    /// The lowest score among the best customers who together hold this share of the column's sum.
    Pareto {
        share: f64,
        of: String,
    },
}

#[derive(Deserialize)]
struct KindToml {
    kind: Spanned<String>,
}

const KINDS: [&str; 4] = ["probability", "amount", "scorecard", "quadrant"];

/// Reads one file of `models/`.
pub fn read_model(path: &Path) -> Result<Model> {
    let file = Written::read(path)?;
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let kind = file.toml::<KindToml>()?.kind;
    let (description, spec) = match kind.as_ref().as_str() {
        "probability" | "amount" => read_learned(&file)?,
        "scorecard" => super::judged_toml::read_scorecard(&file)?,
        "quadrant" => super::judged_toml::read_quadrant(&file)?,
        other => {
            let problem = file.problem(kind.span(), format!("unknown kind `{other}` of model `{name}`"));
            let help =
                did_you_mean(other, KINDS).unwrap_or_else(|| format!("kinds are {}", KINDS.join(", ")));
            return Err(problem.help(help));
        }
    };
    Ok(Model { name, file, description, spec })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LearnedToml {
    kind: LearnedKind,
    description: Option<String>,
    features: String,
    label: String,
    #[serde(default)]
    exclude: Vec<String>,
    penalty: Option<Spanned<f64>>,
    min_events: Option<Spanned<usize>>,
    max_rows: Option<Spanned<usize>>,
    seed: Option<u64>,
}

fn read_learned(file: &Written) -> Result<(Option<String>, ModelSpec)> {
    let raw: LearnedToml = file.toml()?;
    if let Some(penalty) = raw.penalty.as_ref().filter(|p| !p.as_ref().is_finite() || *p.as_ref() <= 0.0) {
        return Err(file.problem(penalty.span(), "penalty must be above 0").help("1.0 is a good start"));
    }
    if let Some(rows) = raw.max_rows.as_ref().filter(|r| *r.as_ref() < 1000) {
        return Err(file.problem(rows.span(), "max_rows must be at least 1000"));
    }
    if let Some(events) = raw.min_events.as_ref().filter(|e| *e.as_ref() < 10) {
        return Err(file
            .problem(events.span(), "min_events must be at least 10")
            .help("a model from fewer events would only repeat chance"));
    }
    let spec = LearnedSpec {
        kind: raw.kind,
        features: raw.features,
        label: raw.label,
        exclude: raw.exclude,
        penalty: raw.penalty.map_or(1.0, Spanned::into_inner),
        min_events: raw.min_events.map_or(50, Spanned::into_inner),
        max_rows: raw.max_rows.map_or(100_000, Spanned::into_inner),
        seed: raw.seed.unwrap_or(7),
    };
    Ok((raw.description, ModelSpec::Learned(spec)))
}
