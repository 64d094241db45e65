/*---
description = "The contribution curve: a customer in force's place on it, and what it and all better ones bring together."
grain = ["customer_id"]
tags = ["value"]
[columns]
contribution_place = { type = "int", description = "Place on the curve, 1 the highest margin; no two share one" }
customers_share = { type = "double", description = "This and all better customers as a share of the customers (0-1): the curve's x" }
cumulative_contribution_share = { type = "double", description = "Share of all positive margin that they bring together (0-1): the curve's y" }
---*/
-- Pareto curve over margin_12m; who costs more than it brings contributes 0, as for the ABC classes of
-- customer_segments.
WITH placed AS (
    SELECT
        customer_id,
        ROW_NUMBER() OVER (ORDER BY margin_12m DESC, customer_id) AS place,
        COUNT(*) OVER () AS customers,
        SUM(GREATEST(margin_12m, 0)) OVER (ORDER BY margin_12m DESC, customer_id ROWS UNBOUNDED PRECEDING) AS reached,
        SUM(GREATEST(margin_12m, 0)) OVER () AS whole
    FROM customer_finance
)
SELECT
    customer_id,
    CAST(place AS BIGINT) AS contribution_place,
    CAST(place AS DOUBLE) / customers AS customers_share,
    CAST(reached AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0) AS cumulative_contribution_share
FROM placed
