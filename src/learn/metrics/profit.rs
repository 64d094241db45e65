//! What is a churn model worth in a campaign to keep customers?

use serde::{Deserialize, Serialize};

use super::{count, distributions::beta_above, measurable, tied_groups};
pub use crate::project::model::Campaign;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaximumProfit {
    /// Expected profit over all customers, contacted or not, divided by their number; in the campaign's currency.
    pub per_customer: f64,
    /// Share of the customers to contact, those of highest score, for that profit.
    pub share: f64,
}

/// Expected maximum profit for churn (EMPC): the profit when, for each γ, those are contacted for whom it is
/// greatest, in expectation over γ. Verbraken, Verbeke & Baesens, "A novel profit maximizing metric for measuring
/// classification performance of customer churn prediction models", IEEE TKDE 25 (2013), 961-973. `events`: who left.
///
/// Exact: the best cut for a γ lies on the convex hull of the ROC. Each side of the hull is some leavers L and
/// stayers S, of N customers; contacting them is worth (γ (value − incentive) − contact) L − (incentive + contact) S,
/// which pays from some γ on, and beyond it the expectation is an incomplete beta function.
///
/// None with one class, and where the campaign's figures make no sense (a value or α or β not above 0, a negative
/// cost).
pub fn expected_maximum_profit(
    scores: &[f64],
    events: &[bool],
    campaign: &Campaign,
) -> Option<MaximumProfit> {
    measurable(scores, events.len())?;
    let rows = events.len() as f64;
    let leavers = count(events);
    if leavers == 0.0 || leavers == rows || !campaign.makes_sense() {
        return None;
    }
    let Campaign { customer_value, incentive_cost, contact_cost, accept_alpha: alpha, accept_beta: beta } =
        *campaign;
    let (mut profit, mut contacted) = (0.0, 0.0);
    for (leavers, stayers) in hull(&tied_groups(scores, events)) {
        let gain = (customer_value - incentive_cost) * leavers;
        let cost = contact_cost * leavers + (incentive_cost + contact_cost) * stayers;
        // With no gain, there is nothing to win at any γ.
        if gain <= cost {
            break;
        }
        let from = cost / gain;
        // E[γ; γ > from] = E[γ] · P(γ' > from), γ' ~ Beta(α + 1, β)
        let pays = beta_above(from, alpha, beta)?;
        let accepted = alpha / (alpha + beta) * beta_above(from, alpha + 1.0, beta)?;
        profit += (gain * accepted - cost * pays).max(0.0);
        contacted += (leavers + stayers) * pays;
    }
    Some(MaximumProfit { per_customer: profit / rows, share: contacted / rows })
}

impl Campaign {
    fn makes_sense(&self) -> bool {
        let above_zero = [self.customer_value, self.accept_alpha, self.accept_beta];
        let costs = [self.incentive_cost, self.contact_cost];
        above_zero.iter().all(|v| v.is_finite() && *v > 0.0)
            && costs.iter().all(|v| v.is_finite() && *v >= 0.0)
    }
}

