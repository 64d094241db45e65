/*---
description = "From one month's yearly recurring value to the next, and what was retained in 12 months: one row per month."
grain = ["month"]
tags = ["value", "retention"]
---*/
-- The bridge is the usual one of subscription vendors: opening + new + expansion + contraction + lost = closing, each
-- customer in one of the four; who comes back is new. Retention as in company_figures, for the 12 months to each end;
-- null if they begin before the lake tells of those who left.
WITH moved AS (
    SELECT
        month,
        COUNT(*) FILTER (WHERE in_force) AS customers_in_force,
        COUNT(*) FILTER (WHERE in_force AND NOT was_in_force) AS new_customers,
        COUNT(*) FILTER (WHERE was_in_force AND NOT in_force) AS lost_customers,
        SUM(value_before) AS value_before,
        COALESCE(SUM(value_now) FILTER (WHERE in_force AND NOT was_in_force), 0) AS new_value,
        COALESCE(SUM(GREATEST(value_now - value_before, 0)) FILTER (WHERE in_force AND was_in_force), 0) AS expansion,
        COALESCE(SUM(LEAST(value_now - value_before, 0)) FILTER (WHERE in_force AND was_in_force), 0) AS contraction,
        COALESCE(SUM(-value_before) FILTER (WHERE NOT in_force AND was_in_force), 0) AS lost_value,
        SUM(value_now) AS value_now,
        COUNT(*) FILTER (WHERE was_in_force_year_ago) AS customers_year_ago,
        COUNT(*) FILTER (WHERE was_in_force_year_ago AND NOT in_force) AS lost_in_year,
        SUM(value_year_ago) AS value_year_ago,
        SUM(value_now) FILTER (WHERE was_in_force_year_ago) AS retained_value,
        SUM(LEAST(value_now, value_year_ago)) FILTER (WHERE was_in_force_year_ago) AS kept_value
    FROM customer_months
    GROUP BY month
)
SELECT
    moved.month,
    customers_in_force,
    new_customers,
    lost_customers,
    CAST(value_before AS DECIMAL(18, 2)) AS yearly_value_before,
    CAST(new_value AS DECIMAL(18, 2)) AS new_value,
    CAST(expansion AS DECIMAL(18, 2)) AS expansion_value,
    CAST(contraction AS DECIMAL(18, 2)) AS contraction_value,
    CAST(lost_value AS DECIMAL(18, 2)) AS lost_value,
    CAST(value_now AS DECIMAL(18, 2)) AS yearly_value,
    CASE WHEN last_months.state_on - INTERVAL '12 months' >= lake_reach.known_since
         THEN CAST(retained_value AS DOUBLE) / NULLIF(CAST(value_year_ago AS DOUBLE), 0) END AS nrr_12m,
    CASE WHEN last_months.state_on - INTERVAL '12 months' >= lake_reach.known_since
         THEN CAST(kept_value AS DOUBLE) / NULLIF(CAST(value_year_ago AS DOUBLE), 0) END AS grr_12m,
    CASE WHEN last_months.state_on - INTERVAL '12 months' >= lake_reach.known_since
         THEN CAST(lost_in_year AS DOUBLE) / NULLIF(customers_year_ago, 0) END AS logo_churn_12m
FROM moved
JOIN last_months ON last_months.month = moved.month
CROSS JOIN lake_reach
