/*---
description = "For each pair of quadrants, the moves told one by one are those counted in the matrix, with their revenue."
---*/
WITH told AS (
    SELECT from_quadrant, to_quadrant, COUNT(*) AS customers, CAST(SUM(revenue_12m) AS DECIMAL(18, 2)) AS revenue_12m
    FROM quadrant_moves
    GROUP BY from_quadrant, to_quadrant
),
counted AS (
    SELECT from_quadrant, to_quadrant, customers, revenue_12m
    FROM quadrant_migration
    WHERE from_quadrant <> to_quadrant AND from_quadrant <> 'new' AND to_quadrant <> 'left'
)
SELECT
    COALESCE(told.from_quadrant, counted.from_quadrant) AS from_quadrant,
    COALESCE(told.to_quadrant, counted.to_quadrant) AS to_quadrant,
    told.customers AS customers_told,
    counted.customers AS customers_counted,
    told.revenue_12m AS revenue_told,
    counted.revenue_12m AS revenue_counted
FROM told
FULL JOIN counted ON counted.from_quadrant = told.from_quadrant AND counted.to_quadrant = told.to_quadrant
WHERE (told.customers IS DISTINCT FROM counted.customers) OR (told.revenue_12m IS DISTINCT FROM counted.revenue_12m)
