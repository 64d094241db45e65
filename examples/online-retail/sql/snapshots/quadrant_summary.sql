/*---
description = "The four quadrants in numbers."
grain = ["quadrant"]
[columns]
quadrant = { type = "text", null = false, description = "star | cash_cow | question_mark | dog | unplaced" }
customers = { type = "int", null = false, description = "Active customers" }
revenue_12m = { type = "decimal(18,2)", description = "Their net revenue of the last 365 days, pounds" }
revenue_share = { type = "double", description = "Part of the revenue of all active customers, 0-1" }
value_at_risk = { type = "decimal(18,2)", description = "Revenue times churn probability, pounds" }
expected_expansion = { type = "decimal(18,2)", description = "Expected growth over 180 days, pounds" }
mean_churn_probability = { type = "decimal(9,6)", description = "Mean probability of no purchase in the next 90 days" }
churn_alerts = { type = "int", null = false, description = "Customers in the health band churn_alert" }
---*/
WITH per_quadrant AS (
    SELECT
        coalesce(quadrant, 'unplaced') AS quadrant,
        count(*) AS customers,
        sum(revenue_12m) AS revenue_12m,
        sum(value_at_risk) AS value_at_risk,
        sum(expected_expansion) AS expected_expansion,
        -- As decimals: a sum of doubles depends on the order of its rows.
        sum(CAST(churn_probability AS DECIMAL(18, 6))) AS churn_probabilities,
        count(churn_probability) AS customers_scored,
        count(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alerts
    FROM customer_snapshot
    GROUP BY coalesce(quadrant, 'unplaced')
)
SELECT
    quadrant,
    customers,
    CAST(revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(revenue_12m AS DOUBLE) / nullif(CAST(sum(revenue_12m) OVER () AS DOUBLE), 0) AS revenue_share,
    CAST(value_at_risk AS DECIMAL(18, 2)) AS value_at_risk,
    CAST(expected_expansion AS DECIMAL(18, 2)) AS expected_expansion,
    CAST(churn_probabilities / nullif(customers_scored, 0) AS DECIMAL(9, 6)) AS mean_churn_probability,
    churn_alerts
FROM per_quadrant
