//! The parameters of a BG/NBD model by maximum likelihood.

#[cfg(test)]
mod tests;

use super::{
    bg_nbd::{BgNbd, Purchases, ln_1p_exp},
    fit::{Derivatives, Fit, maximum},
};
use crate::learn::sentence::Sentence;

/// With α in mean ages: beyond these a parameter no longer makes a difference that could be seen.
const LIMITS: [(f64, f64); 4] = [(1e-4, 1e4), (3e-4, 1e7), (1e-4, 1e4), (1e-4, 1e4)];

/// Customers with equal histories.
struct Group {
    customer: Purchases,
    count: f64,
}

impl BgNbd {
    /// Fits r, α, a and b. Sorts first, so that the order of the customers makes no difference.
    ///
    /// Err says why there is no honest model: fewer than `least` customers with repeats, or no difference between
    /// customers. Times must be finite, `0 <= last <= age`.
    pub fn fit(customers: &[Purchases], least: usize) -> Result<Fit<BgNbd>, Sentence> {
        let count = customers.len();
        let repeaters = customers.iter().filter(|c| c.repeats > 0).count();
        if repeaters < least.max(1) {
            return Err(Sentence::new(
                format!(
                    "{repeaters} of {count} customers have bought more than once; at least {least} are needed"
                ),
                format!("{count} 位客户中有 {repeaters} 位购买过一次以上；至少需要 {least} 位"),
            ));
        }
        let repeats = customers[0].repeats;
        if customers.iter().all(|c| c.repeats == repeats) {
            let times = u64::from(repeats) + 1;
            return Err(Sentence::new(
                format!(
                    "all {count} customers have bought {times} times: there is nothing to tell them apart by"
                ),
                format!("全部 {count} 位客户都购买了 {times} 次：无从区分"),
            ));
        }
        let scale = customers.iter().map(|c| c.age).sum::<f64>() / customers.len() as f64;
        if scale <= 0.0 {
            return Err(Sentence::new(
                "all customers have the age 0: nothing can have been seen of them",
                "全部客户的观察时长均为 0：尚无可观察的行为",
            ));
        }

        let groups = grouped(customers, scale);
        let total = |of: fn(&Group) -> f64| groups.iter().map(|g| g.count * of(g)).sum::<f64>();
        let repeats = total(|g| f64::from(g.customer.repeats));
        let rate = repeats / total(|g| g.customer.age);
        let start = |r: f64, a, b| [r, r / rate, a, b];
        let starts = [
            start(0.3, 0.8, 2.5),
            start(2.0, 0.8, 2.5),
            start(0.3, 1.0, 20.0),
            start(2.0, 1.0, 20.0),
            start(0.3, 4.0, 4.0),
        ];
        let found =
            maximum(|parameters| derivatives(parameters, &groups), &starts, LIMITS).ok_or_else(|| {
                Sentence::new(
                    "the likelihood of these purchases is not finite anywhere",
                    "这些购买记录的似然值处处不是有限数",
                )
            })?;

        let [r, alpha, a, b] = found.parameters;
        let mut standard_errors = found.standard_errors;
        standard_errors[1] = standard_errors[1].map(|error| error * scale);
        Ok(Fit {
            model: BgNbd { r, alpha: alpha * scale, a, b },
            standard_errors: standard_errors.to_vec(),
            // A density of times: in units of 1, not of `scale`.
            log_likelihood: found.value - repeats * scale.ln(),
            at_limit: found.names_at_limit(BgNbd::NAMES),
            converged: found.converged,
        })
    }
}

/// By rising repeats, with times in units of `scale`.
fn grouped(customers: &[Purchases], scale: f64) -> Vec<Group> {
    let mut sorted: Vec<Purchases> = customers
        .iter()
        .map(|c| Purchases {
            repeats: c.repeats,
            last: if c.repeats == 0 { 0.0 } else { c.last / scale },
            age: c.age / scale,
        })
        .collect();
    sorted.sort_by(|a, b| {
        a.repeats.cmp(&b.repeats).then(a.last.total_cmp(&b.last)).then(a.age.total_cmp(&b.age))
    });
    let mut groups: Vec<Group> = Vec::new();
    for customer in sorted {
        match groups.last_mut() {
            Some(group) if group.customer == customer => group.count += 1.0,
            _ => groups.push(Group { customer, count: 1.0 }),
        }
    }
    groups
}

