//! Maximum likelihood over a few positive parameters, by Newton's method on their logarithms.
//!
//! The likelihoods here have cheap exact derivatives and three or four parameters. With them a Newton step needs no tuning,
//! converges in some ten evaluations, says by itself whether it has converged (what another step could still gain), and its
//! Hessian gives the standard errors. Steps are halved where a whole one would not climb (Nocedal & Wright, Numerical
//! Optimization, 3.4), and parameters that press against a limit are held there (Bertsekas 1982, projected Newton).

#[cfg(test)]
mod tests;

use std::array::from_fn;

use serde::{Deserialize, Serialize};

const STEPS: usize = 200;
const HALVINGS: usize = 40;
/// No step is longer, in logarithms: far from the maximum the quadratic says little.
const LONGEST: f64 = 2.0;
/// Converged when another step would gain less than this share of the log-likelihood.
const TOLERANCE: f64 = 1e-12;

/// A log-likelihood with its derivatives by N parameters.
#[derive(Clone, Debug)]
pub struct Derivatives<const N: usize> {
    pub value: f64,
    pub gradient: [f64; N],
    /// Symmetric; only the lower triangle (row ≥ column) is read.
    pub hessian: [[f64; N]; N],
}

impl<const N: usize> Derivatives<N> {
    pub fn zero() -> Self {
        Self { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] }
    }

    /// Adds so many of another.
    pub fn add(&mut self, count: f64, other: &Self) {
        self.value += count * other.value;
        for i in 0..N {
            self.gradient[i] += count * other.gradient[i];
            for j in 0..=i {
                self.hessian[i][j] += count * other.hessian[i][j];
            }
        }
    }

    /// By the logarithms of the parameters: ∂/∂ln θ = θ ∂/∂θ.
    fn by_logarithms(mut self, parameters: &[f64; N]) -> Self {
        for i in 0..N {
            for j in 0..=i {
                self.hessian[i][j] *= parameters[i] * parameters[j];
            }
            self.gradient[i] *= parameters[i];
            self.hessian[i][i] += self.gradient[i];
        }
        self
    }
}

/// A maximum-likelihood estimate of `M`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit<M> {
    pub model: M,
    /// In the order of the model's parameters, from the inverse Hessian. None for a parameter at a limit, and where the
    /// likelihood is so flat that there is none.
    pub standard_errors: Vec<Option<f64>>,
    pub log_likelihood: f64,
    /// Parameters that went as far as they may: the data show no end to them.
    pub at_limit: Vec<String>,
    /// False when the best point found may not be the maximum.
    pub converged: bool,
}

/// The best point found by [`maximum`].
#[derive(Clone, Debug)]
pub struct Maximum<const N: usize> {
    pub parameters: [f64; N],
    pub standard_errors: [Option<f64>; N],
    pub value: f64,
    pub at_limit: [bool; N],
    pub converged: bool,
}

impl<const N: usize> Maximum<N> {
    pub fn names_at_limit(&self, names: [&str; N]) -> Vec<String> {
        names
            .iter()
            .zip(self.at_limit)
            .filter(|(_, at_limit)| *at_limit)
            .map(|(n, _)| n.to_string())
            .collect()
    }
}

/// Climbs from each start and keeps the highest point, the first of equal ones.
///
/// `limits`: the least and the greatest value of each parameter, above 0. `likelihood` gives derivatives by the parameters.
pub fn maximum<const N: usize>(
    likelihood: impl Fn(&[f64; N]) -> Derivatives<N>,
    starts: &[[f64; N]],
    limits: [(f64, f64); N],
) -> Option<Maximum<N>> {
    let mut best: Option<Maximum<N>> = None;
    for start in starts {
        let found = climb(&likelihood, start, &limits);
        // What differs less than rounding is the same point; then one that has converged is preferred.
        let slack = 1e3 * TOLERANCE * found.value.abs();
        let better = best.as_ref().is_none_or(|best| {
            found.value > best.value + slack
                || (found.converged && !best.converged && found.value >= best.value - slack)
        });
        if found.value.is_finite() && better {
            best = Some(found);
        }
    }
    best
}

