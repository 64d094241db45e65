//! How scores did that were published a horizon ago, now that it is known what came.

use chrono::NaiveDate;

use super::{
    meaning::undefined,
    measure::{Ground, Holdout, Metric},
    metrics::{self, Interval},
    sentence::Sentence,
    spec::{LearnedKind, LearnedSpec},
};

/// What was published of a customer, and what came. Customers without one of both are not in it.
#[derive(Clone, Debug, Default)]
pub struct Graded {
    pub score: Vec<f64>,
    /// 0 or 1, or the amount.
    pub label: Vec<f64>,
    /// Only where the score has bands.
    pub band: Vec<Option<String>>,
}

/// Figures that make sense of what was published; those of the fit do not.
fn is_gradable(metric: &str, kind: LearnedKind) -> bool {
    let of_amount = matches!(
        metric,
        "spearman" | "r_squared" | "mean_absolute_error" | "total_ratio" | "amount_lift_top_tenth"
    );
    match kind {
        LearnedKind::Probability => !of_amount && !metric.ends_with("_uncalibrated"),
        LearnedKind::Amount => of_amount,
    }
}

/// Of a learned model: of a probability, or of the amount that was expected.
pub fn of_learned(spec: &LearnedSpec, published_on: NaiveDate, graded: &Graded) -> Vec<Metric> {
    let events: Vec<bool> = graded.label.iter().map(|v| *v > 0.0).collect();
    let holdout = Holdout {
        rows: Vec::new(),
        probability: graded.score.clone(),
        uncalibrated: graded.score.clone(),
        expected: (spec.kind == LearnedKind::Amount).then(|| graded.score.clone()),
        label: graded.label.clone(),
        events,
        uncertainty: None,
    };
    let ground = ground(published_on, graded);
    let measured = ground.measure(spec, &holdout);
    measured.into_iter().filter(|m| is_gradable(&m.metric, spec.kind)).collect()
}

/// Of a scorecard that is to warn by low scores. `bands`: highest first.
pub fn of_scorecard(label: &str, bands: &[String], published_on: NaiveDate, graded: &Graded) -> Vec<Metric> {
    let ground = ground(published_on, graded);
    let events: Vec<bool> = graded.label.iter().map(|v| *v > 0.0).collect();
    let warning: Vec<f64> = graded.score.iter().map(|score| -score).collect();
    let auc = metrics::roc_auc(&warning, &events);
    let mut found = vec![
        metric(&ground, "base_rate", metrics::base_rate(&events), None, |v| {
            Sentence::new(
                format!("{:.1} of 100 customers had {label} afterwards", 100.0 * v),
                format!("每 100 位客户中 {:.1} 位其后 {label} 为真", 100.0 * v),
            )
        }),
        metric(&ground, "roc_auc", auc, metrics::roc_auc_interval(&warning, &events), |v| {
            Sentence::new(
                format!(
                    "of two customers, one with {label} and one without, the one with it had the lower score in {:.0} of \
                     100 pairs (by chance: 50)",
                    100.0 * v
                ),
                format!(
                    "任取两位客户，一位其后 {label} 为真、一位不是，100 对中有 {:.0} 对前者的评分更低（随机为 50 对）",
                    100.0 * v
                ),
            )
        }),
    ];
    let mut missed = 0;
    for (place, band) in bands.iter().enumerate() {
        let members: Vec<bool> = graded
            .band
            .iter()
            .zip(&events)
            .filter(|(b, _)| b.as_ref() == Some(band))
            .map(|(_, e)| *e)
            .collect();
        let own =
            Ground { rows: members.len(), events: members.iter().filter(|e| **e).count(), ..ground.clone() };
        if place == 0 {
            missed = own.events;
        }
        found.push(metric(&own, &format!("rate_in_{band}"), metrics::base_rate(&members), None, |v| {
            Sentence::new(
                format!("{:.1} of 100 customers in {band} had {label} afterwards", 100.0 * v),
                format!("{band} 档每 100 位客户中 {:.1} 位其后 {label} 为真", 100.0 * v),
            )
        }));
    }
    if let Some(best) = bands.first() {
        let share = (ground.events > 0).then(|| missed as f64 / ground.events as f64);
        found.push(metric(&ground, "unwarned_share", share, None, |v| {
            Sentence::new(
                format!(
                    "{:.0} of 100 customers with {label} had been {best} on the day: nobody was warned",
                    100.0 * v
                ),
                format!(
                    "每 100 位 {label} 为真的客户中，有 {:.0} 位当日处于 {best} 档：未得到预警",
                    100.0 * v
                ),
            )
        }));
    }
    found
}

fn ground(published_on: NaiveDate, graded: &Graded) -> Ground {
    Ground {
        train_cutoffs: Vec::new(),
        test_cutoff: Some(published_on),
        rows: graded.label.len(),
        events: graded.label.iter().filter(|v| **v > 0.0).count(),
    }
}

fn metric(
    ground: &Ground,
    name: &str,
    value: Option<f64>,
    interval: Option<Interval>,
    meaning: impl Fn(f64) -> Sentence,
) -> Metric {
    let meaning = value.map_or_else(undefined, meaning);
    ground.metric(name, value, interval, meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::synthetic::{self, day};

    #[test]
    fn a_health_score_is_graded_by_band_and_by_order() {
        // Scores 90 80 70 40 30; the customers with 80 and 30 left.
        let band = |name: &str| Some(name.to_owned());
        let graded = Graded {
            score: vec![90.0, 80.0, 70.0, 40.0, 30.0],
            label: vec![0.0, 1.0, 0.0, 0.0, 1.0],
            band: vec![band("green"), band("green"), band("yellow"), band("red"), band("red")],
        };
        let bands = ["green", "yellow", "red"].map(String::from);
        let found = of_scorecard("churned", &bands, day("2026-01-01"), &graded);
        let value = |name: &str| found.iter().find(|m| m.metric == name).unwrap().value;
        // Pairs won: 80 against 90 only: 1; 30 against 90, 70, 40: 3 → 4 of 6.
        assert!((value("roc_auc").unwrap() - 4.0 / 6.0).abs() < 1e-12);
        assert_eq!(value("rate_in_green"), Some(0.5));
        assert_eq!(value("rate_in_yellow"), Some(0.0));
        assert_eq!(value("unwarned_share"), Some(0.5));
        assert_eq!(found[2].rows, 2, "a band's figure counts its own customers");
        assert!(found.iter().all(|m| m.test_cutoff == Some(day("2026-01-01"))));
    }

    #[test]
    fn published_probabilities_and_amounts_are_graded_by_their_own_figures() {
        let graded = Graded { score: vec![0.9, 0.1, 0.2], label: vec![1.0, 0.0, 0.0], band: Vec::new() };
        let names = |kind| {
            let found = of_learned(&synthetic::spec(kind), day("2026-01-01"), &graded);
            found.into_iter().map(|m| m.metric).collect::<Vec<_>>()
        };
        let probability = names(LearnedKind::Probability);
        assert!(probability.contains(&"roc_auc".to_owned()) && !probability.contains(&"spearman".to_owned()));
        assert!(!probability.contains(&"brier_uncalibrated".to_owned()));
        assert_eq!(names(LearnedKind::Amount)[0], "spearman");
    }
}
