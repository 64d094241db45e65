/*---
description = "What a customer in force has ordered, since when, and what it has to order again next."
grain = ["customer_id"]
tags = ["value"]
[columns]
first_purchase_on = { type = "date", description = "Day the first contract was signed" }
last_purchase_on = { type = "date", description = "Day the last contract was signed, a renewal too" }
days_as_customer = { type = "int", description = "Days since the first contract was signed" }
orders = { type = "int", description = "Contracts ever signed, renewals too" }
orders_30d_ago = { type = "int", description = "Contracts signed up to 30 days ago" }
order_milestone = { type = "int", description = "The round number of orders (10, 25, 50, 100, 250) reached in the last 30 days" }
renewal_due_on = { type = "date", description = "Next end of a contract in force that has to be renewed and is not yet" }
---*/
-- An order is a signed contract. Invoices would count how often somebody is billed (by the month or by the year), and
-- the ERP keeps them for fewer years. What was cancelled later had been ordered all the same.
WITH signed AS (
    SELECT
        contracts.customer_id,
        -- A date before there was software is a slip, as in the features.
        MIN(signed_on) FILTER (WHERE signed_on >= DATE '1980-01-01') AS first_purchase_on,
        MAX(signed_on) AS last_purchase_on,
        COUNT(*) AS orders,
        COUNT(*) FILTER (WHERE signed_on < $as_of_date - 30) AS orders_30d_ago,
        MIN(contracts.ends_on) FILTER (WHERE in_force AND is_recurring AND followers.renewal_id IS NULL) AS renewal_due_on
    FROM contracts
    LEFT JOIN renewed_contracts AS followers ON followers.contract_id = contracts.contract_id
    GROUP BY contracts.customer_id
)
SELECT
    customers.customer_id,
    first_purchase_on,
    last_purchase_on,
    $as_of_date - first_purchase_on AS days_as_customer,
    orders,
    orders_30d_ago,
    CASE WHEN orders >= 250 AND orders_30d_ago < 250 THEN 250
         WHEN orders >= 100 AND orders_30d_ago < 100 THEN 100
         WHEN orders >= 50 AND orders_30d_ago < 50 THEN 50
         WHEN orders >= 25 AND orders_30d_ago < 25 THEN 25
         WHEN orders >= 10 AND orders_30d_ago < 10 THEN 10 END AS order_milestone,
    renewal_due_on
FROM customers_in_force AS customers
JOIN signed ON signed.customer_id = customers.customer_id
