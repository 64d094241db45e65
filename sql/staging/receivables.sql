/*---
description = "Invoices of the last two years with what was paid on them and credited: one row each, credit notes aside."
grain = ["invoice_id"]
# Payments are joined once, for features and for value.
materialized = "table"
[columns]
open_amount = { type = "decimal(18,2)", description = "Billed, and neither paid nor credited yet" }
paid_on = { type = "date", description = "Day of the payment or credit note that settled it, or null" }
days_late = { type = "int", description = "Days from the due day to the day it was settled; while open, to the as-of day; never below 0" }
---*/
WITH paid AS (
    SELECT invoice_id, SUM(amount) AS amount, MAX(paid_on) AS last_paid_on
    FROM payments
    WHERE paid_at >= $as_of - INTERVAL '760 days'
    GROUP BY invoice_id
),
billed AS (
    SELECT
        invoices.*,
        paid.last_paid_on,
        -- Above 0 what an invoice still asks for, below 0 what a credit note has not yet paid back.
        CASE WHEN invoices.amount > 0 THEN GREATEST(invoices.amount - COALESCE(paid.amount, 0), 0)
             ELSE LEAST(invoices.amount - COALESCE(paid.amount, 0), 0) END AS unpaid
    FROM invoices
    LEFT JOIN paid ON paid.invoice_id = invoices.invoice_id
    WHERE invoices.amount <> 0 AND invoices.invoiced_at >= $as_of - INTERVAL '730 days'
),
-- A credit note names the contract, not the invoice. It settles what is open on the contract that day, the oldest
-- first; what is billed later it leaves alone.
since AS (
    SELECT
        *,
        SUM(unpaid) OVER newest_first AS balance_since,
        SUM(GREATEST(unpaid, 0)) OVER newest_first - unpaid AS unpaid_after,
        MIN(CASE WHEN amount < 0 THEN invoiced_on END) OVER newest_first AS credited_on
    FROM billed
    WINDOW newest_first AS (
        PARTITION BY contract_id ORDER BY invoiced_on DESC, amount, invoice_id ROWS UNBOUNDED PRECEDING)
),
-- As no credit note reaches what was billed after it, what is left is the largest that remains from any invoice on; and
-- as the oldest is settled first, it is left on the newest.
netted AS (
    SELECT
        *,
        MAX(balance_since) OVER (PARTITION BY contract_id) AS left_open
    FROM since
),
settled AS (
    SELECT
        invoice_id,
        customer_id,
        invoiced_on,
        due_on,
        amount,
        CAST(LEAST(GREATEST(left_open - unpaid_after, 0), unpaid) AS DECIMAL(18, 2)) AS open_amount,
        -- GREATEST passes over a null.
        CASE WHEN unpaid = 0 THEN last_paid_on
             WHEN left_open <= unpaid_after THEN GREATEST(last_paid_on, credited_on) END AS paid_on,
        last_paid_on
    FROM netted
    WHERE amount > 0
)
SELECT
    *,
    CASE WHEN COALESCE(paid_on, $as_of_date) > due_on THEN COALESCE(paid_on, $as_of_date) - due_on
         WHEN due_on IS NOT NULL THEN 0 END AS days_late
FROM settled
