/*---
description = "On how many of the next 180 days everyone bought who had ever bought."
grain = ["customer_id"]
horizon_days = 180
---*/
WITH later AS (
    SELECT customer_id, count(DISTINCT invoiced_on) AS purchases
    FROM future.invoices
    WHERE NOT is_return AND invoiced_on >= $as_of_date
    GROUP BY customer_id
)
SELECT
    customer_purchases.customer_id,
    coalesce(later.purchases, 0) AS future_purchases
FROM customer_purchases
LEFT JOIN later ON later.customer_id = customer_purchases.customer_id
