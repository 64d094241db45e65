//! Customers who buy, spend and leave as the models say, for tests.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Gamma};

use super::{BgNbd, GammaGamma, Purchases, Spending};

/// Customers of 200-400 days.
pub fn purchases(model: &BgNbd, count: usize, seed: u64) -> Vec<Purchases> {
    purchases_and_future(model, count, seed, 0.0).into_iter().map(|(purchases, _)| purchases).collect()
}

/// The same, and what each buys in the `days` after that.
pub fn purchases_and_future(model: &BgNbd, count: usize, seed: u64, days: f64) -> Vec<(Purchases, u32)> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let rates = Gamma::new(model.r, 1.0 / model.alpha).unwrap();
    let dropouts = Beta::new(model.a, model.b).unwrap();
    (0..count)
        .map(|_| {
            let age = f64::from(random.random_range(200..400));
            // A rate of nearly 0 is none, and has no distribution of waiting times.
            let waiting = Exp::new(rates.sample(&mut random).max(1e-12)).unwrap();
            let dropout = dropouts.sample(&mut random);
            let (mut found, mut future) = (Purchases { repeats: 0, last: 0.0, age }, 0);
            let mut now = 0.0;
            loop {
                now += waiting.sample(&mut random);
                match now {
                    _ if now <= age => (found.repeats, found.last) = (found.repeats + 1, now),
                    _ if now <= age + days => future += 1,
                    _ => return (found, future),
                }
                if random.random::<f64>() < dropout {
                    return (found, future);
                }
            }
        })
        .collect()
}

/// Customers with 1-8 repeats.
pub fn spending(model: &GammaGamma, count: usize, seed: u64) -> Vec<Spending> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let repeats: Vec<u32> = (0..count).map(|_| random.random_range(1..9)).collect();
    means(model, &repeats, seed)
        .into_iter()
        .zip(repeats)
        .map(|(mean, repeats)| Spending { repeats, mean })
        .collect()
}

/// The mean value of so many purchases of each customer; NaN of none.
pub fn means(model: &GammaGamma, repeats: &[u32], seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 1);
    let rates = Gamma::new(model.q, 1.0 / model.gamma).unwrap();
    let mut mean = |repeats: &u32| {
        let rate: f64 = rates.sample(&mut random);
        let x = f64::from(*repeats);
        // A mean of x values Gamma(p, ν) is Gamma(px, νx).
        Gamma::new(model.p * x, 1.0 / (rate * x)).map_or(f64::NAN, |mean| mean.sample(&mut random))
    };
    repeats.iter().map(&mut mean).collect()
}
