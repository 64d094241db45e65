/*---
description = "What a rule without a model scores on the same customers: the bar that model_metrics has to clear."
grain = ["rule"]
[columns]
rule = { type = "text", null = false, description = "The rule in words" }
roc_auc = { type = "double", description = "Of two customers, one who left and one who stayed: how often the rule finds the one who left, ties half" }
rows = { type = "int", null = false, description = "Customers" }
events = { type = "int", null = false, description = "Of them, those who left" }
---*/
WITH ruled AS (
    -- The larger the figure, the likelier to leave.
    SELECT 'the newer the customer, the likelier to leave' AS rule, -tenure_months AS likely, churned FROM customers
    UNION ALL
    SELECT 'the larger the bill, the likelier to leave', CAST(monthly_charge * 100 AS BIGINT), churned FROM customers
    UNION ALL
    SELECT
        'the shorter the contract, the likelier to leave',
        CASE contract WHEN 'Month-to-month' THEN 2 WHEN 'One year' THEN 1 ELSE 0 END,
        churned
    FROM customers
), ranked AS (
    -- Twice the mean rank of equals: whole numbers, whose sum is exact in any order.
    SELECT
        rule,
        churned,
        2 * rank() OVER (PARTITION BY rule ORDER BY likely) + count(*) OVER (PARTITION BY rule, likely) - 1 AS twice_rank
    FROM ruled
), sums AS (
    SELECT
        rule,
        count(*) AS customers,
        count(*) FILTER (WHERE churned) AS events,
        CAST(sum(twice_rank) FILTER (WHERE churned) AS DOUBLE) / 2 AS event_ranks
    FROM ranked
    GROUP BY rule
)
-- AUC by the ranks of those who left (Mann and Whitney 1947).
SELECT
    rule,
    (event_ranks - CAST(events AS DOUBLE) * (events + 1) / 2) / nullif(CAST(events AS DOUBLE) * (customers - events), 0)
        AS roc_auc,
    customers AS rows,
    events
FROM sums
