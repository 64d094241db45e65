/*---
description = "Contract by internet: who left, who is still there, and what is at risk among them."
grain = ["contract", "internet"]
[columns]
contract = { type = "text", null = false, description = "Month-to-month | One year | Two year" }
internet = { type = "text", null = false, description = "DSL | Fiber optic | none" }
customers = { type = "int", null = false, description = "Customers in the file" }
left_last_month = { type = "int", null = false, description = "Of them, those who left within the last month" }
churn_rate = { type = "double", null = false, description = "left_last_month / customers, 0-1" }
still_there = { type = "int", null = false, description = "Those who did not leave: the rows of customer_snapshot" }
expected_to_leave = { type = "decimal(18,2)", description = "Sum of their churn probabilities" }
yearly_charge = { type = "decimal(18,2)", description = "Their twelve monthly charges, dollars" }
value_at_risk = { type = "decimal(18,2)", description = "yearly_charge times churn probability, added up, dollars" }
---*/
SELECT
    customers.contract,
    customers.internet,
    count(*) AS customers,
    count(*) FILTER (WHERE customers.churned) AS left_last_month,
    CAST(count(*) FILTER (WHERE customers.churned) AS DOUBLE) / count(*) AS churn_rate,
    count(risk.customer_id) AS still_there,
    -- Probabilities are added as decimals: a sum of doubles would hang on the order of the rows.
    CAST(round(sum(CAST(risk.churn_probability AS DECIMAL(9, 6))), 2) AS DECIMAL(18, 2)) AS expected_to_leave,
    CAST(sum(risk.yearly_charge) AS DECIMAL(18, 2)) AS yearly_charge,
    CAST(sum(risk.value_at_risk) AS DECIMAL(18, 2)) AS value_at_risk
FROM customers
LEFT JOIN customer_risk AS risk ON risk.customer_id = customers.customer_id
GROUP BY customers.contract, customers.internet
