/*---
description = "Which customers in force had no contract in force ninety days later, as known on that day."
grain = ["customer_id"]
horizon_days = 90
---*/
WITH still AS (
    -- As of the later day: in_force speaks of that day, and a renewal signed or a cancellation made meanwhile is known.
    SELECT DISTINCT customer_id FROM future.contracts WHERE in_force
)
SELECT
    customers.customer_id,
    still.customer_id IS NULL AS churned
FROM customers_in_force AS customers
LEFT JOIN still ON still.customer_id = customers.customer_id
