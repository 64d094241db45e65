/*---
description = "Where a customer in force stands among the others: contribution, ABC and RFM."
grain = ["customer_id"]
tags = ["value"]
[columns]
contribution_rank = { type = "int", description = "Rank by margin of the last 12 months, 1 the highest" }
contribution_share = { type = "double", description = "Share of all positive margin" }
abc_class = { type = "text", description = "A: the customers who together bring the first 80 % of the margin, B: up to 95 %, C: the rest" }
rfm_segment = { type = "text", description = "champion, loyal, promising, cooling, at_risk, occasional or dormant" }
---*/
-- RFM after Hughes, "Strategic Database Marketing" (1994), in thirds: how recently and how often it bought, for how much.
-- A purchase is a signed contract, a renewal too; who shares a figure shares a third.
WITH bought AS (
    SELECT
        customer_id,
        MAX(signed_on) AS last_signed_on,
        COUNT(*) FILTER (WHERE signed_at >= $as_of - INTERVAL '36 months') AS purchases_36m
    FROM contracts
    GROUP BY customer_id
),
placed AS (
    SELECT
        finance.customer_id,
        finance.revenue_12m,
        finance.margin_12m,
        GREATEST(finance.margin_12m, 0) AS contribution,
        PERCENT_RANK() OVER (ORDER BY bought.last_signed_on) AS recency,
        PERCENT_RANK() OVER (ORDER BY bought.purchases_36m) AS frequency,
        PERCENT_RANK() OVER (ORDER BY finance.revenue_12m) AS money
    FROM customer_finance AS finance
    JOIN bought ON bought.customer_id = finance.customer_id
),
shared AS (
    SELECT
        *,
        RANK() OVER (ORDER BY margin_12m DESC) AS contribution_rank,
        CAST(SUM(contribution) OVER (ORDER BY contribution DESC, customer_id) - contribution AS DOUBLE) AS better,
        CAST(SUM(contribution) OVER () AS DOUBLE) AS all_contribution
    FROM placed
)
SELECT
    customer_id,
    CAST(contribution_rank AS BIGINT) AS contribution_rank,
    CAST(contribution AS DOUBLE) / NULLIF(all_contribution, 0) AS contribution_share,
    CASE WHEN contribution <= 0 THEN 'C'
         WHEN better < 0.80 * all_contribution THEN 'A'
         WHEN better < 0.95 * all_contribution THEN 'B'
         ELSE 'C' END AS abc_class,
    CASE WHEN recency >= 0.667 AND frequency >= 0.333 AND money >= 0.667 THEN 'champion'
         WHEN recency >= 0.333 AND frequency >= 0.667 THEN 'loyal'
         WHEN recency >= 0.667 THEN 'promising'
         WHEN recency >= 0.333 AND money >= 0.333 THEN 'cooling'
         WHEN recency < 0.333 AND (frequency >= 0.667 OR money >= 0.667) THEN 'at_risk'
         WHEN recency >= 0.333 THEN 'occasional'
         ELSE 'dormant' END AS rfm_segment
FROM shared
