//! Chance that can be replayed: every customer and purpose draws from a stream of its own.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson, StandardNormal};

/// What a stream is drawn for; a new purpose never disturbs the draws of the others.
#[derive(Clone, Copy)]
pub enum Purpose {
    Life = 1,
    Invoices,
    Payments,
    Tickets,
    Engagements,
    Surveys,
    Opportunities,
    Usage,
    Links,
    Dirt,
    Partners,
    Spelling,
}

pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64, purpose: Purpose, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(seed, purpose as u64));
        rng.set_stream(stream);
        Self(rng)
    }

    /// Evenly in 0..1.
    pub fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    pub fn yes(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Evenly in low..=high; `low` when the range is empty.
    pub fn int(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    pub fn index(&mut self, len: usize) -> usize {
        self.int(0, len as i64 - 1) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// An index, as likely as its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    pub fn poisson(&mut self, mean: f64) -> u32 {
        Poisson::new(mean).map_or(0, |poisson| poisson.sample(&mut self.0) as u32)
    }

    /// A minute of the day within office hours.
    pub fn office_minute(&mut self) -> i64 {
        self.int(60, 9 * 60 + 59)
    }
}

/// A hash of two numbers (the finaliser of SplitMix64).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x632B_E59B_D9B4_E019);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A hash as a number in 0..1.
pub fn share(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// One-to-one from 0..1,000,000 onto itself, and from what is above onto itself (up to 2^24): a keyed Feistel network on 20 or
/// 24 bits, walked until it lands on the same side.
pub fn shuffled(key: u64, number: u32) -> u32 {
    const FIRST: u32 = 1_000_000;
    let half = if number < FIRST { 10 } else { 12 };
    let lower = (1 << half) - 1;
    let mut value = number;
    loop {
        let (mut left, mut right) = (value >> half, value & lower);
        for round in 0..4 {
            let next = left ^ (mix(key.wrapping_add(round), u64::from(right)) as u32 & lower);
            (left, right) = (right, next);
        }
        value = left << half | right;
        if (value < FIRST) == (number < FIRST) {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_is_one_to_one() {
        let mut seen = vec![false; 1 << 24];
        for number in 0..3_000_000 {
            let to = shuffled(7, number) as usize;
            assert!(!seen[to]);
            seen[to] = true;
        }
    }

    #[test]
    fn streams_replay_and_differ() {
        let draw = |stream| Chance::new(1, Purpose::Life, stream).unit();
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
