//! Gamma-Gamma: what a customer's purchase is worth on average (Fader & Hardie 2013, "The Gamma-Gamma Model of Monetary
//! Value", a note).
//!
//! The value of each purchase of a customer is Gamma(p, ν), with a rate ν of its own, ν ~ Gamma(q, γ) over customers. How
//! much a customer spends is assumed to have nothing to do with how often it buys: see [`correlation`].

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{
    fit::{Derivatives, Fit, maximum},
    special::{digamma, ln_gamma, trigamma},
};
use crate::learn::sentence::Sentence;

/// What the model needs to know of a customer with repeat purchases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spending {
    /// x: purchases after the first; at least 1.
    pub repeats: u32,
    /// z̄: their mean value, above 0.
    pub mean: f64,
}

/// The three parameters, all above 0; `gamma` is in the currency of the values it was fitted on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GammaGamma {
    pub p: f64,
    pub q: f64,
    pub gamma: f64,
}

/// With γ in mean values: beyond these a parameter no longer makes a difference that could be seen.
const LIMITS: [(f64, f64); 3] = [(1e-4, 1e4), (1e-4, 1e4), (1e-6, 1e6)];

impl GammaGamma {
    pub const NAMES: [&str; 3] = ["p", "q", "gamma"];

    pub(super) fn is_sound(&self) -> bool {
        [self.p, self.q, self.gamma].iter().all(|v| v.is_finite() && *v > 0.0)
    }

    /// E[Z̄] over all customers, pγ/(q−1). None for q ≤ 1: so many customers spend so much that there is no mean.
    pub fn mean_of_all(&self) -> Option<f64> {
        self.expected_value(0, 0.0)
    }

    /// E[mean value of a purchase | x, z̄] = p(γ + x·z̄)/(px + q − 1), the note's equation 5: a mean of the customer's own
    /// mean and that of all, weighted by px and q − 1. Without repeats it is that of all (`mean` is not looked at).
    ///
    /// None for px + q ≤ 1, where there is no mean.
    pub fn expected_value(&self, repeats: u32, mean: f64) -> Option<f64> {
        let x = f64::from(repeats);
        let own = if repeats == 0 { 0.0 } else { x * mean };
        let weight = self.p * x + self.q - 1.0;
        (weight > 0.0).then(|| self.p * (self.gamma + own) / weight)
    }

    /// ln of the density of one customer's mean value (the note's equation 1a).
    pub fn log_likelihood(&self, customer: &Spending) -> f64 {
        derivatives(&[self.p, self.q, self.gamma], std::slice::from_ref(customer)).value
    }

    /// Fits p, q and γ. Sorts first, so that the order of the customers makes no difference.
    ///
    /// Err says why there is no honest model: fewer than `least` customers, or all spend the same.
    pub fn fit(customers: &[Spending], least: usize) -> Result<Fit<GammaGamma>, Sentence> {
        let count = customers.len();
        if count < least.max(1) {
            return Err(Sentence::new(
                format!(
                    "{count} customers have bought more than once with a value above 0; at least {least} are needed"
                ),
                format!("{count} 位客户购买过一次以上且金额大于 0；至少需要 {least} 位"),
            ));
        }
        if customers.iter().all(|c| c.mean == customers[0].mean) {
            let mean = customers[0].mean;
            return Err(Sentence::new(
                format!("all {count} customers spend {mean} each time"),
                format!("全部 {count} 位客户每次都花费 {mean}"),
            ));
        }
        let mut scaled = customers.to_vec();
        scaled.sort_by(|a, b| a.repeats.cmp(&b.repeats).then(a.mean.total_cmp(&b.mean)));
        let scale = scaled.iter().map(|c| c.mean).sum::<f64>() / count as f64;
        scaled.iter_mut().for_each(|c| c.mean /= scale);

        // A mean value of 1 at each start: γ = (q − 1)/p.
        let starts = [(1.0, 3.0), (6.0, 4.0), (1.0, 20.0), (20.0, 2.0)].map(|(p, q)| [p, q, (q - 1.0) / p]);
        let found =
            maximum(|parameters| derivatives(parameters, &scaled), &starts, LIMITS).ok_or_else(|| {
                Sentence::new(
                    "the likelihood of these values is not finite anywhere",
                    "这些金额的似然值处处不是有限数",
                )
            })?;

        let [p, q, gamma] = found.parameters;
        let mut standard_errors = found.standard_errors;
        standard_errors[2] = standard_errors[2].map(|error| error * scale);
        Ok(Fit {
            model: GammaGamma { p, q, gamma: gamma * scale },
            standard_errors: standard_errors.to_vec(),
            log_likelihood: found.value - count as f64 * scale.ln(),
            at_limit: found.names_at_limit(GammaGamma::NAMES),
            converged: found.converged,
        })
    }
}

