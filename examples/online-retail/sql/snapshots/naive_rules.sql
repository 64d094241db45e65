/*---
description = """What a rule without a model would have scored on the customers and the day that each model was tested on: \
the bar that model_metrics has to clear. This looks back at days that are over, so it may count what came after them."""
grain = ["model", "metric"]
[columns]
model = { type = "text", null = false, description = "The model whose test day it is" }
metric = { type = "text", null = false, description = "auc | value_spearman" }
rule = { type = "text", null = false, description = "The rule in words" }
value = { type = "double", description = "The figure" }
rows = { type = "int", null = false, description = "Active customers on the test day" }
events = { type = "int", null = false, description = "Of them, those it happened to" }
test_cutoff = { type = "date", null = false, description = "The test day of the model" }
---*/
WITH tests AS (
    SELECT DISTINCT model, test_cutoff, CASE model WHEN 'churn_risk' THEN 90 ELSE 180 END AS horizon_days
    FROM luopan.model_metrics
    WHERE status = 'scored' AND test_cutoff IS NOT NULL AND model IN ('churn_risk', 'growth_potential')
), customers_then AS (
    SELECT
        tests.model,
        tests.test_cutoff,
        invoices.customer_id,
        max(invoices.invoiced_on) FILTER (WHERE NOT is_return AND invoiced_on < test_cutoff) AS last_on,
        count(*) FILTER (WHERE NOT is_return AND invoiced_on >= test_cutoff) AS orders_next,
        coalesce(sum(amount) FILTER (WHERE invoiced_on >= test_cutoff), 0) AS next,
        coalesce(sum(amount) FILTER (WHERE invoiced_on >= test_cutoff - 180 AND invoiced_on < test_cutoff), 0) AS last,
        coalesce(sum(amount) FILTER (WHERE invoiced_on < test_cutoff), 0) AS last_year
    FROM invoices
    JOIN tests
        ON invoices.invoiced_on >= tests.test_cutoff - 365
        AND invoices.invoiced_on < tests.test_cutoff + tests.horizon_days
    GROUP BY tests.model, tests.test_cutoff, invoices.customer_id
), ruled AS (
    SELECT
        model,
        test_cutoff,
        next,
        CASE model WHEN 'churn_risk' THEN orders_next = 0 ELSE next > last END AS happened,
        -- The longer ago the last purchase, the likelier to leave; the more revenue last year, the more to come.
        CASE model
            WHEN 'churn_risk' THEN CAST(test_cutoff - last_on AS DECIMAL(38, 2))
            ELSE CAST(last_year AS DECIMAL(38, 2))
        END AS rule_value
    FROM customers_then
    WHERE last_on >= test_cutoff - 180
), ranked AS (
    -- Twice the mean rank of equals, which is a whole number: sums of whole numbers are exact in any order.
    SELECT
        model,
        test_cutoff,
        happened,
        2 * rank() OVER (PARTITION BY model ORDER BY rule_value)
        + count(*) OVER (PARTITION BY model, rule_value) - 1 AS rule_rank,
        2 * rank() OVER (PARTITION BY model ORDER BY next)
        + count(*) OVER (PARTITION BY model, next) - 1 AS next_rank
    FROM ruled
), sums AS (
    SELECT
        model,
        test_cutoff,
        CAST(count(*) AS BIGINT) AS customers,
        CAST(count(*) FILTER (WHERE happened) AS BIGINT) AS events,
        CAST(sum(rule_rank) FILTER (WHERE happened) AS DOUBLE) / 2 AS event_ranks,
        CAST(sum(CAST(rule_rank AS BIGINT) * CAST(next_rank AS BIGINT)) AS DOUBLE) AS products,
        CAST(sum(CAST(rule_rank AS BIGINT) * CAST(rule_rank AS BIGINT)) AS DOUBLE) AS rule_squares,
        CAST(sum(CAST(next_rank AS BIGINT) * CAST(next_rank AS BIGINT)) AS DOUBLE) AS next_squares
    FROM ranked
    GROUP BY model, test_cutoff
)
-- AUC by the ranks of those it happened to (Mann and Whitney 1947).
SELECT
    model,
    'auc' AS metric,
    CASE model
        WHEN 'churn_risk' THEN 'days since the last purchase'
        ELSE 'revenue of the 365 days before'
    END AS rule,
    (event_ranks - CAST(events AS DOUBLE) * (events + 1) / 2) / nullif(CAST(events AS DOUBLE) * (customers - events), 0)
        AS value,
    customers AS rows,
    events,
    test_cutoff
FROM sums
UNION ALL
-- Spearman's rank correlation; the doubled ranks of n customers have the mean n + 1.
SELECT
    model,
    'value_spearman' AS metric,
    'revenue of the 365 days before, against revenue of the 180 days after' AS rule,
    (products - CAST(customers AS DOUBLE) * (customers + 1) * (customers + 1))
    / nullif(
        sqrt(rule_squares - CAST(customers AS DOUBLE) * (customers + 1) * (customers + 1))
        * sqrt(next_squares - CAST(customers AS DOUBLE) * (customers + 1) * (customers + 1)),
        0
    ) AS value,
    customers AS rows,
    events,
    test_cutoff
FROM sums
WHERE model = 'growth_potential'
