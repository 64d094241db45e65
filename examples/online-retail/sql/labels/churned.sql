/*---
description = "Whether an active customer bought nothing in the next 90 days. A return is not a purchase."
grain = ["customer_id"]
horizon_days = 90
---*/
WITH buyers AS (
    SELECT DISTINCT customer_id
    FROM future.invoices
    WHERE NOT is_return AND invoiced_on >= $as_of_date
)
SELECT
    active_customers.customer_id,
    buyers.customer_id IS NULL AS churned
FROM active_customers
LEFT JOIN buyers ON buyers.customer_id = active_customers.customer_id
