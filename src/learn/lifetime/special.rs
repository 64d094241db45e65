//! The gamma function's logarithm and its first two derivatives, for arguments above 0.

/// ln Γ(x).
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Where the asymptotic series below are exact to the last digits.
const LARGE: f64 = 10.0;

/// ψ(x), the derivative of ln Γ(x): ψ(x) = ψ(x + 1) − 1/x up to 10, then the asymptotic series (Abramowitz & Stegun, Handbook
/// of Mathematical Functions, 6.3.5 and 6.3.18).
pub fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < LARGE {
        below -= 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y
        * (1.0 / 12.0
            - y * (1.0 / 120.0
                - y * (1.0 / 252.0
                    - y * (1.0 / 240.0 - y * (1.0 / 132.0 - y * (691.0 / 32_760.0 - y / 12.0))))));
    below + x.ln() - 0.5 / x - series
}

/// ψ′(x), the derivative of [`digamma`] (ibid., 6.4.6 and 6.4.12).
pub fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < LARGE {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y
        * (1.0 / 6.0
            - y * (1.0 / 30.0
                - y * (1.0 / 42.0
                    - y * (1.0 / 30.0 - y * (5.0 / 66.0 - y * (691.0 / 2730.0 - y * 7.0 / 6.0))))));
    below + 1.0 / x + 0.5 * y + series / x
}

#[cfg(test)]
mod tests {
    use super::*;

    const EULER: f64 = 0.577_215_664_901_532_9;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() <= 2e-14 * wanted.abs().max(1.0), "{found}, wanted {wanted}");
    }

    #[test]
    fn closed_forms() {
        let pi2 = std::f64::consts::PI.powi(2);
        near(ln_gamma(5.0), 24f64.ln());
        near(ln_gamma(0.5), std::f64::consts::PI.ln() / 2.0);
        // ψ(1) = −γ, ψ(½) = −γ − 2 ln 2, ψ(n) = −γ + Σ 1/k below n.
        near(digamma(1.0), -EULER);
        near(digamma(0.5), -EULER - 2.0 * 2f64.ln());
        near(digamma(12.0), -EULER + (1..12).map(|k| 1.0 / f64::from(k)).sum::<f64>());
        // ψ′(1) = π²/6, ψ′(½) = π²/2, ψ′(n) = π²/6 − Σ 1/k² below n.
        near(trigamma(1.0), pi2 / 6.0);
        near(trigamma(0.5), pi2 / 2.0);
        near(trigamma(12.0), pi2 / 6.0 - (1..12).map(|k| 1.0 / f64::from(k * k)).sum::<f64>());
    }

    #[test]
    fn far_out_they_follow_the_logarithm() {
        near(digamma(1e12), 1e12f64.ln() - 0.5e-12);
        near(trigamma(1e12) * 1e12, 1.0 + 0.5e-12);
        near(digamma(1e-9) * 1e-9, -1.0 - EULER * 1e-9);
    }
}
