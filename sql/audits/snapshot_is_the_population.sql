/*---
description = "The snapshot has every customer in force once, and nobody else."
---*/
SELECT
    COALESCE(snapshot.customer_id, population.customer_id) AS customer_id,
    CASE WHEN snapshot.customer_id IS NULL THEN 'missing'
         WHEN population.customer_id IS NULL THEN 'not in force'
         ELSE 'more than once' END AS finding
FROM (SELECT customer_id, COUNT(*) AS times FROM customer_snapshot GROUP BY customer_id) AS snapshot
FULL JOIN customers_in_force AS population ON population.customer_id = snapshot.customer_id
WHERE snapshot.customer_id IS NULL OR population.customer_id IS NULL OR snapshot.times > 1
