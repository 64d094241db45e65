/*---
description = "Probabilities between 0 and 1, scores between 0 and 100."
---*/
SELECT
    customer_id,
    churn_probability,
    expansion_probability,
    current_value_score,
    potential_score,
    health_score
FROM customer_snapshot
WHERE churn_probability NOT BETWEEN 0 AND 1
    OR expansion_probability NOT BETWEEN 0 AND 1
    OR current_value_score NOT BETWEEN 0 AND 100
    OR potential_score NOT BETWEEN 0 AND 100
    OR health_score NOT BETWEEN 0 AND 100
