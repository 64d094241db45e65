/*---
description = """How often, how lately and for how much everyone has bought who ever did, not only the active: of those \
who still buy alone, a model could only learn that nobody leaves. Several invoices of a day are one purchase."""
grain = ["customer_id"]
[columns]
repeats = { type = "int", description = "Different days with a purchase, after the first" }
last_days = { type = "int", description = "Days from the first purchase to the last" }
age_days = { type = "int", description = "Days since the first purchase" }
mean_value = { type = "double", description = "Mean value of the purchases after the first, pounds; null without" }
---*/
WITH purchases AS (
    SELECT
        customer_id,
        invoiced_on,
        sum(amount) AS amount,
        min(invoiced_on) OVER (PARTITION BY customer_id) AS first_on
    FROM invoices
    WHERE NOT is_return
    GROUP BY customer_id, invoiced_on
)
SELECT
    customer_id,
    count(*) - 1 AS repeats,
    max(invoiced_on) - min(first_on) AS last_days,
    $as_of_date - min(first_on) AS age_days,
    CAST(sum(amount) FILTER (WHERE invoiced_on > first_on) AS DOUBLE) / nullif(count(*) - 1, 0) AS mean_value
FROM purchases
GROUP BY customer_id
