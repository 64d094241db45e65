/*---
description = "The quadrants hold every active customer once, and all of the revenue."
---*/
WITH summary AS (
    SELECT sum(customers) AS customers, sum(revenue_12m) AS revenue FROM quadrant_summary
), snapshot AS (
    SELECT count(*) AS customers, sum(revenue_12m) AS revenue FROM customer_snapshot
)
SELECT
    summary.customers AS summary_customers,
    snapshot.customers AS snapshot_customers,
    summary.revenue AS summary_revenue,
    snapshot.revenue AS snapshot_revenue
FROM summary
CROSS JOIN snapshot
WHERE summary.customers <> snapshot.customers OR summary.revenue <> snapshot.revenue
