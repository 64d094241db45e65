/*---
description = """The revenue published for every customer is the sum of its own lines of the last 365 days: nothing was \
lost or doubled on the way through invoices and features."""
---*/
WITH from_lines AS (
    SELECT customer_id, sum(amount) AS revenue
    FROM invoice_lines
    WHERE dropped_because IS NULL AND invoiced_on >= $as_of_date - 365
    GROUP BY customer_id
)
SELECT snapshot.customer_id, snapshot.revenue_12m, from_lines.revenue
FROM customer_snapshot AS snapshot
LEFT JOIN from_lines ON from_lines.customer_id = snapshot.customer_id
WHERE snapshot.revenue_12m <> from_lines.revenue OR from_lines.revenue IS NULL
