/*---
description = "Money that cannot be: a lifetime value against the sign of the margin, a loss larger than a year's margin, a share above the whole."
---*/
SELECT customer_id, revenue_12m, margin_12m, recurring_margin_12m, ltv, value_at_risk, contribution_share, collection_days
FROM customer_snapshot
WHERE (ltv < 0 AND recurring_margin_12m > 0)
   OR (ltv > 0 AND recurring_margin_12m <= 0)
   -- At a discount of 10 % even a customer that never leaves is worth ten years of margin.
   OR ltv > 10 * GREATEST(recurring_margin_12m, 0) + 1
   OR value_at_risk < 0
   OR value_at_risk > GREATEST(recurring_margin_12m, 0)
   OR margin_12m > recurring_margin_12m
   OR contribution_share > 1
   OR collection_days < 0
