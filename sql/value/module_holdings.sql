/*---
description = "Which modules a customer in force has: one row per customer and module that a contract in force names or that it used within a year."
grain = ["customer_id", "module"]
tags = ["potential"]
[columns]
under_contract = { type = "bool", null = false, description = "A contract in force names the module" }
last_used_on = { type = "date", description = "Last day that somebody logged in to it, of the last year" }
---*/
-- A subscription or licence often covers a suite whose modules no contract names: use tells which. What was used within the
-- year counts as had, for some modules are opened once a year (budgets), and to offer what is owned is worse than to miss
-- a sale. Of a customer with such a suite and without any use, nobody knows what it has: it has no rows here.
WITH suites AS (
    SELECT DISTINCT customer_id
    FROM contracts
    WHERE in_force AND module IS NULL AND contract_type IN ('license', 'subscription')
),
seen AS (SELECT DISTINCT customer_id FROM module_use WHERE last_used_on IS NOT NULL)
SELECT
    held.customer_id,
    held.module,
    held.is_named AS under_contract,
    held.last_used_on
FROM module_use AS held
JOIN customers_in_force AS customers ON customers.customer_id = held.customer_id
LEFT JOIN suites ON suites.customer_id = held.customer_id
LEFT JOIN seen ON seen.customer_id = held.customer_id
WHERE suites.customer_id IS NULL OR seen.customer_id IS NOT NULL