/// The log-likelihood of all customers, by p, q, γ.
fn derivatives(&[p, q, gamma]: &[f64; 3], customers: &[Spending]) -> Derivatives<3> {
    let mut sum = Derivatives::zero();
    let mut of_repeats = OfRepeats::at(p, q, 0);
    for &Spending { repeats, mean } in customers {
        if repeats != of_repeats.repeats {
            of_repeats = OfRepeats::at(p, q, repeats);
        }
        let x = f64::from(repeats);
        let power = p * x + q;
        let whole = gamma + x * mean;
        let (log_share, log_spent) = ((gamma / whole).ln(), (x * mean / whole).ln());
        let OfRepeats { log_beta, by_p, by_q, .. } = of_repeats;
        sum.value += q * log_share + p * x * log_spent - mean.ln() - log_beta;
        sum.gradient[0] += x * log_spent + by_p;
        sum.gradient[1] += log_share + by_q;
        sum.gradient[2] += q / gamma - power / whole;
        sum.hessian[2][0] -= x / whole;
        sum.hessian[2][1] += 1.0 / gamma - 1.0 / whole;
        sum.hessian[2][2] += power / (whole * whole) - q / (gamma * gamma);
        let [pp, qp, qq] = of_repeats.second;
        sum.hessian[0][0] += pp;
        sum.hessian[1][0] += qp;
        sum.hessian[1][1] += qq;
    }
    sum
}

/// ln B(px, q), and the derivatives of its negative: customers with as many repeats share them.
#[derive(Clone, Copy)]
struct OfRepeats {
    repeats: u32,
    log_beta: f64,
    by_p: f64,
    by_q: f64,
    /// pp, qp, qq
    second: [f64; 3],
}

impl OfRepeats {
    fn at(p: f64, q: f64, repeats: u32) -> Self {
        let x = f64::from(repeats);
        if repeats == 0 {
            return Self { repeats, log_beta: 0.0, by_p: 0.0, by_q: 0.0, second: [0.0; 3] };
        }
        let all = p * x + q;
        let (first, second) = (digamma(all), trigamma(all));
        Self {
            repeats,
            log_beta: ln_gamma(p * x) + ln_gamma(q) - ln_gamma(all),
            by_p: x * (first - digamma(p * x)),
            by_q: first - digamma(q),
            second: [x * x * (second - trigamma(p * x)), x * second, second - trigamma(q)],
        }
    }
}

/// Pearson's correlation of repeats with their mean value: the model assumes none. None if either never varies.
pub fn correlation(customers: &[Spending]) -> Option<f64> {
    let n = customers.len() as f64;
    let mean = |of: fn(&Spending) -> f64| customers.iter().map(of).sum::<f64>() / n;
    let (x, z) = (mean(|c| f64::from(c.repeats)), mean(|c| c.mean));
    let (mut xx, mut zz, mut xz) = (0.0, 0.0, 0.0);
    for customer in customers {
        let (dx, dz) = (f64::from(customer.repeats) - x, customer.mean - z);
        xx += dx * dx;
        zz += dz * dz;
        xz += dx * dz;
    }
    (xx > 0.0 && zz > 0.0).then(|| xz / (xx * zz).sqrt())
}
