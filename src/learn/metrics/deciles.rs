//! The reliability table and gain chart: tenths of the rows by falling probability.

use serde::{Deserialize, Serialize};

use super::{Interval, base_rate, count, probable, tenths};

/// A tenth of the rows, or what comes nearest to it without parting rows of equal probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    pub rows: usize,
    pub events: usize,
    pub mean_probability: f64,
    pub observed_rate: f64,
    /// Wilson's interval of the observed rate.
    pub observed: Interval,
    /// Observed rate over the base rate of all rows; None without any event.
    pub lift: Option<f64>,
    /// Share of all events that this bin and those of higher probability hold; None without any event.
    pub gain: Option<f64>,
}

/// At most ten bins by falling probability, each with as near as can be a tenth of the rows. Rows with equal
/// probability stay together, in the bin in which their middle lies, so the rows' order is of no matter; a model that
/// knows few probabilities has fewer and uneven bins (see `rows`), and fewer rows than ten have one bin each. Empty
/// without rows.
pub fn deciles(probabilities: &[f64], events: &[bool]) -> Vec<Bin> {
    let all = count(events);
    let (Some(()), Some(rate)) = (probable(probabilities, events.len()), base_rate(events)) else {
        return Vec::new();
    };
    let (order, bins) = tenths(probabilities);
    let mut found = 0.0;
    let bin = |places: std::ops::Range<usize>| {
        let rows = &order[places];
        let n = rows.len() as f64;
        let events = rows.iter().filter(|row| events[**row]).count();
        found += events as f64;
        let observed_rate = events as f64 / n;
        Bin {
            rows: rows.len(),
            events,
            mean_probability: rows.iter().map(|row| probabilities[*row]).sum::<f64>() / n,
            observed_rate,
            observed: Interval::wilson(observed_rate, n),
            lift: (rate > 0.0).then(|| observed_rate / rate),
            gain: (rate > 0.0).then(|| found / all),
        }
    };
    bins.into_iter().map(bin).collect()
}

/// Mean over the rows of |observed rate − mean probability| of their bin of [`deciles`]; None without rows.
///
/// Bins of equal count, not of equal width: churn probabilities crowd near 0, where one bin of width .1 would hold
/// nearly all rows and hide their errors, and the others so few that chance would make the figure (Nixon et al., CVPR
/// Workshops 2019; Roelofs et al., AISTATS 2022, find the bias of equal counts smaller). Some bias is left: of a
/// perfect model the figure is not 0 but about what chance moves a bin's rate by, sqrt(2 p (1 − p) / (π · rows of a
/// bin)).
pub fn expected_calibration_error(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    let bins = deciles(probabilities, events);
    let apart = |bin: &Bin| bin.rows as f64 * (bin.observed_rate - bin.mean_probability).abs();
    (!bins.is_empty()).then(|| bins.iter().map(apart).sum::<f64>() / events.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::tests::{F, T, between, columns, near},
        *,
    };

    #[test]
    fn bins_by_hand() {
        // 20 rows: .9 twice (both events), .4 eight times (2 events), .1 ten times (none). The eight stand at places
        // 2 to 10, their middle at 6 of 20: the fourth tenth; the ten around 15: the eighth.
        let mut p = [0.1; 20];
        let mut events = [F; 20];
        p[3..5].fill(0.9);
        events[3..5].fill(T);
        p[10..18].fill(0.4);
        events[12..14].fill(T);
        let bins = deciles(&p, &events);
        assert_eq!(bins.iter().map(|b| (b.rows, b.events)).collect::<Vec<_>>(), [(2, 2), (8, 2), (10, 0)]);
        near(Some(bins[1].mean_probability), 0.4);
        near(Some(bins[1].observed_rate), 0.25);
        // The base rate is 4 of 20.
        near(bins[0].lift, 5.0);
        near(bins[1].lift, 1.25);
        near(bins[0].gain, 0.5);
        near(bins[1].gain, 1.0);
        near(bins[2].gain, 1.0);
        // 2 of 8: scipy's binomtest(2, 8).proportion_ci(method="wilson").
        between(Some(bins[1].observed), 0.071_479_212_752, 0.590_724_569_690);
        near(expected_calibration_error(&p, &events), (2.0 * 0.1 + 8.0 * 0.15 + 10.0 * 0.1) / 20.0);
    }

    #[test]
    fn few_rows_and_no_events() {
        let bins = deciles(&[0.1, 0.7, 0.2], &[F, F, F]);
        assert_eq!(bins.iter().map(|b| b.rows).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(bins.iter().all(|b| b.lift.is_none() && b.gain.is_none()));
        near(expected_calibration_error(&[0.1, 0.7, 0.2], &[F, F, F]), 1.0 / 3.0);
        assert_eq!(expected_calibration_error(&[], &[]), None);
    }

    proptest! {
        #[test]
        fn the_order_of_rows_is_no_matter(rows in prop::collection::vec((0u8..20, any::<bool>()), 1..60)) {
            let mut sorted = rows.clone();
            sorted.sort();
            let ((mut p, e), (mut q, f)) = (columns(&rows), columns(&sorted));
            p.iter_mut().chain(&mut q).for_each(|p| *p /= 20.0);
            let bins = deciles(&p, &e);
            prop_assert_eq!(&bins, &deciles(&q, &f));
            prop_assert_eq!(expected_calibration_error(&p, &e), expected_calibration_error(&q, &f));
            prop_assert_eq!(bins.iter().map(|b| b.rows).sum::<usize>(), rows.len());
            prop_assert!(bins.windows(2).all(|b| b[0].mean_probability > b[1].mean_probability));
        }
    }
}
