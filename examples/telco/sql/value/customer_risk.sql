/*---
description = "Customers who are still there: how likely each is to leave, and what would go with them."
grain = ["customer_id"]
[columns]
yearly_charge = { type = "decimal(18,2)", description = "Twelve monthly charges, dollars" }
value_at_risk = { type = "decimal(18,2)", description = "yearly_charge times the churn probability, dollars" }
---*/
SELECT
    customers.customer_id,
    churn_risk.probability AS churn_probability,
    churn_risk.reasons AS churn_reasons,
    CAST(customers.monthly_charge * 12 AS DECIMAL(18, 2)) AS yearly_charge,
    -- The probability as a decimal: money is never multiplied by a double. Null if the model refuses.
    CAST(round(customers.monthly_charge * 12 * CAST(churn_risk.probability AS DECIMAL(9, 6)), 2) AS DECIMAL(18, 2))
        AS value_at_risk
FROM customers
LEFT JOIN churn_risk ON churn_risk.customer_id = customers.customer_id
-- Who has left needs no call any more. The model learned from them; they are not on anybody's list.
WHERE NOT customers.churned
