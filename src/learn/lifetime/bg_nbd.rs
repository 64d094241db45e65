//! BG/NBD: how often a customer without a contract will buy again (Fader, Hardie & Lee 2005, "Counting Your Customers the
//! Easy Way", Marketing Science 24, 275-284).
//!
//! While alive a customer buys at random moments with a rate λ of its own, λ ~ Gamma(r, α) over customers. After each repeat
//! purchase it leaves for good with a probability p of its own, p ~ Beta(a, b). So a customer who has bought but once is
//! alive for certain in this model: it has had no occasion to leave.

use serde::{Deserialize, Serialize};

/// What the model needs to know of a customer; times count from the first purchase, all in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchases {
    /// x: purchases after the first.
    pub repeats: u32,
    /// t_x: when the last of them was; without repeats it is not looked at.
    pub last: f64,
    /// T: how long the customer has been watched; at least `last`.
    pub age: f64,
}

/// The four parameters, all above 0; `alpha` is in the unit of time of the purchases it was fitted on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BgNbd {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
}

/// Terms are left out when all of them together are less than this share of the sum.
const PRECISION: f64 = 1e-13;

impl BgNbd {
    pub const NAMES: [&str; 4] = ["r", "alpha", "a", "b"];

    pub(super) fn is_sound(&self) -> bool {
        [self.r, self.alpha, self.a, self.b].iter().all(|v| v.is_finite() && *v > 0.0)
    }

    /// P(alive at T | x, t_x, T) = 1 / (1 + e^d), d = ln a/(b+x−1) · ((α+T)/(α+t_x))^(r+x); 1 without repeats (Fader, Hardie &
    /// Lee 2008, "Computing P(alive) Using the BG/NBD Model", a note).
    pub fn alive_probability(&self, customer: &Purchases) -> f64 {
        1.0 / (1.0 + self.log_odds_of_having_left(customer).exp())
    }

    /// d of [`Self::alive_probability`]; −∞ without repeats.
    pub(super) fn log_odds_of_having_left(&self, &Purchases { repeats, last, age }: &Purchases) -> f64 {
        if repeats == 0 {
            return f64::NEG_INFINITY;
        }
        let x = f64::from(repeats);
        let silence = ((age - last) / (self.alpha + last)).ln_1p();
        self.a.ln() - (self.b + x - 1.0).ln() + (self.r + x) * silence
    }

    /// E[purchases in (T, T+t] | x, t_x, T]: the paper's equation 10.
    pub fn expected_purchases(&self, horizon: f64, customer: &Purchases) -> f64 {
        self.alive_probability(customer) * self.expected_if_alive(horizon, customer.repeats, customer.age)
    }

    /// E[repeat purchases in (0, t]] of a customer who has just bought for the first time: the paper's equation 9.
    pub fn expected_purchases_of_new(&self, t: f64) -> f64 {
        self.expected_if_alive(t, 0, 0.0)
    }

