//! How each model file decides: one function for each kind.

use super::{
    Language,
    judged::{quadrant, scorecard},
    markdown::{code, paragraph, percent},
    rules::{alerts, capacity, rules},
};
use crate::project::{
    Project,
    model::{
        ContractLifetimeSpec, EstimatorChoice, LearnedKind, LearnedSpec, LifetimeSpec, Model, ModelSpec,
        PublishedColumn,
    },
};

pub fn section(project: &Project, model: &Model, language: Language) -> String {
    let (kind, text) = match &model.spec {
        ModelSpec::Learned(spec) => {
            let kind = match spec.kind {
                LearnedKind::Probability => "probability",
                LearnedKind::Amount => "amount",
            };
            (kind, learned(project, spec, language))
        }
        ModelSpec::Scorecard(spec) => ("scorecard", scorecard(spec, language)),
        ModelSpec::Quadrant(spec) => ("quadrant", quadrant(spec, language)),
        ModelSpec::Lifetime(spec) => ("lifetime", lifetime(spec, language)),
        ModelSpec::ContractLifetime(spec) => ("contract_lifetime", contract_lifetime(spec, language)),
        ModelSpec::Rules(spec) => ("rules", rules(spec, language)),
        ModelSpec::Alerts(spec) => ("alerts", alerts(spec, language)),
        ModelSpec::Capacity(spec) => ("capacity", capacity(spec, language)),
    };
    let description = language.described(&model.description, &model.description_zh).trim();
    let stop = match description.is_empty() || description.ends_with(['.', '?', '!', '。', '？', '！']) {
        true => "",
        false => language.say(".", "。"),
    };
    let about = match language {
        Language::English => format!("Kind: `{kind}`, `models/{}.toml`.", model.name),
        Language::Chinese => format!("类别：`{kind}`，`models/{}.toml`。", model.name),
    };
    let about = paragraph(&format!("{description}{stop} {about}"));
    format!("\n### {}\n{about}{text}", model.name)
}

fn learned(project: &Project, spec: &LearnedSpec, language: Language) -> String {
    let label = project.sql.iter().find(|sql| sql.name == spec.label);
    let horizon = label.and_then(|sql| sql.header.horizon_days).unwrap_or_default();
    let (features, label) = (code(&spec.features), code(&spec.label));
    let estimator = match (spec.estimator, language) {
        (EstimatorChoice::Auto, Language::English) => {
            "the simplest of logistic regression and boosted trees that is as good as the best"
        }
        (EstimatorChoice::Auto, Language::Chinese) => "逻辑回归与提升树中与最优者相当的最简单者",
        (EstimatorChoice::Logistic, _) => language.say("logistic regression", "逻辑回归"),
        (EstimatorChoice::BoostedTrees, _) => language.say("boosted trees", "提升树"),
    };
    let mut text = match language {
        Language::English => format!(
            "Learned from {features} at past cutoffs and from {label}, what came in the {horizon} days after them, by \
             {estimator}. With fewer than {} events to learn from there are no scores.",
            spec.min_events
        ),
        Language::Chinese => format!(
            "从过去各截止日的 {features} 以及其后 {horizon} 天的结果 {label} 学习，方法为{estimator}。可学习的事件少于 {} 个时不给出分数。",
            spec.min_events
        ),
    };
    if !spec.exclude.is_empty() {
        let names: Vec<String> = spec.exclude.iter().map(|name| code(name)).collect();
        text += &match language {
            Language::English => format!(" Not learned from: {}.", names.join(", ")),
            Language::Chinese => format!("不用于学习的列：{}。", names.join("、")),
        };
    }
    paragraph(&(text + &graded(spec.governance.published.as_ref(), &spec.label, language)))
}

/// Where a score is published, and what it is held against later; as the next sentence of a paragraph.
pub(super) fn graded(published: Option<&PublishedColumn>, label: &str, language: Language) -> String {
    let Some(PublishedColumn { table, column }) = published else { return String::new() };
    let label = code(label);
    match language {
        Language::English => {
            format!(" Published as `{table}.{column}`, and graded against {label} once that is known.")
        }
        Language::Chinese => format!("发布为 `{table}.{column}`，待 {label} 已知后评估。"),
    }
}

fn lifetime(spec: &LifetimeSpec, language: Language) -> String {
    let (purchases, future) = (code(&spec.purchases), code(&spec.future));
    let (discount, margin) = (percent(spec.yearly_discount), percent(spec.margin));
    paragraph(&match language {
        Language::English => format!(
            "Fitted to {purchases} (BG/NBD and Gamma-Gamma), and measured against {future}. Purchases are counted {} days \
             ahead; {margin} of their value is earned, and a year takes {discount} off. With fewer than {} customers who \
             have bought more than once there are no figures.",
            spec.horizon_days, spec.min_events
        ),
        Language::Chinese => format!(
            "由 {purchases} 拟合（BG/NBD 与 Gamma-Gamma），并以 {future} 检验。预测其后 {} 天的购买；其价值的 {margin} 为毛利，每年折现 {discount}。重复购买的客户少于 {} 位时不给出结果。",
            spec.horizon_days, spec.min_events
        ),
    })
}

fn contract_lifetime(spec: &ContractLifetimeSpec, language: Language) -> String {
    let (from, margin, churn) = (code(&spec.from), code(&spec.margin.0), code(&spec.churn_probability.0));
    let (days, discount, years) = (spec.churn_days, percent(spec.yearly_discount), spec.horizon_years);
    paragraph(&match language {
        Language::English => format!(
            "Of each customer of {from}: the yearly margin {margin} for as long as it is likely to stay, where {churn} is \
             the probability to leave within {days} days. A year takes {discount} off, and margin after {years} years is \
             not counted."
        ),
        Language::Chinese => format!(
            "{from} 中每位客户：年毛利 {margin} 乘以预计留存的时间，其中 {churn} 为 {days} 天内流失的概率。每年折现 {discount}，{years} 年以后的毛利不计。"
        ),
    })
}
