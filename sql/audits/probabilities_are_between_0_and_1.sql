/*---
description = "Probabilities and rates are between 0 and 1, scores between 0 and 100."
---*/
SELECT
    customer_id, churn_probability, expansion_probability, renewal_rate, yearly_retention,
    current_value_score, potential_score, strategic_score, potential_strategic_score, health_score
FROM customer_snapshot
-- Not BETWEEN: a NaN is greater than any number here, and is caught.
WHERE NOT (COALESCE(churn_probability, 0) >= 0 AND COALESCE(churn_probability, 0) <= 1)
   OR NOT (COALESCE(expansion_probability, 0) >= 0 AND COALESCE(expansion_probability, 0) <= 1)
   OR NOT (COALESCE(renewal_rate, 0) >= 0 AND COALESCE(renewal_rate, 0) <= 1)
   OR NOT (COALESCE(yearly_retention, 0) >= 0 AND COALESCE(yearly_retention, 0) <= 1)
   -- Four digits after the point, of each component: the last of them may round a full score above 100.
   OR COALESCE(current_value_score, 0) NOT BETWEEN 0 AND 100.001
   OR COALESCE(potential_score, 0) NOT BETWEEN 0 AND 100.001
   OR COALESCE(strategic_score, 0) NOT BETWEEN 0 AND 100.001
   OR COALESCE(potential_strategic_score, 0) NOT BETWEEN 0 AND 100.001
   OR COALESCE(health_score, 0) NOT BETWEEN 0 AND 100.001