    /// E[purchases in (T, T+t] | x, T, alive at T].
    ///
    /// The paper writes it with a Gauss hypergeometric function:
    /// (a+b+x−1)/(a−1) · [1 − ((α+T)/(α+T+t))^(r+x) · ₂F₁(r+x, b+x; a+b+x−1; t/(α+T+t))], which loses all digits near
    /// a = 1 and overflows for many repeats. The same, as a sum of positive terms: let K be the purchases that the customer
    /// would make if it could not leave, negative binomial with r+x and t/(α+T+t). The purchase number j+1 comes about if
    /// K > j and the customer has stayed after each of the j before it:
    ///
    /// Σ_j P(K > j) · E[(1−p)^j], p ~ Beta(a, b+x).
    ///
    /// Takes some (r+x)·t/(α+T) + 30·(1 + t/(α+T)) terms. NaN for what is no number, and beyond t = 10⁶·(α+T): nobody knows
    /// what becomes of a customer in a million times the time that it has been watched.
    pub fn expected_if_alive(&self, horizon: f64, repeats: u32, age: f64) -> f64 {
        let rate = self.alpha + age;
        if !(self.is_sound() && age >= 0.0 && (0.0..=1e6).contains(&(horizon / rate))) {
            return f64::NAN;
        }
        let share = horizon / (rate + horizon);
        let shape = self.r + f64::from(repeats);
        let stays = self.b + f64::from(repeats);
        let share_below = (horizon / rate).ln_1p();

        // P(K = 0) may be too small for a number: then logarithms, until the terms can be told from 0.
        let mut log_point = -shape * share_below;
        let mut j = 0.0;
        let (mut sum, mut stayed) = (0.0, 1.0);
        while log_point < -700.0 {
            sum += stayed;
            stayed *= (stays + j) / (self.a + stays + j);
            log_point += ((shape + j) / (j + 1.0) * share).ln();
            j += 1.0;
        }
        let mut point = log_point.exp();
        let mut beyond = if j == 0.0 { -log_point.exp_m1() } else { 1.0 };
        loop {
            sum += stayed * beyond;
            let next = (shape + j) / (j + 1.0) * share;
            stayed *= (stays + j) / (self.a + stays + j);
            point *= next;
            beyond = (beyond - point).max(0.0);
            j += 1.0;
            // From here on points fall by this factor at least, if it is below 1 (it falls or rises towards `share`).
            let falling = ((shape + j) / (j + 1.0) * share).max(share);
            if falling < 1.0 && stayed * point * falling <= PRECISION * sum * (1.0 - falling).powi(2) {
                return sum;
            }
        }
    }

    /// ln of the likelihood of one customer's purchases (the paper's section 7).
    pub fn log_likelihood(&self, customer: &Purchases) -> f64 {
        let &Purchases { repeats, age, .. } = customer;
        let x = f64::from(repeats);
        // Γ(r+x)/Γ(r) · Γ(b+x)/Γ(b) · Γ(a+b)/Γ(a+b+x), factor by factor.
        let orders: f64 = (0..repeats)
            .map(f64::from)
            .map(|i| (self.r + i).ln() + ((self.b + i) / (self.a + self.b + i)).ln())
            .sum();
        let alive = -(self.r + x) * (self.alpha + age).ln();
        orders + self.r * self.alpha.ln() + alive + ln_1p_exp(self.log_odds_of_having_left(customer))
    }
}

