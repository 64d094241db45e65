/*---
description = "RFM: how recently and how often a customer in force bought, and for how much, in thirds of the customers."
grain = ["customer_id"]
tags = ["value"]
[columns]
recency_third = { type = "int", description = "3: bought most recently, 1: longest ago" }
frequency_third = { type = "int", description = "3: bought most often, 1: least" }
money_third = { type = "int", description = "3: was billed most, 1: least" }
days_since_purchase = { type = "int", description = "Days since it last signed a contract, a renewal too" }
purchases_36m = { type = "int", description = "Contracts signed in the last 36 months, renewals too" }
revenue_12m = { type = "decimal(18,2)", description = "Billed in the last 12 months, credit notes taken off" }
---*/
-- After Hughes, "Strategic Database Marketing" (1994), in thirds instead of his fifths: 27 cells. Who shares a figure
-- shares a third, so that thirds are unequal where many have the same.
WITH bought AS (
    SELECT
        customer_id,
        MAX(signed_on) AS last_signed_on,
        COUNT(*) FILTER (WHERE signed_at >= $as_of - INTERVAL '36 months') AS purchases_36m
    FROM contracts
    GROUP BY customer_id
),
ranked AS (
    SELECT
        finance.customer_id,
        bought.last_signed_on,
        bought.purchases_36m,
        finance.revenue_12m,
        PERCENT_RANK() OVER (ORDER BY bought.last_signed_on) AS recency,
        PERCENT_RANK() OVER (ORDER BY bought.purchases_36m) AS frequency,
        PERCENT_RANK() OVER (ORDER BY finance.revenue_12m) AS money
    FROM customer_finance AS finance
    JOIN bought ON bought.customer_id = finance.customer_id
)
SELECT
    customer_id,
    CASE WHEN recency >= 0.667 THEN 3 WHEN recency >= 0.333 THEN 2 ELSE 1 END AS recency_third,
    CASE WHEN frequency >= 0.667 THEN 3 WHEN frequency >= 0.333 THEN 2 ELSE 1 END AS frequency_third,
    CASE WHEN money >= 0.667 THEN 3 WHEN money >= 0.333 THEN 2 ELSE 1 END AS money_third,
    $as_of_date - last_signed_on AS days_since_purchase,
    purchases_36m,
    revenue_12m
FROM ranked
