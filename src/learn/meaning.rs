//! What a figure means, in a sentence for people.

use super::{metrics::Interval, spec::LearnedSpec};

/// `rate`: the base rate, for what a model that knows nothing else would reach.
pub fn meaning(name: &str, v: f64, interval: Option<Interval>, rate: f64, spec: &LearnedSpec) -> String {
    let (event, label) = (spec.event(), &spec.label);
    match name {
        "base_rate" => format!("{:.1} of 100 customers have {event}", 100.0 * v),
        "roc_auc" => {
            let surely = match interval {
                Some(i) if i.low <= 0.5 && i.high >= 0.5 => ": it may be chance",
                _ => "",
            };
            format!(
                "of two customers, one with {event} and one without, the model gives the one with it the higher \
                 probability in {:.0} of 100 pairs (by chance: 50){surely}",
                100.0 * v
            )
        }
        "pr_auc" => format!(
            "going down the list from the highest probability, {:.0} of 100 customers have {event}, averaged over all who \
             have it (in random order: {:.0})",
            100.0 * v,
            100.0 * rate
        ),
        "brier" => format!(
            "the squared error of the probability is {v:.4} on average (of always saying {rate:.3}: {:.4})",
            rate * (1.0 - rate)
        ),
        "brier_uncalibrated" => format!("the squared error was {v:.4} before calibration"),
        "calibration_error" => format!(
            "in tenths by probability, the share with {event} is {:.1} of 100 customers away from what was said, on average",
            100.0 * v
        ),
        "calibration_error_uncalibrated" => {
            format!("it was {:.1} of 100 customers before calibration", 100.0 * v)
        }
        "expected_events_ratio" => {
            format!("the probabilities add up to {v:.2} times as many customers with {event} as there were")
        }
        "calibration_slope" => format!(
            "high and low probabilities differ {v:.2} times as much in truth as they say (1: as much; below 1: they say too much)"
        ),
        "log_loss" => format!(
            "what happened surprised the model by {v:.4} on average, in log-loss (always saying {rate:.3}: {:.4})",
            -(rate * rate.ln() + (1.0 - rate) * (1.0 - rate).ln())
        ),
        "lift_top_tenth" => format!(
            "the tenth with the highest probability holds {v:.1} times as many customers with {event} as average"
        ),
        "recall_top_tenth" => {
            format!(
                "the tenth with the highest probability holds {:.0} of 100 customers with {event}",
                100.0 * v
            )
        }
        "maximum_profit" => format!(
            "with the campaign's costs, choosing whom to contact by this model brings {v:.2} per customer at best"
        ),
        "maximum_profit_share" => {
            format!("that profit is expected when {:.1} of 100 customers are contacted", 100.0 * v)
        }
        "spearman" => format!(
            "ordering customers by expected {label} agrees with the order of what came by {v:.2} (1: the same order, 0: none)"
        ),
        "r_squared" if v < 0.0 => {
            format!(
                "the expected {label} is further from what came than the average of all would be: R² is {v:.2}"
            )
        }
        "r_squared" => {
            format!("the expected {label} explains {:.0} % of the variance of what came", 100.0 * v)
        }
        "mean_absolute_error" => format!("the expected {label} is {v:.2} away from what came, on average"),
        "amount_lift_top_tenth" => {
            format!("the tenth with the highest expected {label} brought {v:.1} times the average")
        }
        _ => format!("the expected {label} of all customers adds up to {v:.2} times what came"),
    }
}
