/*---
description = "Quadrants, channels and migration speak of the same customers and the same revenue as the snapshot."
---*/
WITH snapshot AS (SELECT COUNT(*) AS customers, SUM(revenue_12m) AS revenue FROM customer_snapshot),
summaries AS (
    SELECT 'quadrant_summary' AS summary, SUM(customers) AS customers, SUM(revenue_12m) AS revenue FROM quadrant_summary
    UNION ALL
    SELECT 'channel_summary', SUM(customers), SUM(revenue_12m) FROM channel_summary
    UNION ALL
    SELECT 'quadrant_migration', SUM(customers), SUM(revenue_12m) FROM quadrant_migration WHERE to_quadrant <> 'left'
)
SELECT
    summaries.summary,
    summaries.customers,
    snapshot.customers AS customers_in_snapshot,
    summaries.revenue,
    snapshot.revenue AS revenue_in_snapshot
FROM summaries
CROSS JOIN snapshot
-- A sum over nothing is null: an empty snapshot has empty summaries.
WHERE COALESCE(summaries.customers, 0) <> snapshot.customers
   OR COALESCE(summaries.revenue, 0) <> COALESCE(snapshot.revenue, 0)
