/*---
description = "Invoices of the last two years with what was paid on them: one row each, credit notes aside."
grain = ["invoice_id"]
# Payments are joined once, for features and for value.
materialized = "table"
[columns]
open_amount = { type = "decimal(18,2)", description = "Billed and not yet paid" }
paid_on = { type = "date", description = "Day of the payment that settled it, or null" }
days_late = { type = "int", description = "Days from the due day to the settling payment; while open, to the as-of day; never below 0" }
---*/
WITH paid AS (
    SELECT invoice_id, SUM(amount) AS amount, MAX(paid_on) AS last_paid_on
    FROM payments
    WHERE paid_at >= $as_of - INTERVAL '760 days'
    GROUP BY invoice_id
),
settled AS (
    SELECT
        invoices.invoice_id,
        invoices.customer_id,
        invoices.invoiced_on,
        invoices.due_on,
        invoices.amount,
        CAST(GREATEST(invoices.amount - COALESCE(paid.amount, 0), 0) AS DECIMAL(18, 2)) AS open_amount,
        CASE WHEN paid.amount >= invoices.amount THEN paid.last_paid_on END AS paid_on,
        paid.last_paid_on
    FROM invoices
    LEFT JOIN paid ON paid.invoice_id = invoices.invoice_id
    WHERE invoices.amount > 0 AND invoices.invoiced_at >= $as_of - INTERVAL '730 days'
)
SELECT
    *,
    CASE WHEN COALESCE(paid_on, $as_of_date) > due_on THEN COALESCE(paid_on, $as_of_date) - due_on
         WHEN due_on IS NOT NULL THEN 0 END AS days_late
FROM settled
