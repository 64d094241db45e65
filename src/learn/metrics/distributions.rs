//! The two distributions that the metrics integrate: beta, and Student's t by way of it.

/// Terms of the continued fraction: about the square root of the larger parameter is needed.
const MOST_TERMS: u32 = 20_000;

/// P(X > x) for X ~ Beta(a, b), a and b above 0. None where it cannot be had (parameters beyond about 10⁸).
pub fn beta_above(x: f64, a: f64, b: f64) -> Option<f64> {
    match x {
        x if x <= 0.0 => Some(1.0),
        x if x >= 1.0 => Some(0.0),
        x => regularized_beta(1.0 - x, x, b, a),
    }
}

/// I_x(a, b), with y = 1 − x given apart so that a small one keeps its digits.
fn regularized_beta(x: f64, y: f64, a: f64, b: f64) -> Option<f64> {
    let ln_front = a * x.ln() + b * y.ln() + libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    // Each side's fraction converges fast up to about the mean.
    let value = if x < (a + 1.0) / (a + b + 2.0) {
        ln_front.exp() / a * continued_fraction(x, a, b)?
    } else {
        1.0 - ln_front.exp() / b * continued_fraction(y, b, a)?
    };
    value.is_finite().then(|| value.clamp(0.0, 1.0))
}

/// Of the incomplete beta function (DLMF 8.17.22), from the front (modified Lentz: Press et al., Numerical Recipes
/// 5.2, 6.4).
fn continued_fraction(x: f64, a: f64, b: f64) -> Option<f64> {
    const TINY: f64 = 1e-300;
    let not_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for term in 1..=MOST_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / not_zero(1.0 + coefficient * d);
            c = not_zero(1.0 + coefficient / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() <= 4.0 * f64::EPSILON {
            return Some(value);
        }
    }
    None
}

/// The 97.5 % point of Student's t with `freedom` > 0 degrees of freedom: 12.706 of 1, 2.228 of 10, 1.960 of many.
pub fn student_t_975(freedom: f64) -> Option<f64> {
    // P(|T| > t) = I_x(freedom/2, 1/2) at x = freedom / (freedom + t²); x is sought by halving, y = 1 − x keeps the
    // digits.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let y: f64 = f64::midpoint(low, high);
        if regularized_beta(1.0 - y, y, freedom / 2.0, 0.5)? > 0.05 {
            low = y;
        } else {
            high = y;
        }
    }
    Some((freedom * high / (1.0 - high)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::{super::tests::near_by, *};

    #[test]
    fn closed_forms() {
        // Beta(1, 1) is uniform; of Beta(2, 1) P(X > x) = 1 − x²; of Beta(1, n) (1 − x)ⁿ; Beta(½, ½) is the arcsine
        // law.
        near_by(beta_above(0.3, 1.0, 1.0), 0.7, 1e-14);
        near_by(beta_above(0.3, 2.0, 1.0), 0.91, 1e-14);
        near_by(beta_above(0.01, 1.0, 400.0), 0.99f64.powi(400), 1e-14);
        near_by(beta_above(0.25, 0.5, 0.5), 2.0 / 3.0, 1e-14);
        assert_eq!([beta_above(0.0, 6.0, 14.0), beta_above(1.0, 6.0, 14.0)], [Some(1.0), Some(0.0)]);
        assert_eq!(beta_above(0.5, 1e20, 1e20).filter(|p| !(0.0..=1.0).contains(p)), None);
    }

    #[test]
    fn figures_of_scipy() {
        // scipy.stats.beta.sf
        for (x, a, b, wanted) in [
            (0.2, 6.0, 14.0, 0.836_937_695_751_464_5),
            (0.05, 6.0, 14.0, 0.999_759_310_123_239_8),
            (0.9, 6.0, 14.0, 7.127_726_319_979_999e-11),
            (0.3, 0.5, 0.7, 0.547_872_151_005_820_5),
            (0.31, 3_000.0, 7_000.0, 0.014_943_671_363_309_695),
        ] {
            near_by(beta_above(x, a, b).map(|found| found / wanted), 1.0, 1e-10);
        }
        // scipy.stats.t.ppf(.975, ·)
        for (freedom, wanted) in [
            (1.0, 12.706_204_736_174_694),
            (2.0, 4.302_652_729_749_462),
            (10.0, 2.228_138_851_986_274),
            (100.0, 1.983_971_518_523_551_8),
            (1e4, 1.960_201_239_890_626),
            (1e6, 1.959_966_356_814_107),
        ] {
            near_by(student_t_975(freedom), wanted, 1e-8);
        }
        assert_eq!(student_t_975(f64::INFINITY), None);
    }
}
