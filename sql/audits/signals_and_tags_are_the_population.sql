/*---
description = "Signals and tags have every customer of the snapshot once, and nobody else."
---*/
WITH told AS (
    SELECT 'customer_signals' AS told_in, customer_id FROM customer_signals
    UNION ALL
    SELECT 'customer_tags', customer_id FROM customer_tags
    UNION ALL
    SELECT 'playbook_inputs', customer_id FROM playbook_inputs
),
counted AS (
    SELECT
        told.told_in,
        COUNT(*) AS told_rows,
        COUNT(DISTINCT told.customer_id) AS customers,
        COUNT(snapshot.customer_id) AS in_snapshot
    FROM told
    LEFT JOIN customer_snapshot AS snapshot ON snapshot.customer_id = told.customer_id
    GROUP BY told.told_in
)
SELECT counted.*, everybody.customers AS snapshot_customers
FROM counted
CROSS JOIN (SELECT COUNT(*) AS customers FROM customer_snapshot) AS everybody
WHERE counted.told_rows <> everybody.customers
   OR counted.customers <> everybody.customers
   OR counted.in_snapshot <> everybody.customers
