/*---
description = "What customers were billed, by the ERP's own customer ids: one row per invoice or credit note."
grain = ["invoice_id"]
tags = ["light"]
[columns]
customer_id = { type = "text", description = "The ERP's customer, in lower case" }
---*/
SELECT
    lower(invoice_id) AS invoice_id,
    lower(contract_id) AS contract_id,
    lower(erp_customer_id) AS customer_id,
    invoiced_at,
    -- An amount that nobody can mean is unknown.
    CASE WHEN abs(amount) <= $largest_amount THEN amount END AS amount,
    CASE WHEN abs(cost) <= $largest_amount THEN cost END AS cost
FROM erp_invoices
-- A time before there was software is a slip.
WHERE invoiced_at >= TIMESTAMP '1980-01-01T00:00:00Z'
