/*---
description = "The customers expected to leave are not many times more, or fewer, than those who lately left."
severity = "warn"
---*/
WITH spans AS (
    SELECT customer_id, BOOL_OR(in_force) AS in_force, BOOL_OR(in_force_90d_ago) AS was_in_force
    FROM contracts
    GROUP BY customer_id
),
past AS (
    SELECT
        COUNT(*) FILTER (WHERE was_in_force) AS were_in_force,
        COUNT(*) FILTER (WHERE was_in_force AND NOT in_force) AS left_since
    FROM spans
),
expected AS (
    SELECT COUNT(churn_probability) AS customers, SUM(CAST(churn_probability AS DECIMAL(12, 10))) AS leaving
    FROM customer_snapshot
)
SELECT
    CAST(expected.leaving AS DOUBLE) / expected.customers AS expected_rate,
    CAST(past.left_since AS DOUBLE) / past.were_in_force AS rate_of_last_90_days
FROM past
CROSS JOIN expected
-- With fewer than 20 leavers chance alone makes such differences.
WHERE past.left_since >= 20 AND expected.customers > 0
  AND CAST(expected.leaving AS DOUBLE) / expected.customers
      NOT BETWEEN past.left_since / 3.0 / past.were_in_force AND past.left_since * 3.0 / past.were_in_force
