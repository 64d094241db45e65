/*---
description = "Resources of all quadrants are those of the snapshot, their shares add up to 1, and what is misallocated moves no more than there is."
---*/
WITH used AS (
    SELECT
        SUM(customers) AS customers,
        SUM(margin_12m) AS margin,
        SUM(cost_to_serve_12m) AS cost_to_serve,
        SUM(CAST(customer_share AS DECIMAL(20, 12))) AS customer_share,
        SUM(CAST(support_share AS DECIMAL(20, 12))) AS support_share,
        SUM(CAST(visit_share AS DECIMAL(20, 12))) AS visit_share,
        SUM(CAST(discount_share AS DECIMAL(20, 12))) AS discount_share,
        SUM(CAST(margin_share AS DECIMAL(20, 12))) AS margin_share,
        SUM(CAST(value_share AS DECIMAL(20, 12))) AS value_share,
        SUM(CAST(expansion_share AS DECIMAL(20, 12))) AS expansion_share,
        SUM(visits_12m - reviews_12m - executive_visits_12m - trainings_12m - calls_12m) AS visits_of_no_kind
    FROM resource_use
),
snapshot AS (
    SELECT COUNT(*) AS customers, SUM(margin_12m) AS margin, SUM(cost_to_serve_12m) AS cost_to_serve
    FROM customer_snapshot
)
SELECT
    'resource_use is not the snapshot' AS finding,
    CAST(used.customers AS TEXT) AS here,
    CAST(snapshot.customers AS TEXT) AS there
FROM used
CROSS JOIN snapshot
WHERE COALESCE(used.customers, 0) <> snapshot.customers
   OR COALESCE(used.margin, 0) <> COALESCE(snapshot.margin, 0)
   OR COALESCE(used.cost_to_serve, 0) <> COALESCE(snapshot.cost_to_serve, 0)
   -- A kind of meeting that nobody foresaw is no error; fewer meetings than their kinds are.
   OR used.visits_of_no_kind < 0

UNION ALL
SELECT 'shares do not add up to 1', concat_ws(' ', customer_share, support_share, visit_share, discount_share), NULL
FROM used
WHERE abs(COALESCE(customer_share, 1) - 1) > 0.000001
   OR abs(COALESCE(support_share, 1) - 1) > 0.000001
   OR abs(COALESCE(visit_share, 1) - 1) > 0.000001
   OR abs(COALESCE(discount_share, 1) - 1) > 0.000001
   OR abs(COALESCE(margin_share, 1) - 1) > 0.000001
   OR abs(COALESCE(value_share, 1) - 1) > 0.000001
   OR abs(COALESCE(expansion_share, 1) - 1) > 0.000001

UNION ALL
SELECT 'moves more than there is', concat(quadrant, ' ', resource), CAST(to_move AS TEXT)
FROM misallocations
WHERE used + to_move < -0.000001
   OR (direction = 'too_much' AND to_move >= 0)
   OR (direction = 'too_little' AND to_move <= 0)
