/*---
description = """Revenue of the next 180 days less that of the last 180, net of returns, pounds. The model splits it: \
how likely is any growth, and how much is it when there is some."""
grain = ["customer_id"]
horizon_days = 180
---*/
WITH next AS (
    SELECT customer_id, sum(amount) AS revenue
    FROM future.invoices
    WHERE invoiced_on >= $as_of_date
    GROUP BY customer_id
), last AS (
    SELECT customer_id, sum(amount) AS revenue
    FROM invoices
    WHERE invoiced_on >= $as_of_date - 180
    GROUP BY customer_id
)
-- An active customer has a last revenue; one who bought nothing since has a next revenue of nought.
SELECT
    active_customers.customer_id,
    CAST(coalesce(next.revenue, 0) - last.revenue AS DECIMAL(18, 2)) AS growth
FROM active_customers
JOIN last ON last.customer_id = active_customers.customer_id
LEFT JOIN next ON next.customer_id = active_customers.customer_id
