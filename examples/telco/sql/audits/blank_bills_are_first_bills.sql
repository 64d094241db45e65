/*---
description = "Only a customer in its first month may have no total yet."
severity = "warn"
---*/
SELECT customer_id, tenure_months, monthly_charge
FROM customers
WHERE (total_charges IS NULL) <> (tenure_months = 0)
