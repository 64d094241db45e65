//! The game whose players are the columns on the way to a leaf, and whose prize is the leaf's value.
//!
//! With the columns S known, the leaf gives its value times the part of the rows that would get there: of a known column
//! 1 or 0, as the row passes its splits or not, and of an unknown one the share of the training rows that did.

/// What a column asks of a row on the way to a leaf.
pub struct Player {
    /// Bits of the key that it reads, and what they must be.
    read: usize,
    wanted: usize,
    /// Of the training rows, those that passed its splits.
    share: f64,
}

impl Default for Player {
    fn default() -> Self {
        Self { read: 0, wanted: 0, share: 1.0 }
    }
}

impl Player {
    /// One more split that a row must pass.
    pub fn must(&mut self, bit: usize, below: bool, share: f64) {
        self.read |= 1 << bit;
        self.wanted |= usize::from(below) << bit;
        self.share *= share;
    }
}

/// Bit i: whether a row with this key passes the splits of player i.
pub fn passing(players: &[Player], key: usize) -> usize {
    let passes = |(i, player): (usize, &Player)| usize::from(key & player.read == player.wanted) << i;
    players.iter().enumerate().map(passes).sum()
}

/// The Shapley value of each player: for each set of players whose splits the row passes ([`passing`]), one after the
/// other, as many values as there are players.
///
/// Player i with share z_i changes what a set S of others gives from z_i to 1 or to 0, so that its value is
/// (1 or 0 − z_i) · Σ_S |S|! (k − 1 − |S|)! / k! · what the others give; the sum over sets of one size is a coefficient
/// of the polynomial Π_j (z_j + [j passes] · t).
pub fn shapley(value: f64, players: &[Player]) -> Vec<f64> {
    let k = players.len();
    let weights = weights(k);
    let mut values = Vec::with_capacity(k << k);
    for passing in 0..1usize << k {
        let passes = |i: usize| f64::from(u8::from(passing >> i & 1 == 1));
        for (i, player) in players.iter().enumerate() {
            let mut by_size = vec![0.0; k];
            by_size[0] = 1.0;
            for (j, other) in players.iter().enumerate().filter(|(j, _)| *j != i) {
                for size in (1..k).rev() {
                    by_size[size] = by_size[size] * other.share + by_size[size - 1] * passes(j);
                }
                by_size[0] *= other.share;
            }
            let others: f64 = by_size.iter().zip(&weights).map(|(sum, weight)| sum * weight).sum();
            values.push(value * (passes(i) - player.share) * others);
        }
    }
    values
}

/// s! (k − 1 − s)! / k! for s from 0 to k − 1.
fn weights(k: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(k);
    let mut weight = 1.0 / k.max(1) as f64;
    for s in 0..k {
        weights.push(weight);
        weight *= (s + 1) as f64 / (k - 1 - s).max(1) as f64;
    }
    weights
}
