//! How good are predicted amounts?

use serde::{Deserialize, Serialize};

use super::{mean, measurable, ranked, sum_of_top, tenths};

fn both(predicted: &[f64], actual: &[f64]) -> Option<()> {
    measurable(predicted, actual.len()).and(measurable(actual, predicted.len()))
}

/// Correlation of the ranks, ties sharing their average rank. None when either side is constant.
pub fn spearman(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    both(predicted, actual)?;
    let (a, b) = (average_ranks(predicted), average_ranks(actual));
    let centre = mean(a.iter().copied())?;
    let product =
        |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - centre) * (y - centre)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    (spread > 0.0).then(|| product(&a, &b) / spread)
}

fn average_ranks(values: &[f64]) -> Vec<f64> {
    let (order, ties) = ranked(values);
    let mut ranks = vec![0.0; values.len()];
    for tie in ties {
        let rank = (tie.start + tie.end - 1) as f64 / 2.0;
        order[tie].iter().for_each(|row| ranks[*row] = rank);
    }
    ranks
}

/// 1 − squared error over the squared error of the mean; below 0 when worse than the mean. None when `actual` is
/// constant.
pub fn r_squared(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    both(predicted, actual)?;
    let centre = mean(actual.iter().copied())?;
    let total: f64 = actual.iter().map(|a| (a - centre).powi(2)).sum();
    let error: f64 = predicted.iter().zip(actual).map(|(p, a)| (a - p).powi(2)).sum();
    (total > 0.0).then(|| 1.0 - error / total)
}

/// Sum of the predictions over the sum of what happened. None when the latter is 0.
pub fn total_ratio(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    both(predicted, actual)?;
    let total: f64 = actual.iter().sum();
    (total != 0.0).then(|| predicted.iter().sum::<f64>() / total)
}

/// Mean of |predicted − actual|, in the unit of both; None without rows.
pub fn mean_absolute_error(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    both(predicted, actual)?;
    mean(predicted.iter().zip(actual).map(|(p, a)| (p - a).abs()))
}

/// A tenth of the rows by falling prediction, or what comes nearest to it without parting equal predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AmountBin {
    pub rows: usize,
    pub mean_predicted: f64,
    pub mean_actual: f64,
    /// Mean of what happened over that of all rows; None unless the latter is above 0.
    pub lift: Option<f64>,
}

/// The tenths of [`deciles`](super::deciles), of amounts; empty without rows.
pub fn decile_lift_of_amounts(predicted: &[f64], actual: &[f64]) -> Vec<AmountBin> {
    let (Some(()), Some(overall)) = (both(predicted, actual), mean(actual.iter().copied())) else {
        return Vec::new();
    };
    let (order, bins) = tenths(predicted);
    let bin = |places: std::ops::Range<usize>| {
        let rows = &order[places];
        let mean_of = |values: &[f64]| rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64;
        let mean_actual = mean_of(actual);
        AmountBin {
            rows: rows.len(),
            mean_predicted: mean_of(predicted),
            mean_actual,
            lift: (overall > 0.0).then(|| mean_actual / overall),
        }
    };
    bins.into_iter().map(bin).collect()
}

/// Mean amount of the tenth of rows with the highest predictions, over the mean of all. Where the tenth ends among
/// equal predictions, or within a row, the expected amount counts. None unless the mean of all is above 0.
pub fn lift_top_tenth_of_amounts(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    both(predicted, actual)?;
    let overall = mean(actual.iter().copied())?;
    let (order, ties) = ranked(predicted);
    let sum = |tie: std::ops::Range<usize>| order[tie].iter().map(|row| actual[*row]).sum::<f64>();
    let groups = ties.into_iter().map(|tie| (sum(tie.clone()), tie.len() as f64));
    let wanted = actual.len() as f64 / 10.0;
    (overall > 0.0).then(|| sum_of_top(groups, wanted) / wanted / overall)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::near, *};

    #[test]
    fn amounts_by_hand() {
        near(spearman(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1000.0]), 1.0);
        // Ranks 0 1 2 3 against ties 0.5 0.5 2 3 → 4.5 / sqrt(5 · 4.5).
        near(spearman(&[1.0, 2.0, 3.0, 4.0], &[0.0, 0.0, 5.0, 9.0]), 4.5 / (5.0f64 * 4.5).sqrt());
        assert_eq!(spearman(&[1.0, 2.0], &[3.0, 3.0]), None);
        near(r_squared(&[1.0, 2.0, 3.0], &[1.0, 2.0, 6.0]), 1.0 - 9.0 / 14.0);
        near(r_squared(&[3.0, 3.0, 3.0], &[1.0, 2.0, 6.0]), 0.0);
        assert_eq!(r_squared(&[1.0], &[2.0]), None);
        near(total_ratio(&[1.0, 2.0], &[2.0, 4.0]), 0.5);
        assert_eq!(total_ratio(&[1.0], &[0.0]), None);
        near(mean_absolute_error(&[1.0, 2.0, 3.0], &[1.0, 4.0, 0.0]), 5.0 / 3.0);
        assert_eq!(mean_absolute_error(&[], &[]), None);
    }

    #[test]
    fn lift_by_hand() {
        // 20 rows, predicted 20 to 1; the first four brought 30, 10, 40, 0, the others nothing: a mean of 4.
        let predicted: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        let mut actual = [0.0; 20];
        (actual[0], actual[1], actual[2]) = (30.0, 10.0, 40.0);
        let bins = decile_lift_of_amounts(&predicted, &actual);
        assert_eq!(bins.len(), 10);
        let first = AmountBin { rows: 2, mean_predicted: 19.5, mean_actual: 20.0, lift: Some(5.0) };
        assert_eq!(bins[0], first);
        assert_eq!([bins[1].lift, bins[9].lift], [Some(5.0), Some(0.0)]);
        near(lift_top_tenth_of_amounts(&predicted, &actual), 5.0);
        // The second to the fourth predicted alike: the top two are 30 and a third of 10 + 40 + 0.
        let mut tied = predicted.clone();
        tied[1..4].fill(17.5);
        near(lift_top_tenth_of_amounts(&tied, &actual), (30.0 + 50.0 / 3.0) / 2.0 / 4.0);
        // 15 rows: the top is one and a half.
        near(lift_top_tenth_of_amounts(&predicted[..15], &actual[..15]), (30.0 + 5.0) / 1.5 / (80.0 / 15.0));
        assert_eq!(lift_top_tenth_of_amounts(&[1.0, 2.0], &[0.0, 0.0]), None);
        assert_eq!(decile_lift_of_amounts(&[1.0, 2.0], &[1.0, -1.0])[0].lift, None);
    }
}
