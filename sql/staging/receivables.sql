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
-- Few contracts have any: the others need none of this.
with_notes AS (
    SELECT DISTINCT COALESCE(contract_id, '') AS contract_id
    FROM invoices
    WHERE amount < 0 AND invoiced_at >= $as_of - INTERVAL '730 days'
),
running AS (
    SELECT
        billed.*,
        SUM(unpaid) OVER oldest_first AS balance,
        SUM(GREATEST(unpaid, 0)) OVER oldest_first AS billed_until
    FROM billed
    JOIN with_notes ON with_notes.contract_id = COALESCE(billed.contract_id, '')
    WINDOW oldest_first AS (
        PARTITION BY billed.contract_id ORDER BY invoiced_on, amount DESC, invoice_id DESC ROWS UNBOUNDED PRECEDING)
),
-- What credit notes have settled up to each row: what was billed less what is open, which no credit note makes less than
-- nothing. It only grows, so an invoice is settled once all that was billed up to it is.
credited AS (
    SELECT
        *,
        billed_until - balance + LEAST(MIN(balance) OVER oldest_first, 0) AS credited_until
    FROM running
    WINDOW oldest_first AS (
        PARTITION BY contract_id ORDER BY invoiced_on, amount DESC, invoice_id DESC ROWS UNBOUNDED PRECEDING)
),
credits AS (
    SELECT invoice_id, COALESCE(contract_id, '') AS contract_id, invoiced_on, credited_until
    FROM credited
    WHERE amount < 0
),
settled_by AS (
    SELECT
        invoice.invoice_id,
        MAX(invoice.billed_until) - MAX(credits.credited_until) AS left_open,
        MIN(CASE WHEN credits.credited_until >= invoice.billed_until THEN credits.invoiced_on END) AS credited_on
    FROM credited AS invoice
    JOIN credits ON credits.contract_id = COALESCE(invoice.contract_id, '')
    WHERE invoice.amount > 0 AND invoice.unpaid > 0
    GROUP BY invoice.invoice_id
),
settled AS (
    SELECT
        invoice.invoice_id,
        invoice.customer_id,
        invoice.invoiced_on,
        invoice.due_on,
        invoice.amount,
        CAST(LEAST(GREATEST(COALESCE(note.left_open, invoice.unpaid), 0), invoice.unpaid) AS DECIMAL(18, 2)) AS open_amount,
        -- GREATEST passes over a null.
        CASE WHEN invoice.unpaid = 0 THEN invoice.last_paid_on
             WHEN note.credited_on IS NOT NULL THEN GREATEST(invoice.last_paid_on, note.credited_on) END AS paid_on,
        invoice.last_paid_on
    FROM billed AS invoice
    LEFT JOIN settled_by AS note ON note.invoice_id = invoice.invoice_id
    WHERE invoice.amount > 0
)
SELECT
    *,
    CASE WHEN COALESCE(paid_on, $as_of_date) > due_on THEN COALESCE(paid_on, $as_of_date) - due_on
         WHEN due_on IS NOT NULL THEN 0 END AS days_late
FROM settled
