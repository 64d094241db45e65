/*---
description = "The light customers are those with a contract in force, once each, and the groups add up to them."
---*/
WITH population AS (SELECT DISTINCT customer_id FROM light_contracts WHERE in_force),
compared AS (
    SELECT COALESCE(found.customer_id, population.customer_id) AS customer_id,
        CASE WHEN found.customer_id IS NULL THEN 'missing'
             WHEN population.customer_id IS NULL THEN 'not in force'
             WHEN found.times > 1 THEN 'more than once' END AS finding
    FROM (SELECT customer_id, COUNT(*) AS times FROM light_customers GROUP BY customer_id) AS found
    FULL JOIN population ON population.customer_id = found.customer_id
),
counted AS (
    SELECT
        (SELECT SUM(customers) FROM light_summary) AS in_groups,
        (SELECT SUM(margin_12m) FROM light_summary) AS margin_of_groups,
        (SELECT COUNT(*) FROM light_customers) AS customers,
        (SELECT SUM(margin_12m) FROM light_customers) AS margin
)
SELECT customer_id, finding FROM compared WHERE finding IS NOT NULL
UNION ALL
SELECT NULL, 'light_summary has other sums than light_customers'
FROM counted
WHERE COALESCE(in_groups, 0) <> customers OR COALESCE(margin_of_groups, 0) <> COALESCE(margin, 0)