/// Σ ln(z + i), Σ 1/(z + i), Σ 1/(z + i)² over i below x, for a rising x: ln Γ(z+x)/Γ(z) and what its derivatives are made of.
struct Rising {
    z: f64,
    log: f64,
    first: f64,
    second: f64,
}

impl Rising {
    fn new(z: f64) -> Self {
        Self { z, log: 0.0, first: 0.0, second: 0.0 }
    }

    fn take(&mut self, i: u32) {
        let factor = self.z + f64::from(i);
        self.log += factor.ln();
        self.first += 1.0 / factor;
        self.second += 1.0 / (factor * factor);
    }
}

/// The log-likelihood of all groups, by r, α, a, b.
fn derivatives(&[r, alpha, a, b]: &[f64; 4], groups: &[Group]) -> Derivatives<4> {
    let model = BgNbd { r, alpha, a, b };
    let mut sum = Derivatives::zero();
    let (mut buys, mut stays, mut either) = (Rising::new(r), Rising::new(b), Rising::new(a + b));
    let (log_alpha, mut reached) = (alpha.ln(), 0);
    for Group { customer, count } in groups {
        for i in reached..customer.repeats {
            [&mut buys, &mut stays, &mut either].into_iter().for_each(|rising| rising.take(i));
        }
        reached = customer.repeats;
        let mut own = of_customer(&model, customer);
        own.value += r * log_alpha + buys.log + stays.log - either.log;
        own.gradient[0] += buys.first + log_alpha;
        own.gradient[1] += r / alpha;
        own.gradient[2] -= either.first;
        own.gradient[3] += stays.first - either.first;
        own.hessian[0][0] -= buys.second;
        own.hessian[1][0] += 1.0 / alpha;
        own.hessian[1][1] -= r / (alpha * alpha);
        own.hessian[2][2] += either.second;
        own.hessian[3][2] += either.second;
        own.hessian[3][3] += either.second - stays.second;
        sum.add(*count, &own);
    }
    sum
}

/// ln[(α+T)^−(r+x) + a/(b+x−1) · (α+t_x)^−(r+x)], the second term only with repeats.
fn of_customer(model: &BgNbd, customer: &Purchases) -> Derivatives<4> {
    let mut out = Derivatives::zero();
    let x = f64::from(customer.repeats);
    let power = model.r + x;
    let until = |t: f64| (1.0 / (model.alpha + t), (model.alpha + t).ln());
    let (alive, log_alive) = until(customer.age);
    out.value = -power * log_alive;
    out.gradient = [-log_alive, -power * alive, 0.0, 0.0];
    out.hessian[1][0] = -alive;
    out.hessian[1][1] = power * alive * alive;
    if customer.repeats == 0 {
        return out;
    }
    let (left, log_left) = until(customer.last);
    let stayed = model.b + x - 1.0;
    let odds = model.log_odds_of_having_left(customer);
    // The share of the second term.
    let share = 1.0 / (1.0 + (-odds).exp());
    let apart = [log_alive - log_left, power * (alive - left), 1.0 / model.a, -1.0 / stayed];
    out.value += ln_1p_exp(odds);
    for i in 0..4 {
        out.gradient[i] += share * apart[i];
        for j in 0..=i {
            out.hessian[i][j] += share * (1.0 - share) * apart[i] * apart[j];
        }
    }
    out.hessian[1][0] += share * (alive - left);
    out.hessian[1][1] += share * power * (left * left - alive * alive);
    out.hessian[2][2] -= share / (model.a * model.a);
    out.hessian[3][3] += share / (stayed * stayed);
    out
}
