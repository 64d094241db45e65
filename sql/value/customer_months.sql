/*---
description = "Each customer at the end of each of the last 24 months, a month before and a year before, as known today."
grain = ["month", "customer_id"]
tags = ["value", "retention"]
# One reader, and a row for each customer and month: not kept.
materialized = "view"
[columns]
value_now = { type = "decimal(18,2)", description = "Yearly recurring value in force at the month's end" }
value_before = { type = "decimal(18,2)", description = "The same at its beginning" }
value_year_ago = { type = "decimal(18,2)", description = "The same 12 months before its end" }
---*/
-- Each contract is held against three days of each month, in one pass. On the as-of day itself contracts.in_force
-- decides, so that the newest month ends with the customers that every other table speaks of.
WITH months AS (
    SELECT
        month,
        state_on,
        state_on = $as_of_date AS is_today,
        CAST(state_on - INTERVAL '12 months' AS DATE) AS year_ago
    FROM last_months
),
spans AS (
    SELECT
        customer_id,
        in_force,
        CASE WHEN is_recurring THEN yearly_amount ELSE 0 END AS value,
        force_from,
        COALESCE(force_until, DATE '9999-12-31') AS force_until
    FROM contracts
    WHERE force_from IS NOT NULL
),
held AS (
    SELECT
        months.month,
        spans.customer_id,
        spans.value,
        CASE WHEN months.is_today THEN spans.in_force
             ELSE spans.force_from <= months.state_on AND spans.force_until >= months.state_on END AS now,
        spans.force_from <= months.month AND spans.force_until >= months.month AS before,
        spans.force_from <= months.year_ago AND spans.force_until >= months.year_ago AS year_ago
    FROM spans
    JOIN months ON spans.force_from <= months.state_on AND spans.force_until >= months.year_ago
)
SELECT
    month,
    customer_id,
    BOOL_OR(now) AS in_force,
    BOOL_OR(before) AS was_in_force,
    BOOL_OR(year_ago) AS was_in_force_year_ago,
    CAST(COALESCE(SUM(value) FILTER (WHERE now), 0) AS DECIMAL(18, 2)) AS value_now,
    CAST(COALESCE(SUM(value) FILTER (WHERE before), 0) AS DECIMAL(18, 2)) AS value_before,
    CAST(COALESCE(SUM(value) FILTER (WHERE year_ago), 0) AS DECIMAL(18, 2)) AS value_year_ago
FROM held
GROUP BY month, customer_id
