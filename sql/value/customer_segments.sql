/*---
description = "Where a customer in force stands among the others: contribution, ABC and RFM."
grain = ["customer_id"]
tags = ["value"]
[columns]
contribution_rank = { type = "int", description = "Rank by margin of the last 12 months, 1 the highest" }
contribution_share = { type = "double", description = "Share of all positive margin" }
abc_class = { type = "text", description = "A: the customers who together bring the first 80 % of the margin, B: up to 95 %, C: the rest" }
rfm_segment = { type = "text", description = "By recency, frequency and money (models/rfm_segments.toml): champion, loyal, promising, cooling, at_risk, occasional or dormant" }
---*/
WITH placed AS (
    SELECT
        finance.customer_id,
        finance.margin_12m,
        GREATEST(finance.margin_12m, 0) AS contribution
    FROM customer_finance AS finance
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
    shared.customer_id,
    CAST(contribution_rank AS BIGINT) AS contribution_rank,
    CAST(contribution AS DOUBLE) / NULLIF(all_contribution, 0) AS contribution_share,
    CASE WHEN contribution <= 0 THEN 'C'
         WHEN better < 0.80 * all_contribution THEN 'A'
         WHEN better < 0.95 * all_contribution THEN 'B'
         ELSE 'C' END AS abc_class,
    rfm.rfm_segment
FROM shared
LEFT JOIN rfm_segments AS rfm ON rfm.customer_id = shared.customer_id
