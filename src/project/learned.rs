//! What a learned model is asked to be.

use serde::{Deserialize, Serialize};

/// A model fitted on past cutoffs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedSpec {
    pub kind: LearnedKind,
    /// Table with one row per customer; its columns but the key and `exclude` are the features.
    pub features: String,
    /// Table in `sql/labels/` with a column of the same name.
    pub label: String,
    pub exclude: Vec<String>,
    /// Column of `features` that says how much a customer counts in the fit; no feature.
    pub weight: Option<String>,
    pub split: SplitKind,
    /// How many parts estimator and calibration are chosen on.
    pub folds: usize,
    pub estimator: EstimatorChoice,
    /// L2 penalty on standardised columns, 1/C of scikit-learn.
    pub penalty: f64,
    /// None: shallow trees and, with enough events, deeper ones compete.
    pub boosted_trees: Option<BoostedSettings>,
    pub calibration: CalibrationChoice,
    /// With fewer events, or fewer non-events, in training the model refuses.
    pub min_events: usize,
    /// With fewer events stronger penalties are tried, too.
    pub shrink_below: usize,
    /// Above this number of rows events are kept and the others sampled.
    pub max_rows: usize,
    pub seed: u64,
    /// Plays no part in the fit.
    pub governance: Governance,
}

impl LearnedSpec {
    /// Whether the other would learn the same from the same rows.
    pub fn fits_like(&self, other: &Self) -> bool {
        Self { governance: other.governance.clone(), ..self.clone() } == *other
    }
}

/// When a model is fitted anew, and what a new fit must show before it scores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Governance {
    pub retrain: Retrain,
    pub gates: Gates,
    pub campaign: Option<Campaign>,
    /// Columns of the features by whose values the model is measured, too.
    pub segments: Vec<String>,
    /// Where its scores are published: they are graded once their labels are known.
    pub published: Option<PublishedColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearnedKind {
    /// How likely the label is true.
    Probability,
    /// How likely the label is above zero, and how large it is then.
    Amount,
}

/// How rows are set aside to measure on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitKind {
    /// Later cutoffs, by models that only saw what was known by then.
    #[default]
    Time,
    /// Parts of one cutoff at random, with the same share of events: for a flat table without time.
    Random,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EstimatorChoice {
    /// The simplest whose log-loss on later cutoffs is within one standard error of the best.
    #[default]
    Auto,
    Logistic,
    BoostedTrees,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoostedSettings {
    pub trees: usize,
    /// Splits between root and leaf at most.
    pub depth: usize,
    /// The part of what a tree learned that is added to the log-odds.
    pub learning_rate: f64,
    /// Σ p·(1 − p) over the rows of a leaf, at least: with rare events some `this / base rate` rows.
    pub min_leaf_weight: f64,
    /// Pulls the values of leaves towards 0.
    pub l2: f64,
    /// Each tree sees another sample of the columns, and of the rows: 1 is all.
    pub column_share: f64,
    pub row_share: f64,
}

/// What measured best on ten of twelve tables of 1,500 to 100,000 customers; the other two want deeper trees.
impl Default for BoostedSettings {
    fn default() -> Self {
        Self {
            trees: 200,
            depth: 3,
            learning_rate: 0.05,
            min_leaf_weight: 5.0,
            l2: 5.0,
            column_share: 0.5,
            row_share: 0.7,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationChoice {
    /// Whichever has the least log-loss on rows that neither it nor the fit has seen.
    #[default]
    Auto,
    None,
    Platt,
    Isotonic,
}

/// When a challenger is fitted; in between, the champion scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retrain {
    #[default]
    Always,
    /// On the first run of an ISO week.
    Weekly,
    /// On the first run of a month.
    Monthly,
    /// When tonight's features or scores have shifted from those that the champion learned from.
    OnDrift,
}

/// What a challenger must show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gates {
    /// The challenger's AUC may be lower than the champion's by this much.
    pub auc_may_fall: f64,
    /// Expected over observed events of the holdout, or its inverse, at most.
    pub calibration_ratio: f64,
    /// Population stability index above which a distribution has shifted.
    pub shift: f64,
}

impl Default for Gates {
    fn default() -> Self {
        Self { auc_may_fall: 0.01, calibration_ratio: 2.0, shift: 0.2 }
    }
}

/// What a campaign to keep customers costs and brings, per customer, in one currency: every customer contacted costs
/// `contact_cost`; of those about to leave a share accepts the incentive and stays, and those who would have stayed take it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// What a customer who stays is worth.
    pub customer_value: f64,
    /// What the offer costs if it is accepted.
    pub incentive_cost: f64,
    /// What it costs to reach a customer.
    pub contact_cost: f64,
    /// The share of leaving customers who accept and stay is Beta(alpha, beta) distributed.
    pub accept_alpha: f64,
    pub accept_beta: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedColumn {
    pub table: String,
    pub column: String,
}
