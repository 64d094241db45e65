//! Sampling of training rows: the same rows on every machine and in every run.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{rows::CutoffRows, spec::LearnedSpec};
use crate::problem::Result;

/// Keeps the rarer class whole, up to half of `max_rows`, and fills up with the other: the rows with the smallest hash
/// of (customer, cutoff, seed), so that a row's fate does not hang on its neighbours.
pub fn sample(
    cutoffs: Vec<CutoffRows>,
    spec: &LearnedSpec,
) -> Result<(Vec<CutoffRows>, f64, Option<String>)> {
    let is_event = |label: &Option<f64>| label.is_some_and(|v| v > 0.0);
    let total: usize = cutoffs.iter().map(|rows| rows.label.len()).sum();
    if total <= spec.max_rows {
        return Ok((cutoffs, 0.0, None));
    }
    let mut by_class: [Vec<([u8; 32], usize, u32)>; 2] = Default::default();
    for (place, rows) in cutoffs.iter().enumerate() {
        let of_day = of_day(rows.cutoff, spec.seed);
        for (row, label) in (0u32..).zip(&rows.label) {
            let hash = of_customer(&of_day, rows.customers.value(row as usize));
            by_class[usize::from(is_event(label))].push((hash, place, row));
        }
    }
    let sizes = by_class.each_ref().map(Vec::len);
    let rarer = usize::from(sizes[1] <= sizes[0]);
    let mut quota = [0; 2];
    quota[rarer] = sizes[rarer].min(spec.max_rows / 2);
    quota[1 - rarer] = spec.max_rows - quota[rarer];
    let mut kept: Vec<Vec<u32>> = vec![Vec::new(); cutoffs.len()];
    for (class, quota) in by_class.iter_mut().zip(quota) {
        if quota < class.len() {
            class.select_nth_unstable(quota);
        }
        class.iter().take(quota).for_each(|(_, place, row)| kept[*place].push(*row));
    }
    let sampled = cutoffs
        .iter()
        .zip(kept)
        .map(|(rows, mut kept)| {
            kept.sort_unstable();
            rows.take(&kept)
        })
        .collect::<Result<Vec<_>>>()?;
    let share = |class: usize| quota[class] as f64 / sizes[class] as f64;
    // An empty class is refused by the caller; its share would be 0/0.
    let offset = if sizes[rarer] == 0 { 0.0 } else { (share(1) / share(0)).ln() };
    let note = format!(
        "of {total} rows, {} are used (max_rows): {} of {} events and {} of {} others; the intercept is corrected for it",
        spec.max_rows, quota[1], sizes[1], quota[0], sizes[0]
    );
    Ok((sampled, offset, Some(note)))
}

/// The same for a row on every machine and in every run.
pub fn row_hash(customer_id: &str, cutoff: NaiveDate, seed: u64) -> [u8; 32] {
    of_customer(&of_day(cutoff, seed), customer_id)
}

/// What the hashes of a day's rows have in common.
fn of_day(cutoff: NaiveDate, seed: u64) -> Sha256 {
    let mut digest = Sha256::new();
    digest.update(seed.to_le_bytes());
    digest.update(cutoff.to_string());
    digest.update([0]);
    digest
}

fn of_customer(of_day: &Sha256, customer_id: &str) -> [u8; 32] {
    let mut digest = of_day.clone();
    digest.update(customer_id);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{gather::TrainingRows, spec::LearnedKind, synthetic};

    fn gathered(max_rows: usize, seed: u64) -> TrainingRows {
        let spec = LearnedSpec { max_rows, seed, ..synthetic::spec(LearnedKind::Probability) };
        let cutoffs =
            ["2025-07-01", "2025-10-01"].map(|d| synthetic::cutoff(d, 2_000, LearnedKind::Probability));
        TrainingRows::gather(&cutoffs.iter().collect::<Vec<_>>(), &spec).unwrap()
    }

    #[test]
    fn sampling_keeps_every_event_and_the_bound() {
        let (all, sampled) = (gathered(200_000, 7), gathered(2_500, 7));
        assert_eq!(sampled.label.len(), 2_500);
        assert_eq!(sampled.event_count(), all.event_count());
        let kept = (2_500 - all.event_count()) as f64 / (all.label.len() - all.event_count()) as f64;
        assert!((sampled.sampling_offset - (1.0 / kept).ln()).abs() < 1e-12);
        assert_eq!(sampled.features, gathered(2_500, 7).features);
        assert_ne!(sampled.features, gathered(2_500, 8).features);
        // More events than half of the bound: both classes are sampled, and the bound holds.
        let tight = gathered(1_000, 7);
        assert_eq!((tight.label.len(), tight.event_count()), (1_000, 500));
    }
}
