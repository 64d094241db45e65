//! `models/NAME.toml`: learned models, scorecards, quadrants, rules and alerts.

use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::written::Written;
pub use super::{
    alerts_toml::AlertsSpec, capacity_toml::CapacitySpec, contract_lifetime_toml::ContractLifetimeSpec,
    learned::*, lifetime_toml::LifetimeSpec, rules_toml::RulesSpec,
};
use crate::problem::{Result, did_you_mean};

/// A table made by a model.
#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub file: Written,
    pub description: Option<String>,
    pub description_zh: Option<String>,
    pub spec: ModelSpec,
}

/// What a model file says of itself.
pub struct About {
    description: Option<String>,
    description_zh: Option<String>,
}

impl About {
    pub(super) fn new(description: Option<String>, description_zh: Option<String>) -> Self {
        Self { description, description_zh }
    }
}

#[derive(Clone, Debug)]
pub enum ModelSpec {
    Learned(Box<LearnedSpec>),
    Scorecard(ScorecardSpec),
    Quadrant(QuadrantSpec),
    Lifetime(LifetimeSpec),
    ContractLifetime(ContractLifetimeSpec),
    Rules(RulesSpec),
    Alerts(AlertsSpec),
    Capacity(CapacitySpec),
}

/// Points from signals, weighted into one score of 0-100.
#[derive(Clone, Debug)]
pub struct ScorecardSpec {
    pub from: String,
    pub components: Vec<Component>,
    /// Name and lower bound, highest first.
    pub bands: Vec<(String, f64)>,
    /// Customers who are judged by other weights or bands; the first that fits counts.
    pub segments: Vec<ScoreSegment>,
    pub grade: Option<GradeSpec>,
}

/// Customers of one kind within a scorecard.
#[derive(Clone, Debug)]
pub struct ScoreSegment {
    pub name: String,
    /// SQL over the scorecard's table, with its place in the file.
    pub when: (String, std::ops::Range<usize>),
    /// Component → weight; those not named keep theirs.
    pub weights: IndexMap<String, f64>,
    /// As [`ScorecardSpec::bands`]; empty: as everybody's.
    pub bands: Vec<(String, f64)>,
}

/// What a low score was to warn of, and where it was published.
#[derive(Clone, Debug)]
pub struct GradeSpec {
    pub published: PublishedColumn,
    pub band: Option<PublishedColumn>,
    /// A table of `sql/labels/`.
    pub label: String,
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
    /// What it counts for where it is not known.
    pub missing: Missing,
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
    /// Rules that decide before the cuts do: a model of kind `rules` with a column `quadrant`, with its place.
    pub rules: Option<(String, std::ops::Range<usize>)>,
    pub stay: Option<Stay>,
}

/// What keeps customers from going to and fro over a cut.
#[derive(Clone, Debug)]
pub struct Stay {
    /// Published table with each customer's quadrant, quadrant_rule and quadrant_since, with its place.
    pub published: (String, std::ops::Range<usize>),
    /// Points beyond a cut from which a customer changes sides.
    pub margin: f64,
    /// Days in a quadrant before it can be left.
    pub days: u32,
}

#[derive(Clone, Debug)]
pub struct Axis {
    /// Scorecard → weight.
    pub scores: IndexMap<String, f64>,
    pub cut: Cut,
    /// Column of the quadrant's table: each of its values has a cut of its own, if it has customers enough.
    pub per: Option<String>,
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

const KINDS: [&str; 9] = [
    "probability",
    "amount",
    "scorecard",
    "quadrant",
    "lifetime",
    "contract_lifetime",
    "rules",
    "alerts",
    "capacity",
];

/// Reads one file of `models/`.
pub fn read_model(path: &Path) -> Result<Model> {
    model_of(Written::read(path)?)
}

/// As [`read_model`], of a file that was read before.
pub fn model_of(file: Written) -> Result<Model> {
    let name = file.stem();
    let kind = file.toml::<KindToml>()?.kind;
    let (about, spec) = match kind.as_ref().as_str() {
        "probability" | "amount" => super::learned_toml::read_learned(&file)?,
        "scorecard" => super::scorecard_toml::read_scorecard(&file)?,
        "quadrant" => super::quadrant_toml::read_quadrant(&file)?,
        "lifetime" => super::lifetime_toml::read_lifetime(&file)?,
        "contract_lifetime" => super::contract_lifetime_toml::read_contract_lifetime(&file)?,
        "rules" => super::rules_toml::read_rules(&file)?,
        "alerts" => super::alerts_toml::read_alerts(&file)?,
        "capacity" => super::capacity_toml::read_capacity(&file)?,
        other => {
            let problem = file.problem(kind.span(), format!("unknown kind `{other}` of model `{name}`"));
            let help =
                did_you_mean(other, KINDS).unwrap_or_else(|| format!("kinds are {}", KINDS.join(", ")));
            return Err(problem.help(help));
        }
    };
    let About { description, description_zh } = about;
    Ok(Model { name, file, description, description_zh, spec })
}
