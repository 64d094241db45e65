//! Which estimator: by log-loss on rows that no fit has seen, the simplest within one standard error of the best.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    encode::Encoding,
    estimator::{Estimator, Inputs, Scorer},
    folds::Parts,
    gather::TrainingRows,
    logistic::probability,
    metrics::surprise,
    rows::CutoffRows,
    sampling::row_hash,
    spec::LearnedSpec,
};
use crate::problem::{Problem, Result};

/// Scores of rows, by models that did not learn from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unseen {
    pub log_odds: Vec<f64>,
    pub events: Vec<bool>,
    /// The same for all rows of a customer.
    pub customers: Vec<u64>,
    /// Which of the tests the row was in, from 0.
    pub parts: Vec<usize>,
}

impl Unseen {
    /// `customers`: [`customers_of`] the rows.
    fn extend(&mut self, part: usize, rows: &CutoffRows, customers: &[u64], log_odds: Vec<f64>) {
        self.customers.extend(customers);
        self.events.extend(rows.label.iter().map(|label| label.is_some_and(|v| v > 0.0)));
        self.parts.resize(self.parts.len() + log_odds.len(), part);
        self.log_odds.extend(log_odds);
    }

    /// Parts to learn something further across: the tests, or, if there is only one, fifths of its customers.
    pub fn parts_to_cross(&self) -> Vec<usize> {
        if self.parts.iter().any(|part| *part > 0) {
            return self.parts.clone();
        }
        self.customers.iter().map(|customer| (customer % 5) as usize).collect()
    }

    fn losses(&self) -> Vec<f64> {
        self.log_odds.iter().zip(&self.events).map(|(z, event)| surprise(probability(*z), *event)).collect()
    }
}

/// A figure for each row that is the same for all rows of a customer.
fn customers_of(rows: &CutoffRows) -> Vec<u64> {
    let figure = |id: Option<&str>| {
        let hash = row_hash(id.unwrap_or_default(), NaiveDate::default(), 0);
        u64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
    };
    rows.customers.iter().map(figure).collect()
}

/// One estimator's fit on some parts.
#[derive(Clone)]
pub struct Fit {
    pub encoding: Encoding,
    pub scorer: Scorer,
    pub notes: Vec<String>,
}

/// Fits of the candidates on parts, each made once.
pub struct Fits<'a> {
    pub spec: &'a LearnedSpec,
    pub parts: &'a Parts,
    pub candidates: &'a [Box<dyn Estimator>],
    made: BTreeMap<(Vec<usize>, usize), Fit>,
}

impl<'a> Fits<'a> {
    pub fn new(spec: &'a LearnedSpec, parts: &'a Parts, candidates: &'a [Box<dyn Estimator>]) -> Self {
        Self { spec, parts, candidates, made: BTreeMap::new() }
    }

    /// The candidates (by place) fitted on the parts `on`, which have both classes.
    pub fn on(&mut self, on: &[usize], candidates: &[usize]) -> Result<Vec<Fit>> {
        let missing: Vec<usize> =
            candidates.iter().copied().filter(|c| !self.made.contains_key(&(on.to_vec(), *c))).collect();
        if !missing.is_empty() {
            let rows = TrainingRows::gather(&self.parts.rows(on), self.spec)?;
            let (encoding, left_out) = Encoding::learn(&rows.features)?;
            if encoding.width() == 0 {
                return Err(Problem::failed(format!(
                    "no column of `{}` can be learned from",
                    self.spec.features
                ))
                .help(left_out.join("; ")));
            }
            let inputs = Inputs::new(&encoding, &rows);
            for candidate in missing {
                let (scorer, unconverged) = self.candidates[candidate].fit(&inputs)?;
                let notes = left_out.iter().cloned().chain(rows.note.clone()).chain(unconverged).collect();
                let fit = Fit { encoding: encoding.clone(), scorer, notes };
                self.made.insert((on.to_vec(), candidate), fit);
            }
        }
        Ok(candidates.iter().filter_map(|c| self.made.get(&(on.to_vec(), *c)).cloned()).collect())
    }

    /// The places of all candidates.
    pub fn everybody(&self) -> Vec<usize> {
        (0..self.candidates.len()).collect()
    }

    /// Scores of the tests within `among`, by each of these candidates fitted on what each test may know of `among`.
    pub fn unseen(&mut self, among: &[usize], tests: &[usize], candidates: &[usize]) -> Result<Vec<Unseen>> {
        let mut unseen = vec![Unseen::default(); candidates.len()];
        for (place, test) in tests.iter().enumerate() {
            let fits = self.on(&self.parts.learnable(*test, among), candidates)?;
            for rows in self.parts.part(*test) {
                let (features, customers) = (rows.features()?, customers_of(rows));
                for (unseen, fit) in unseen.iter_mut().zip(&fits) {
                    unseen.extend(place, rows, &customers, fit.scorer.log_odds(&fit.encoding, &features)?);
                }
            }
        }
        Ok(unseen)
    }
}

