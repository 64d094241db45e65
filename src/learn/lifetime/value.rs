//! What a customer's future purchases are worth today.

use super::bg_nbd::BgNbd;

const YEAR_DAYS: f64 = 365.0;
/// No period is longer than a month. Within one, purchases count as of its middle: at 10 % a year that errs by some parts in
/// 100,000, of a customer whose purchases become rarer.
const LONGEST_PERIOD_DAYS: f64 = YEAR_DAYS / 12.0;

/// The periods of a horizon, from today on.
#[derive(Clone, Debug, PartialEq)]
pub struct Periods {
    /// When each ends, in days, and what a unit of money in it is worth today.
    periods: Vec<(f64, f64)>,
}

impl Periods {
    /// Equal periods of at most a month. `yearly_discount` is a share: 0.10 makes 110 in a year worth 100 today.
    pub fn new(horizon_days: u32, yearly_discount: f64) -> Self {
        let horizon = f64::from(horizon_days);
        let count = (horizon / LONGEST_PERIOD_DAYS).ceil().max(1.0);
        let length = horizon / count;
        let period = |k: f64| {
            let middle = (k + 0.5) * length;
            ((k + 1.0) * length, (1.0 + yearly_discount).powf(-middle / YEAR_DAYS))
        };
        Self { periods: (0..count as u32).map(|k| period(f64::from(k))).collect() }
    }

    /// Purchases over the whole horizon, and the same with each counted at its worth today, of a customer who is alive.
    ///
    /// Σ_k (E[purchases to t_k] − E[purchases to t_k−1]) / (1+d)^(middle of k in years): the discounted expected transactions
    /// of Fader, Hardie & Lee 2005 ("RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing
    /// Research 42, 415-430), over a horizon instead of for ever. `model` is in days.
    pub fn purchases_if_alive(&self, model: &BgNbd, repeats: u32, age_days: f64) -> (f64, f64) {
        let (mut before, mut discounted) = (0.0, 0.0);
        for (end, factor) in &self.periods {
            let until = model.expected_if_alive(*end, repeats, age_days);
            discounted += (until - before) * factor;
            before = until;
        }
        (before, discounted)
    }
}

/// margin · E[value of a purchase] · Σ discounted purchases: a customer's lifetime value over the horizon (ibid.). `margin` is
/// the share of a purchase's value that is earned.
pub fn lifetime_value(margin: f64, discounted_purchases: f64, expected_value: f64) -> f64 {
    margin * discounted_purchases * expected_value
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: BgNbd = BgNbd { r: 0.5, alpha: 30.0, a: 0.8, b: 2.5 };

    #[test]
    fn a_year_has_twelve_months_discounted_from_their_middle() {
        let periods = Periods::new(365, 0.10).periods;
        assert_eq!(periods.len(), 12);
        for (k, (end, factor)) in (0..12).map(f64::from).zip(&periods) {
            assert!((end - 365.0 * (k + 1.0) / 12.0).abs() < 1e-12, "{end}");
            assert!((factor - (1.1f64).powf(-(2.0 * k + 1.0) / 24.0)).abs() < 1e-15, "{factor}");
        }
        assert_eq!(Periods::new(60, 0.0).periods, [(30.0, 1.0), (60.0, 1.0)]);
        assert_eq!(Periods::new(1, 0.0).periods, [(1.0, 1.0)]);
    }

    #[test]
    fn months_come_near_a_discount_by_the_day() {
        let (purchases, discounted) = Periods::new(730, 0.10).purchases_if_alive(&MODEL, 3, 200.0);
        assert!((purchases - MODEL.expected_if_alive(730.0, 3, 200.0)).abs() < 1e-12);
        let until = |day: u32| MODEL.expected_if_alive(f64::from(day), 3, 200.0);
        let daily: f64 = (0..730)
            .map(|day| (until(day + 1) - until(day)) * 1.1f64.powf(-(f64::from(day) + 0.5) / 365.0))
            .sum();
        assert!((discounted / daily - 1.0).abs() < 1e-4, "{discounted} {daily}");
        assert_eq!(Periods::new(730, 0.0).purchases_if_alive(&MODEL, 3, 200.0), (purchases, purchases));
    }

    #[test]
    fn a_value_by_hand() {
        assert_eq!(lifetime_value(0.25, 4.0, 20.0), 20.0);
    }
}
