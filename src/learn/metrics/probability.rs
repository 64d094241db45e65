//! How far are the probabilities from what happened?

use super::{Interval, Z95, count, mean, probable, variance};

/// Share of events; None without rows.
pub fn base_rate(events: &[bool]) -> Option<f64> {
    (!events.is_empty()).then(|| count(events) / events.len() as f64)
}

/// Mean squared error of the probabilities; None without rows.
pub fn brier(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    mean(squared_errors(probabilities, events)?.into_iter())
}

/// See [`brier`]: of the mean by the normal distribution, from the variance of the rows' squared errors, within
/// 0..=1. None with one class: its rows do not show how large the errors of the other are.
pub fn brier_interval(probabilities: &[f64], events: &[bool]) -> Option<Interval> {
    let interval = interval_of_mean(&squared_errors(probabilities, events)?, events)?;
    Some(Interval { high: interval.high.min(1.0), ..interval })
}

/// Mean −ln of the probability given to what happened, at least the smallest step from 0 and 1; None without rows.
pub fn log_loss(probabilities: &[f64], events: &[bool]) -> Option<f64> {
    mean(surprises(probabilities, events)?.into_iter())
}

/// See [`log_loss`]: of the mean by the normal distribution, from the variance of the rows' losses, never below 0.
/// None with one class, as for [`brier_interval`].
pub fn log_loss_interval(probabilities: &[f64], events: &[bool]) -> Option<Interval> {
    interval_of_mean(&surprises(probabilities, events)?, events)
}

fn squared_errors(probabilities: &[f64], events: &[bool]) -> Option<Vec<f64>> {
    probable(probabilities, events.len())?;
    Some(probabilities.iter().zip(events).map(|(p, event)| (p - f64::from(*event)).powi(2)).collect())
}

fn surprises(probabilities: &[f64], events: &[bool]) -> Option<Vec<f64>> {
    probable(probabilities, events.len())?;
    Some(probabilities.iter().zip(events).map(|(p, event)| surprise(*p, *event)).collect())
}

/// −ln of the probability given to what happened, at least the smallest step from 0 and 1: a row's part of
/// [`log_loss`].
pub fn surprise(probability: f64, event: bool) -> f64 {
    let given = if event { probability } else { 1.0 - probability };
    -given.max(f64::EPSILON).ln()
}

/// Of the mean of losses, which are not negative.
fn interval_of_mean(losses: &[f64], events: &[bool]) -> Option<Interval> {
    let found = count(events);
    if found == 0.0 || found == events.len() as f64 {
        return None;
    }
    let centre = mean(losses.iter().copied())?;
    let half = Z95 * (variance(losses)? / losses.len() as f64).sqrt();
    Some(Interval { low: (centre - half).max(0.0), high: centre + half })
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{F, T, between, near},
        *,
    };

    #[test]
    fn losses_by_hand() {
        near(brier(&[0.8, 0.3], &[T, F]), (0.04 + 0.09) / 2.0);
        near(log_loss(&[0.8, 0.3], &[T, F]), -(0.8f64.ln() + 0.7f64.ln()) / 2.0);
        assert!(log_loss(&[0.0], &[T]).unwrap().is_finite());
        near(base_rate(&[T, F, F, F]), 0.25);
        assert_eq!(base_rate(&[]), None);
        assert_eq!(brier(&[], &[]), None);
    }

    #[test]
    fn intervals_by_hand() {
        // Squared errors .04 .09 .25 .36: mean .185, squared deviations .0649 in sum, over 3 · 4 for the mean.
        let (p, events) = ([0.8, 0.3, 0.5, 0.6], [T, F, T, F]);
        let half = Z95 * (0.0649f64 / 3.0 / 4.0).sqrt();
        between(brier_interval(&p, &events), 0.185 - half, 0.185 + half);
        // Losses −ln of .8, .7, .5, .4: mean and deviation (n − 1) by numpy.
        let (mean, half) = (0.547_314_101_921_761, Z95 * 0.315_616_262_104_156 / 2.0);
        between(log_loss_interval(&p, &events), mean - half, mean + half);
        // Two rows, nearly .5 apart: the normal would go below 0.
        assert_eq!(brier_interval(&[0.99, 0.7], &[T, F]).unwrap().low, 0.0);
        assert!(brier_interval(&[0.0, 1.0], &[T, F]).unwrap().high <= 1.0);
        // A hundred rows without an event say nothing of what an event would cost.
        assert_eq!(brier_interval(&[0.01; 100], &[F; 100]), None);
        assert_eq!(log_loss_interval(&[0.99; 3], &[T; 3]), None);
    }
}