fn climb<const N: usize>(
    likelihood: &impl Fn(&[f64; N]) -> Derivatives<N>,
    start: &[f64; N],
    limits: &[(f64, f64); N],
) -> Maximum<N> {
    // Exact at the limits.
    let parameters =
        |logs: &[f64; N]| -> [f64; N] { from_fn(|i| logs[i].exp().clamp(limits[i].0, limits[i].1)) };
    let limits: [(f64, f64); N] = from_fn(|i| (limits[i].0.ln(), limits[i].1.ln()));
    let at = |logs: &[f64; N]| {
        let parameters = parameters(logs);
        likelihood(&parameters).by_logarithms(&parameters)
    };
    let mut logs: [f64; N] = from_fn(|i| start[i].ln().clamp(limits[i].0, limits[i].1));
    let mut here = at(&logs);
    let mut converged = false;
    for _ in 0..STEPS {
        let held = pressed(&logs, &here.gradient, &limits);
        let Some(step) = uphill(&here, &held) else { break };
        let gain = dot(&step.direction, &here.gradient);
        let enough = TOLERANCE * here.value.abs().max(1.0);
        converged = step.is_newtons && gain <= enough;
        let longest = step.direction.iter().fold(0.0f64, |most, d| most.max(d.abs()));
        let mut length = (LONGEST / longest).min(1.0);
        let next = (0..HALVINGS).find_map(|_| {
            let next = from_fn(|i| (logs[i] + length * step.direction[i]).clamp(limits[i].0, limits[i].1));
            length /= 2.0;
            let there = at(&next);
            (there.value > here.value).then_some((next, there))
        });
        // The last step is taken too: it costs nothing more.
        let Some(next) = next else {
            // No higher point in the direction that must climb: only rounding is left.
            converged = converged || (step.is_newtons && gain <= 1e6 * enough);
            break;
        };
        (logs, here) = next;
        if converged {
            break;
        }
    }
    let held = pressed(&logs, &here.gradient, &limits);
    Maximum {
        parameters: parameters(&logs),
        standard_errors: standard_errors(&logs, &here, &held),
        value: here.value,
        at_limit: held,
        converged: converged && here.value.is_finite(),
    }
}

/// Which parameters are at a limit and would go on.
fn pressed<const N: usize>(logs: &[f64; N], gradient: &[f64; N], limits: &[(f64, f64); N]) -> [bool; N] {
    from_fn(|i| {
        (logs[i] <= limits[i].0 && gradient[i] <= 0.0) || (logs[i] >= limits[i].1 && gradient[i] >= 0.0)
    })
}

struct Step<const N: usize> {
    direction: [f64; N],
    /// Whether the likelihood is concave here, so that this is Newton's own step.
    is_newtons: bool,
}

/// (−H + damping)⁻¹ g with the least damping, none if possible, that makes it a way up. None when nothing is finite.
fn uphill<const N: usize>(here: &Derivatives<N>, held: &[bool; N]) -> Option<Step<N>> {
    let gradient = from_fn(|i| if held[i] { 0.0 } else { here.gradient[i] });
    let scale = (0..N).map(|i| here.hessian[i][i].abs()).fold(1e-8, f64::max);
    let dampings = [0.0, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0];
    dampings.into_iter().find_map(|damping| {
        let factor = cholesky(&curvature(here, held, damping * scale))?;
        Some(Step { direction: solve(&factor, gradient), is_newtons: damping == 0.0 })
    })
}

/// −H with the rows of held parameters replaced by those of the identity.
fn curvature<const N: usize>(here: &Derivatives<N>, held: &[bool; N], damping: f64) -> [[f64; N]; N] {
    from_fn(|i| {
        from_fn(|j| match (i == j, held[i] || held[j]) {
            (true, true) => 1.0,
            (false, true) => 0.0,
            (true, false) => damping - here.hessian[i][i],
            (false, false) => -here.hessian[i.max(j)][i.min(j)],
        })
    })
}

/// Of the parameters themselves: that of the logarithm times the parameter.
fn standard_errors<const N: usize>(
    logs: &[f64; N],
    here: &Derivatives<N>,
    held: &[bool; N],
) -> [Option<f64>; N] {
    let factor = cholesky(&curvature(here, held, 0.0));
    from_fn(|i| {
        let unit = from_fn(|j| f64::from(u8::from(i == j)));
        let variance = solve(factor.as_ref()?, unit)[i];
        let error = logs[i].exp() * variance.sqrt();
        (!held[i] && error.is_finite()).then_some(error)
    })
}

/// The lower factor L of a = L Lᵀ; None if `a` is not positive definite beyond rounding.
fn cholesky<const N: usize>(a: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let rest = a[i][j] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            l[i][j] = if i > j {
                rest / l[j][j]
            } else if rest > 1e-13 * a[i][i] && rest.is_finite() {
                rest.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(l)
}

/// x of L Lᵀ x = b.
fn solve<const N: usize>(l: &[[f64; N]; N], mut x: [f64; N]) -> [f64; N] {
    for i in 0..N {
        x[i] = (x[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
    }
    for i in (0..N).rev() {
        x[i] = (x[i] - (i + 1..N).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
    }
    x
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
