//! The lifetime value of customers under contract as SQL: the margin of the years to come, as far as they are likely to come.

use super::number;
use crate::{lake::as_of::quote, project::model::ContractLifetimeSpec};

/// One row per customer of `from`: its hazard, how long it is expected to stay, and what that is worth.
///
/// A customer who leaves within `days` with probability p leaves at the constant rate λ = −ln(1 − p) · 365 / days a year.
/// Margin m a year, as long as it stays and for H years at most, discounted at δ = ln(1 + d), is worth
/// ∫₀ᴴ m e^(−(λ + δ) t) dt = m (1 − e^(−(λ + δ) H)) / (λ + δ)
/// (S. Gupta & D. Lehmann, "Customers as assets", Journal of Interactive Marketing 17 (2003), in continuous time and cut
/// off at H). Null where p or m is not known.
pub fn lifetime_sql(spec: &ContractLifetimeSpec) -> String {
    let years = number(spec.horizon_years);
    let annuity = |rate: &str| {
        format!("CASE WHEN {rate} < 1e-9 THEN {years} ELSE (1.0 - exp(-({rate}) * {years})) / ({rate}) END")
    };
    format!(
        "-- hazard: the yearly rate of leaving; margin is counted for {years} years at most, {discount} a year taken off\n\
         WITH inputs AS (\n    SELECT customer_id,\n        CAST({margin} AS DOUBLE) AS margin,\n        \
         CAST({p} AS DOUBLE) AS p\n    FROM {from}\n),\n\
         rates AS (\n    SELECT customer_id, margin,\n        \
         -- Nobody is certain to leave at once: the rate of such a probability would have no end.\n        \
         -ln(1.0 - LEAST(GREATEST(p, 0.0), 0.999999)) * 365.0 / {days} AS hazard,\n        p\n    FROM inputs\n)\n\
         SELECT customer_id,\n    CASE WHEN p IS NOT NULL THEN hazard END AS hazard,\n    \
         CASE WHEN p IS NOT NULL THEN exp(-hazard) END AS yearly_retention,\n    \
         CASE WHEN p IS NOT NULL THEN {expected} END AS expected_years,\n    \
         CAST(CASE WHEN p IS NOT NULL THEN margin * {value} END AS DECIMAL(18, 2)) AS lifetime_value\nFROM rates\n",
        discount = number(spec.yearly_discount),
        margin = spec.margin.0,
        p = spec.churn_probability.0,
        from = quote(&spec.from),
        days = number(f64::from(spec.churn_days)),
        expected = annuity("hazard"),
        value = annuity(&format!("hazard + {}", number((1.0 + spec.yearly_discount).ln()))),
    )
}
