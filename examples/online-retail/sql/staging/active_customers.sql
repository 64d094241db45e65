/*---
description = """The customers in force: at least one purchase in the last 180 days. Every feature, label, score and \
published row is about them. Nobody here signs a contract, so nobody ever says that they have left. Before the data \
hold 180 days it isn't known who is active, so there is nobody."""
grain = ["customer_id"]
materialized = "table"
---*/
SELECT
    customer_id,
    country,
    countries,
    first_purchase_on,
    last_purchase_on
FROM customers
WHERE last_purchase_on >= $as_of_date - 180
    AND (SELECT min(invoiced_on) FROM invoices) <= $as_of_date - 180
