//! `models/NAME.toml` of a learned model: read, and every figure checked at its place.

use serde::Deserialize;
use toml::Spanned;

use super::{
    model::{
        About, BoostedSettings, CalibrationChoice, Campaign, EstimatorChoice, Gates, Governance, LearnedKind,
        LearnedSpec, ModelSpec, PublishedColumn, Retrain, SplitKind,
    },
    written::Written,
};
use crate::problem::Result;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LearnedToml {
    kind: LearnedKind,
    description: Option<String>,
    description_zh: Option<String>,
    features: String,
    label: String,
    #[serde(default)]
    exclude: Vec<String>,
    weight: Option<String>,
    #[serde(default)]
    split: SplitKind,
    folds: Option<Spanned<usize>>,
    #[serde(default)]
    estimator: EstimatorChoice,
    penalty: Option<Spanned<f64>>,
    boosted_trees: Option<BoostedToml>,
    #[serde(default)]
    calibration: CalibrationChoice,
    min_events: Option<Spanned<usize>>,
    shrink_below: Option<Spanned<usize>>,
    max_rows: Option<Spanned<usize>>,
    seed: Option<u64>,
    #[serde(default)]
    retrain: Retrain,
    #[serde(default)]
    gates: GatesToml,
    campaign: Option<CampaignToml>,
    #[serde(default)]
    segments: Vec<String>,
    published: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoostedToml {
    trees: Option<Spanned<usize>>,
    depth: Option<Spanned<usize>>,
    learning_rate: Option<Spanned<f64>>,
    min_leaf_weight: Option<Spanned<f64>>,
    l2: Option<Spanned<f64>>,
    column_share: Option<Spanned<f64>>,
    row_share: Option<Spanned<f64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GatesToml {
    auc_may_fall: Option<Spanned<f64>>,
    calibration_ratio: Option<Spanned<f64>>,
    shift: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CampaignToml {
    customer_value: Spanned<f64>,
    incentive_cost: Spanned<f64>,
    contact_cost: Spanned<f64>,
    accept_alpha: Spanned<f64>,
    accept_beta: Spanned<f64>,
}

/// A figure of the file, or its default; a problem at its place where it is outside `range`.
pub(super) fn figure<T: Copy + PartialOrd + std::fmt::Display>(
    file: &Written,
    name: &str,
    written: Option<Spanned<T>>,
    default: T,
    range: (T, T),
    help: &str,
) -> Result<T> {
    let Some(written) = written else { return Ok(default) };
    let value = *written.as_ref();
    // Written so that NaN is outside.
    if value >= range.0 && value <= range.1 {
        return Ok(value);
    }
    let problem =
        file.problem(written.span(), format!("{name} is {value}: it must be {} to {}", range.0, range.1));
    Err(problem.help(help.to_owned()))
}

pub fn read_learned(file: &Written) -> Result<(About, ModelSpec)> {
    let raw: LearnedToml = file.toml()?;
    let seldom = usize::MAX;
    let folds_by_default = if raw.split == SplitKind::Random { 5 } else { 3 };
    let spec = LearnedSpec {
        kind: raw.kind,
        features: raw.features,
        label: raw.label,
        exclude: raw.exclude,
        weight: raw.weight,
        split: raw.split,
        folds: figure(file, "folds", raw.folds, folds_by_default, (2, 20), "3 is a good start")?,
        estimator: raw.estimator,
        penalty: figure(file, "penalty", raw.penalty, 1.0, (1e-9, 1e9), "1.0 is a good start")?,
        boosted_trees: raw.boosted_trees.map(|trees| boosted(file, trees)).transpose()?,
        calibration: raw.calibration,
        min_events: figure(
            file,
            "min_events",
            raw.min_events,
            50,
            (10, seldom),
            "a model from fewer events would only repeat chance",
        )?,
        shrink_below: figure(
            file,
            "shrink_below",
            raw.shrink_below,
            1000,
            (0, seldom),
            "below this number of events the penalty is chosen by cross-validation; 0: never",
        )?,
        max_rows: figure(
            file,
            "max_rows",
            raw.max_rows,
            100_000,
            (1000, seldom),
            "fewer rows than these are learned from whole",
        )?,
        seed: raw.seed.unwrap_or(7),
        governance: Governance {
            retrain: raw.retrain,
            gates: gates(file, raw.gates)?,
            campaign: raw.campaign.map(|c| campaign(file, c)).transpose()?,
            segments: raw.segments,
            published: raw.published.map(|p| published(file, &p)).transpose()?,
        },
    };
    Ok((About::new(raw.description, raw.description_zh), ModelSpec::Learned(Box::new(spec))))
}

fn boosted(file: &Written, raw: BoostedToml) -> Result<BoostedSettings> {
    let default = BoostedSettings::default();
    Ok(BoostedSettings {
        trees: figure(file, "trees", raw.trees, default.trees, (1, 5000), "some hundred serve most tables")?,
        depth: figure(file, "depth", raw.depth, default.depth, (1, 6), "3 to 5 serve most tables")?,
        learning_rate: figure(
            file,
            "learning_rate",
            raw.learning_rate,
            default.learning_rate,
            (0.001, 1.0),
            "0.05 is a good start; with half of it, take twice the trees",
        )?,
        min_leaf_weight: figure(
            file,
            "min_leaf_weight",
            raw.min_leaf_weight,
            default.min_leaf_weight,
            (0.0, 1e6),
            "the least sum of p(1 - p) over the rows of a leaf",
        )?,
        l2: figure(file, "l2", raw.l2, default.l2, (0.001, 1e6), "5.0 is a good start")?,
        column_share: figure(
            file,
            "column_share",
            raw.column_share,
            default.column_share,
            (0.01, 1.0),
            "the share of the columns that each tree sees; 1 is all",
        )?,
        row_share: figure(
            file,
            "row_share",
            raw.row_share,
            default.row_share,
            (0.01, 1.0),
            "the share of the rows that each tree sees; 1 is all",
        )?,
    })
}

fn gates(file: &Written, raw: GatesToml) -> Result<Gates> {
    let default = Gates::default();
    Ok(Gates {
        auc_may_fall: figure(
            file,
            "auc_may_fall",
            raw.auc_may_fall,
            default.auc_may_fall,
            (0.0, 0.5),
            "how much lower than the champion's the challenger's AUC may be",
        )?,
        calibration_ratio: figure(
            file,
            "calibration_ratio",
            raw.calibration_ratio,
            default.calibration_ratio,
            (1.0, 100.0),
            "how many times too many or too few events may be expected on the holdout",
        )?,
        shift: figure(
            file,
            "shift",
            raw.shift,
            default.shift,
            (0.0, 10.0),
            "the population stability index above which scores or features have shifted; 0.2 is usual",
        )?,
    })
}

fn campaign(file: &Written, raw: CampaignToml) -> Result<Campaign> {
    let money = |name, written| {
        figure(file, name, Some(written), 0.0, (0.0, 1e15), "an amount of money per customer")
    };
    let shape = |name, written| {
        figure(
            file,
            name,
            Some(written),
            0.0,
            (1e-3, 1e6),
            "the share who accept is Beta(alpha, beta) distributed; its mean is alpha / (alpha + beta)",
        )
    };
    Ok(Campaign {
        customer_value: money("customer_value", raw.customer_value)?,
        incentive_cost: money("incentive_cost", raw.incentive_cost)?,
        contact_cost: money("contact_cost", raw.contact_cost)?,
        accept_alpha: shape("accept_alpha", raw.accept_alpha)?,
        accept_beta: shape("accept_beta", raw.accept_beta)?,
    })
}

/// `TABLE.COLUMN`
pub(super) fn published(file: &Written, written: &Spanned<String>) -> Result<PublishedColumn> {
    match written.as_ref().split_once('.') {
        Some((table, column)) if !table.is_empty() && !column.is_empty() && !column.contains('.') => {
            Ok(PublishedColumn { table: table.into(), column: column.into() })
        }
        _ => Err(file
            .problem(written.span(), format!("`{}` is no published column", written.as_ref()))
            .help("write TABLE.COLUMN, such as customer_snapshot.churn_probability")),
    }
}
