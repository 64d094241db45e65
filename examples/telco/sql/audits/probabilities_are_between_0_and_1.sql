/*---
description = "A probability lies between 0 and 1, and nobody can lose more than a year's charges."
---*/
SELECT customer_id, churn_probability, value_at_risk
FROM customer_snapshot
WHERE churn_probability NOT BETWEEN 0 AND 1 OR value_at_risk NOT BETWEEN 0 AND monthly_charge * 12
