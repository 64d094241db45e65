/*---
description = "One row per customer who is still there: what it pays, how likely it is to leave, and why."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "Customer number of the file" }
contract = { type = "text", null = false, description = "Month-to-month | One year | Two year" }
internet = { type = "text", null = false, description = "DSL | Fiber optic | none" }
payment_method = { type = "text", null = false, description = "How the bill is paid" }
tenure_months = { type = "int", null = false, description = "Months as a customer" }
monthly_charge = { type = "decimal(18,2)", null = false, description = "Dollars a month" }
churn_probability = { type = "double", description = "Probability of leaving within a month; null if the model refused" }
churn_reasons = { type = "text", description = "What moved it, largest first" }
value_at_risk = { type = "decimal(18,2)", description = "Twelve monthly charges times churn_probability, dollars" }
risk_rank = { type = "int", description = "1 = the most value at risk: whom to call first; equal risk, equal rank" }
---*/
SELECT
    customers.customer_id,
    customers.contract,
    customers.internet,
    customers.payment_method,
    customers.tenure_months,
    customers.monthly_charge,
    risk.churn_probability,
    risk.churn_reasons,
    risk.value_at_risk,
    CASE
        WHEN risk.value_at_risk IS NOT NULL
            THEN CAST(rank() OVER (ORDER BY risk.value_at_risk DESC NULLS LAST) AS BIGINT)
    END AS risk_rank
FROM customer_risk AS risk
JOIN customers ON customers.customer_id = risk.customer_id