/// How a candidate did on rows that it did not learn from.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Tried {
    pub estimator: String,
    pub log_loss: f64,
    /// Mean log-loss above the best's, and its standard error.
    pub worse: f64,
    pub standard_error: f64,
    pub chosen: bool,
}

/// The place of the candidate to take, and how all did. `unseen`: one per candidate, simplest first.
pub fn choose(candidates: &[Box<dyn Estimator>], unseen: &[Unseen]) -> (usize, Vec<Tried>) {
    let losses: Vec<Vec<f64>> = unseen.iter().map(Unseen::losses).collect();
    let customers = unseen.first().map_or(&[][..], |u| &u.customers);
    let chosen = simplest_within_one_error(&losses, customers);
    let best = best_of(&losses);
    let tried = candidates.iter().zip(&losses).enumerate().map(|(place, (candidate, own))| {
        let (worse, standard_error) = difference(own, &losses[best], customers);
        Tried {
            estimator: candidate.name(),
            log_loss: mean(own),
            worse,
            standard_error,
            chosen: place == chosen,
        }
    });
    (chosen, tried.collect())
}

/// The first of `losses` (per candidate, per row) whose mean is above the least by no more than one standard error of the
/// difference. The rule of Breiman et al., "Classification and Regression Trees" (1984), 3.4.3, on paired differences: the
/// same rows are hard for everybody, which says nothing of who is better.
pub fn simplest_within_one_error(losses: &[Vec<f64>], customers: &[u64]) -> usize {
    if losses.is_empty() {
        return 0;
    }
    let best = best_of(losses);
    let near = |own: &Vec<f64>| {
        let (worse, error) = difference(own, &losses[best], customers);
        worse <= error
    };
    losses.iter().position(near).unwrap_or(best)
}

fn best_of(losses: &[Vec<f64>]) -> usize {
    (0..losses.len()).min_by(|a, b| mean(&losses[*a]).total_cmp(&mean(&losses[*b]))).unwrap_or_default()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Mean of a − b and its standard error; a customer's rows of several cutoffs count as one draw.
fn difference(a: &[f64], b: &[f64], customers: &[u64]) -> (f64, f64) {
    let n = a.len().max(1) as f64;
    let by_row: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let centre = mean(&by_row);
    let mut by_customer: BTreeMap<u64, f64> = BTreeMap::new();
    for (customer, d) in customers.iter().zip(&by_row) {
        *by_customer.entry(*customer).or_default() += d - centre;
    }
    let groups = by_customer.len() as f64;
    let spread: f64 = by_customer.values().map(|sum| sum * sum).sum();
    let correction = if groups > 1.0 { groups / (groups - 1.0) } else { 1.0 };
    (centre, (correction * spread).sqrt() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simplest_within_one_error_is_taken() {
        let customers = [1, 2, 3, 4];
        // Worse by 0.1 on average; differences .3, −.1, .3, −.1 → deviations ±.2, error sqrt(4/3 · .16) / 4 = .115.
        let simple = vec![0.8, 0.4, 0.8, 0.4];
        let best = vec![0.5, 0.5, 0.5, 0.5];
        let (worse, error) = difference(&simple, &best, &customers);
        assert!((worse - 0.1).abs() < 1e-12 && (error - (0.16f64 * 4.0 / 3.0).sqrt() / 4.0).abs() < 1e-12);
        assert_eq!(simplest_within_one_error(&[simple.clone(), best.clone()], &customers), 0);
        // Surely worse by 0.1.
        assert_eq!(simplest_within_one_error(&[vec![0.6; 4], best.clone()], &customers), 1);
        // Two customers with two rows each: their deviations add up, .4 and −.4.
        let (_, clustered) = difference(&[0.8, 0.4, 0.8, 0.4], &best, &[1, 2, 1, 2]);
        assert!((clustered - (2.0f64 * 0.32).sqrt() / 4.0).abs() < 1e-12, "{clustered}");
        assert_eq!(simplest_within_one_error(&[], &[]), 0);
    }

    #[test]
    fn one_test_is_crossed_by_customer() {
        let one = Unseen { customers: vec![10, 11, 15], parts: vec![0; 3], ..Unseen::default() };
        assert_eq!(one.parts_to_cross(), [0, 1, 0]);
        let two = Unseen { customers: vec![10, 11], parts: vec![0, 1], ..Unseen::default() };
        assert_eq!(two.parts_to_cross(), [0, 1]);
    }
}
