/*---
description = "A purchase is money in, a cancellation money out: a line with the wrong sign is a code we don't know."
severity = "warn"
---*/
SELECT invoice, product, customer_id, quantity, price, amount, is_return
FROM invoice_lines
WHERE dropped_because IS NULL AND (quantity = 0 OR is_return <> (quantity < 0))
