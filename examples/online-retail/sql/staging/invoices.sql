/*---
description = """Purchases and returns of known customers: one row per invoice, products only. A purchase and its \
cancellation are two invoices, each on its own day: what was cancelled later was not known before."""
grain = ["customer_id", "invoice"]
materialized = "table"
[columns]
invoiced_on = { type = "date", description = "Day of its first line; 83 invoices run over a minute" }
is_return = { type = "bool", description = "A cancellation: its amount is negative" }
amount = { type = "decimal(18,2)", description = "Sum of its lines, pounds" }
---*/
SELECT
    customer_id,
    invoice,
    is_return,
    min(invoiced_on) AS invoiced_on,
    min(invoiced_hour) AS invoiced_hour,
    max(country) AS country,
    count(*) AS lines,
    CAST(sum(quantity) AS BIGINT) AS units,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS amount
FROM invoice_lines
WHERE dropped_because IS NULL
GROUP BY customer_id, invoice, is_return