/// ln(1 + e^d) without overflow.
pub(super) fn ln_1p_exp(d: f64) -> f64 {
    d.max(0.0) + (-d.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 2 of the paper, in weeks.
    const CDNOW: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    fn near(found: f64, wanted: f64, share: f64) {
        assert!((found - wanted).abs() <= share * wanted.abs(), "{found}, wanted {wanted}");
    }

    fn seen(repeats: u32, last: f64, age: f64) -> Purchases {
        Purchases { repeats, last, age }
    }

    #[test]
    fn expectations_are_those_of_the_hypergeometric_formula() {
        // By the paper's formula with mpmath's hyp2f1 at 40 digits; those with repeats below 1000 and a above 0.05 also by
        // integrating (1 − (1 + pt/(α+T))^−(r+x))/p over p ~ Beta(a, b+x), likewise.
        let of = |r, alpha, a, b| BgNbd { r, alpha, a, b };
        for (model, horizon, repeats, age, wanted) in [
            (CDNOW, 39.0, 2, 38.86, 1.687_399_305_805_313),
            (CDNOW, 39.0, 0, 32.71, 0.223_815_309_147_842),
            (CDNOW, 39.0, 26, 30.86, 21.480_893_249_206_315),
            (CDNOW, 52.0, 0, 0.0, 1.446_050_595_396_404),
            (CDNOW, 0.001, 0, 10.0, 1.685_843_061_578_107_4e-5),
            // The formula is 0/0 at a = 1.
            (of(0.5, 2.0, 1.0, 3.0), 20.0, 4, 5.0, 7.187_514_209_8),
            (of(0.5, 2.0, 0.05, 3.0), 20.0, 4, 5.0, 12.420_984_316_534_453),
            (of(3.0, 10.0, 4.0, 0.4), 100.0, 1, 0.5, 1.464_686_297_924_533),
            // P(K = 0) is 1e-3360.
            (of(0.8, 10.0, 0.01, 50.0), 365.0, 3000, 20.0, 35_867.410_347_993_43),
            // A thousand terms and more.
            (of(0.243, 0.01, 0.793, 2.426), 365.0, 0, 0.0, 33.650_167_278_908_05),
            (of(8000.0, 16_000.0, 80.0, 8000.0), 30.0, 5, 10.0, 13.940_406_361_842_899),
        ] {
            near(model.expected_if_alive(horizon, repeats, age), wanted, 1e-10);
        }
    }

    #[test]
    fn alive_and_expected_as_by_the_python_package_lifetimes() {
        // lifetimes 0.11.3, BetaGeoFitter with these parameters.
        for (customer, alive, expected) in [
            (seen(2, 30.43, 38.86), 0.726_578_57, 1.226_028_174_767_135),
            (seen(10, 5.14, 30.0), 2.869_906_61e-5, 0.000_250_574_120_104),
            (seen(26, 30.86, 31.0), 0.968_915_65, 20.749_726_140_857_7),
            (seen(0, 0.0, 38.86), 1.0, 0.195_098_052_011_253_96),
        ] {
            near(CDNOW.alive_probability(&customer), alive, 1e-8);
            near(CDNOW.expected_purchases(39.0, &customer), expected, 1e-10);
        }
        for (t, wanted) in [(1.0, 0.053_267_891_171_656_27), (39.0, 1.196_723_193_320_798_5)] {
            near(CDNOW.expected_purchases_of_new(t), wanted, 1e-10);
        }
    }

    #[test]
    fn limits() {
        // P(alive) of one repeat, seen just now: b/(a+b), the chance to stay after it.
        near(CDNOW.alive_probability(&seen(1, 5.0, 5.0)), 2.426 / (0.793 + 2.426), 1e-14);
        // A customer of whom nothing is known but the first purchase.
        let new = seen(0, 0.0, 0.0);
        assert_eq!(CDNOW.alive_probability(&new), 1.0);
        assert_eq!(CDNOW.expected_purchases(0.0, &new), 0.0);
        assert_eq!(CDNOW.expected_purchases(7.0, &new), CDNOW.expected_purchases_of_new(7.0));
        near(CDNOW.log_likelihood(&new), 0.0, 0.0);
        // So short a time that nobody leaves: the rate r/α alone.
        near(CDNOW.expected_purchases_of_new(1e-9), 1e-9 * 0.243 / 4.414, 1e-8);
        // Long silence after many purchases.
        let gone = CDNOW.alive_probability(&seen(5000, 10.0, 1e6));
        assert!((0.0..1e-300).contains(&gone), "{gone}");
    }

    #[test]
    fn what_is_no_number_or_out_of_reach_is_nan() {
        for (horizon, age) in
            [(f64::NAN, 1.0), (-1.0, 1.0), (1e30, 0.0), (1.0, f64::NAN), (f64::INFINITY, 1.0)]
        {
            assert!(CDNOW.expected_if_alive(horizon, 0, age).is_nan(), "{horizon} {age}");
        }
    }

    #[test]
    fn the_likelihood_is_the_integral_over_rates_and_dropouts() {
        // ln ∫∫ [(1−p)^x λ^x e^−λT + p(1−p)^(x−1) λ^x e^(−λ t_x)] Gamma(λ; r, α) Beta(p; a, b) dλ dp, by mpmath's quad.
        let other = BgNbd { r: 2.0, alpha: 5.0, a: 1.5, b: 0.6 };
        for (model, customer, wanted) in [
            (CDNOW, seen(0, 0.0, 38.86), -0.554_713_276_438_158),
            (CDNOW, seen(2, 30.43, 38.86), -9.458_606_307_066_27),
            (CDNOW, seen(10, 5.14, 30.0), -14.712_196_281_379_9),
            (CDNOW, seen(1, 1.71, 38.86), -4.469_093_275_032_59),
            (other, seen(3, 4.0, 9.0), -7.334_665_403_182_16),
        ] {
            near(model.log_likelihood(&customer), wanted, 1e-12);
        }
    }
}
