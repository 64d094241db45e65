//! What a figure means, in a sentence for people.

use super::{metrics::Interval, sentence::Sentence, spec::LearnedSpec};

/// `rate`: the base rate, for what a model that knows nothing else would reach.
pub fn meaning(name: &str, v: f64, interval: Option<Interval>, rate: f64, spec: &LearnedSpec) -> Sentence {
    let (event, event_zh, label) = (spec.event(), spec.event_zh(), &spec.label);
    let of_100 = 100.0 * v;
    let (english, chinese) = match name {
        "base_rate" => (
            format!("{of_100:.1} of 100 customers have {event}"),
            format!("每 100 位客户中 {of_100:.1} 位 {event_zh}"),
        ),
        "roc_auc" => {
            let by_chance = interval.is_some_and(|i| i.low <= 0.5 && i.high >= 0.5);
            let (surely, surely_zh) =
                if by_chance { (": it may be chance", "：可能只是偶然") } else { ("", "") };
            (
                format!(
                    "of two customers, one with {event} and one without, the model gives the one with it the higher \
                     probability in {of_100:.0} of 100 pairs (by chance: 50){surely}"
                ),
                format!(
                    "任取两位客户，一位 {event_zh}、一位不是，100 对中有 {of_100:.0} 对模型给前者的概率更高（随机为 50 对）\
                     {surely_zh}"
                ),
            )
        }
        "pr_auc" => (
            format!(
                "going down the list from the highest probability, {of_100:.0} of 100 customers have {event}, averaged over \
                 all who have it (in random order: {:.0})",
                100.0 * rate
            ),
            format!(
                "按概率从高到低查看，平均每 100 位客户中有 {of_100:.0} 位 {event_zh}（对所有 {event_zh}的客户取平均；\
                 随机排序为 {:.0} 位）",
                100.0 * rate
            ),
        ),
        "brier" => {
            let constant = rate * (1.0 - rate);
            (
                format!(
                    "the squared error of the probability is {v:.4} on average (of always saying {rate:.3}: {constant:.4})"
                ),
                format!("概率的平方误差平均为 {v:.4}（一律取 {rate:.3} 时为 {constant:.4}）"),
            )
        }
        "brier_uncalibrated" => {
            (format!("the squared error was {v:.4} before calibration"), format!("校准前的平方误差为 {v:.4}"))
        }
        "calibration_error" => (
            format!(
                "in tenths by probability, the share with {event} is {of_100:.1} of 100 customers away from what was said, \
                 on average"
            ),
            format!("按概率分为十组，各组 {event_zh}的比例与预测平均相差每 100 位客户 {of_100:.1} 位"),
        ),
        "calibration_error_uncalibrated" => (
            format!("it was {of_100:.1} of 100 customers before calibration"),
            format!("校准前平均相差每 100 位客户 {of_100:.1} 位"),
        ),
        "expected_events_ratio" => (
            format!("the probabilities add up to {v:.2} times as many customers with {event} as there were"),
            format!("概率之和为实际 {event_zh}的客户数的 {v:.2} 倍"),
        ),
        "calibration_slope" => (
            format!(
                "high and low probabilities differ {v:.2} times as much in truth as they say (1: as much; below 1: they say \
                 too much)"
            ),
            format!("概率高低之间的实际差距为预测差距的 {v:.2} 倍（1 为一致；低于 1 说明预测的差距过大）"),
        ),
        "log_loss" => {
            let constant = -(rate * rate.ln() + (1.0 - rate) * (1.0 - rate).ln());
            (
                format!(
                    "what happened surprised the model by {v:.4} on average, in log-loss (always saying {rate:.3}: \
                     {constant:.4})"
                ),
                format!(
                    "实际结果使模型意外的程度（对数损失）平均为 {v:.4}（一律取 {rate:.3} 时为 {constant:.4}）"
                ),
            )
        }
        "lift_top_tenth" => (
            format!(
                "the tenth with the highest probability holds {v:.1} times as many customers with {event} as average"
            ),
            format!("概率最高的十分之一客户中，{event_zh}的客户为平均水平的 {v:.1} 倍"),
        ),
        "recall_top_tenth" => (
            format!("the tenth with the highest probability holds {of_100:.0} of 100 customers with {event}"),
            format!("每 100 位 {event_zh}的客户中，有 {of_100:.0} 位在概率最高的十分之一客户之内"),
        ),
        "maximum_profit" => (
            format!(
                "with the campaign's costs, choosing whom to contact by this model brings {v:.2} per customer at best"
            ),
            format!("计入活动成本后，按本模型选择联系对象，平均每位客户最多带来 {v:.2}"),
        ),
        "maximum_profit_share" => (
            format!("that profit is expected when {of_100:.1} of 100 customers are contacted"),
            format!("预计每 100 位客户联系 {of_100:.1} 位时达到该收益"),
        ),
        "spearman" => (
            format!(
                "ordering customers by expected {label} agrees with the order of what came by {v:.2} (1: the same order, 0: \
                 none)"
            ),
            format!("按预期 {label} 排序与按实际结果排序的一致程度为 {v:.2}（1 为完全一致，0 为无关）"),
        ),
        "r_squared" if v < 0.0 => (
            format!(
                "the expected {label} is further from what came than the average of all would be: R² is {v:.2}"
            ),
            format!("预期 {label} 与实际结果的差距大于一律取平均值：R² 为 {v:.2}"),
        ),
        "r_squared" => (
            format!("the expected {label} explains {of_100:.0} % of the variance of what came"),
            format!("预期 {label} 解释了实际结果方差的 {of_100:.0}%"),
        ),
        "mean_absolute_error" => (
            format!("the expected {label} is {v:.2} away from what came, on average"),
            format!("预期 {label} 与实际结果平均相差 {v:.2}"),
        ),
        "amount_lift_top_tenth" => (
            format!("the tenth with the highest expected {label} brought {v:.1} times the average"),
            format!("预期 {label} 最高的十分之一客户，实际带来平均水平的 {v:.1} 倍"),
        ),
        _ => (
            format!("the expected {label} of all customers adds up to {v:.2} times what came"),
            format!("全部客户的预期 {label} 之和为实际结果的 {v:.2} 倍"),
        ),
    };
    Sentence { english, chinese }
}

/// Of a figure that these customers do not have.
pub fn undefined() -> Sentence {
    Sentence::new("undefined on these customers", "在这批客户上没有定义")
}

/// Of a figure that was not measured.
pub fn unmeasured(reason: &Sentence) -> Sentence {
    Sentence::new(format!("not measured: {reason}"), format!("未测：{}", reason.chinese))
}
