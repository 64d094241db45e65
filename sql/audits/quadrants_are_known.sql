/*---
description = "Who has scores on both axes has one of the four quadrants, and a rule that says why."
---*/
SELECT customer_id, quadrant, quadrant_rule, current_value_score, potential_strategic_score
FROM customer_snapshot
WHERE (current_value_score IS NOT NULL AND potential_strategic_score IS NOT NULL AND quadrant_rule IS NULL)
   OR (quadrant_rule IS NOT NULL AND COALESCE(quadrant, 'none') NOT IN ('star', 'cash_cow', 'question_mark', 'dog'))
   OR (quadrant IS NOT NULL AND quadrant_since IS NULL)
   OR quadrant_since > $as_of_date
