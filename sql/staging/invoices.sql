/*---
description = "What customers were billed: one row per invoice or credit note."
grain = ["invoice_id"]
---*/
SELECT
    lower(invoice_id) AS invoice_id,
    lower(contract_id) AS contract_id,
    identities.customer_id,
    invoiced_at,
    CAST(invoiced_at AS DATE) AS invoiced_on,
    -- A due day years away from the invoice is a slip of the keyboard, not a term of payment.
    CASE WHEN due_on BETWEEN CAST(invoiced_at AS DATE) - 31 AND CAST(invoiced_at AS DATE) + 731 THEN due_on END AS due_on,
    -- An amount that nobody can mean is unknown.
    CASE WHEN abs(amount) <= $largest_amount THEN amount END AS amount,
    CASE WHEN abs(cost) <= $largest_amount THEN cost END AS cost
FROM erp_invoices
JOIN identities ON identities.source_system = 'erp' AND identities.source_id = lower(erp_invoices.erp_customer_id)
-- A time before there was software is a slip.
WHERE invoiced_at >= TIMESTAMP '1980-01-01T00:00:00Z'