/// Sides of the ROC's convex hull, from the highest scores on: (events, non-events) of each, by falling share of
/// events. `groups`: (events, rows) by falling score.
fn hull(groups: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sides: Vec<(f64, f64)> = Vec::new();
    for (events, rows) in groups {
        let mut side = (*events, rows - events);
        // A side that is at least as steep as the one before joins it. Counts: the products are exact.
        while let Some(before) = sides.last().filter(|before| side.0 * before.1 >= before.0 * side.1) {
            side = (before.0 + side.0, before.1 + side.1);
            sides.pop();
        }
        sides.push(side);
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{F, T, forty, near_by},
        *,
    };

    const TELECOM: Campaign = Campaign {
        customer_value: 200.0,
        incentive_cost: 10.0,
        contact_cost: 1.0,
        accept_alpha: 6.0,
        accept_beta: 14.0,
    };

    #[test]
    fn hull_by_hand() {
        // Steps (events, non-events): (1, 0) (0, 1) (1, 0) (0, 2). The third is steeper than the second and joins it.
        let groups = [(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 2.0)];
        assert_eq!(hull(&groups), [(1.0, 0.0), (1.0, 1.0), (0.0, 2.0)]);
        // The worst order is one side: no better than chance.
        assert_eq!(hull(&[(0.0, 2.0), (2.0, 2.0)]), [(2.0, 2.0)]);
    }

    #[test]
    fn uniform_acceptance_by_hand() {
        // γ uniform, value 100, incentive 20, contact 4. Sides: 1 leaver; 1 leaver and 1 stayer; 2 stayers. Of the
        // first, 80 γ − 4 pays from γ = .05: ∫ = 40 (1 − .0025) − 4 · .95 = 36.1. Of the second, 80 γ − 28 from .35:
        // 40 (1 − .1225) − 28 · .65 = 16.9. Contacted: .95 · 1 + .65 · 2 of 5.
        let campaign = Campaign {
            customer_value: 100.0,
            incentive_cost: 20.0,
            contact_cost: 4.0,
            accept_alpha: 1.0,
            accept_beta: 1.0,
        };
        let found = expected_maximum_profit(&[0.9, 0.8, 0.7, 0.1, 0.2], &[T, F, T, F, F], &campaign).unwrap();
        near_by(Some(found.per_customer), 53.0 / 5.0, 1e-12);
        near_by(Some(found.share), 2.25 / 5.0, 1e-12);
    }

    #[test]
    fn figures_of_empulse() {
        // Python's empulse 0.13.1 (empc_score, optimal_rate), and by numpy's best cut at each of four million γ.
        let (scores, others, events) = forty();
        let uneven = Campaign { accept_alpha: 2.0, accept_beta: 3.0, ..TELECOM };
        let dear = Campaign {
            customer_value: 5_000.0,
            incentive_cost: 400.0,
            contact_cost: 60.0,
            accept_alpha: 0.7,
            accept_beta: 1.5,
        };
        for (campaign, scores, profit, share) in [
            (TELECOM, &scores, 10.971_261_517_508_392, 0.887_031_635_989_305_6),
            (TELECOM, &others, 11.126_771_795_219_879, 0.817_560_679_498_250_2),
            (uneven, &scores, 17.364_364_708_924_068, 0.865_165_887_884_371_5),
            (uneven, &others, 17.488_066_780_091_724, 0.832_791_139_222_609),
            (dear, &scores, 254.296_147_108_454_45, 0.490_938_148_214_564_5),
            (dear, &others, 263.862_342_433_492_6, 0.463_218_255_953_825),
        ] {
            let found = expected_maximum_profit(scores, &events, &campaign).unwrap();
            near_by(Some(found.per_customer), profit, 1e-9);
            near_by(Some(found.share), share, 1e-9);
        }
    }

    #[test]
    fn nothing_to_win() {
        let (scores, events) = ([0.9, 0.1], [T, F]);
        // The incentive costs what the customer is worth.
        let dear = Campaign { incentive_cost: 200.0, ..TELECOM };
        let nothing = MaximumProfit { per_customer: 0.0, share: 0.0 };
        assert_eq!(expected_maximum_profit(&scores, &events, &dear), Some(nothing));
        // A contact that costs nothing goes to every leaver that can be told apart.
        let free = Campaign { incentive_cost: 0.0, contact_cost: 0.0, ..TELECOM };
        let found = expected_maximum_profit(&scores, &events, &free).unwrap();
        near_by(Some(found.per_customer), 200.0 * 0.3 / 2.0, 1e-12);
        near_by(Some(found.share), 0.5, 1e-12);
        assert_eq!(expected_maximum_profit(&scores, &[T, T], &TELECOM), None);
        for wrong in [
            Campaign { customer_value: 0.0, ..TELECOM },
            Campaign { contact_cost: -1.0, ..TELECOM },
            Campaign { accept_alpha: f64::NAN, ..TELECOM },
        ] {
            assert_eq!(expected_maximum_profit(&scores, &events, &wrong), None);
        }
    }
}
