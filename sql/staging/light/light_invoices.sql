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
    amount,
    cost
FROM erp_invoices
