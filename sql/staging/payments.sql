/*---
description = "What customers have paid: one row per payment."
grain = ["payment_id"]
---*/
SELECT
    lower(payment_id) AS payment_id,
    lower(invoice_id) AS invoice_id,
    identities.customer_id,
    paid_at,
    CAST(paid_at AS DATE) AS paid_on,
    -- An amount that nobody can mean is unknown.
    CASE WHEN abs(amount) <= $largest_amount THEN amount END AS amount
FROM erp_payments
JOIN identities ON identities.source_system = 'erp' AND identities.source_id = lower(erp_payments.erp_customer_id)
-- A time before there was software is a slip.
WHERE paid_at >= TIMESTAMP '1980-01-01T00:00:00Z'
