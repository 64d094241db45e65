/*---
description = "Which customers in force had no contract in force ninety days later, as known on that day."
grain = ["customer_id"]
horizon_days = 90
---*/
WITH still AS (
    -- As of the later day: in_force speaks of that day, and a renewal signed or a cancellation made meanwhile is known.
    SELECT DISTINCT customer_id FROM future.contracts WHERE in_force
),
held AS (
    -- An id that was linked again meanwhile took its contracts to another customer. Nobody left by that: a contract is
    -- followed to whom it belongs then.
    SELECT
        contracts.customer_id,
        COALESCE(later.customer_id, contracts.customer_id) AS later_customer_id
    FROM contracts
    LEFT JOIN future.contracts AS later ON later.contract_id = contracts.contract_id
    WHERE contracts.in_force
)
SELECT
    customers.customer_id,
    COUNT(still.customer_id) = 0 AS churned
FROM customers_in_force AS customers
JOIN held ON held.customer_id = customers.customer_id
LEFT JOIN still ON still.customer_id = held.later_customer_id
GROUP BY customers.customer_id
