/*---
description = "What the lifetime value of a customer in force is made from: its yearly margin, and how likely it leaves."
grain = ["customer_id"]
tags = ["value"]
[columns]
recurring_margin_12m = { type = "decimal(18,2)", description = "Margin of 12 months before one-off implementation" }
churn_probability = { type = "double", description = "Probability to leave within 90 days; where the model gives none, that of an average customer of the last year" }
---*/
-- Where the model gives no probability, the share of last year's customers who are still here speaks for everybody; where
-- even that is unknown (a first year), there is no lifetime value.
WITH years AS (
    SELECT
        customer_id,
        BOOL_OR(in_force) AS in_force,
        BOOL_OR(in_force_365d_ago) AS was_in_force
    FROM contracts
    GROUP BY customer_id
),
everybody AS (
    SELECT CAST(COUNT(*) FILTER (WHERE was_in_force AND in_force) AS DOUBLE)
               / NULLIF(COUNT(*) FILTER (WHERE was_in_force), 0) AS yearly_retention
    FROM years
)
SELECT
    finance.customer_id,
    finance.recurring_margin_12m,
    COALESCE(risk.probability, 1 - power(everybody.yearly_retention, 90.0 / 365)) AS churn_probability
FROM customer_finance AS finance
CROSS JOIN everybody
LEFT JOIN churn_risk AS risk ON risk.customer_id = finance.customer_id
