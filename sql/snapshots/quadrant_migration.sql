/*---
description = "Who moved from which quadrant to which since the last set, with the revenue that moved along."
grain = ["from_quadrant", "to_quadrant"]
[columns]
from_quadrant = { type = "text", null = false, description = "Quadrant in the last set; new: not a customer then; unscored: had none" }
to_quadrant = { type = "text", null = false, description = "Quadrant now; left: no longer a customer; unscored: has none" }
customers = { type = "int", null = false, description = "How many moved (or stayed)" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Their revenue of 12 months; of those who left, what it was" }
---*/
SELECT
    CASE WHEN before.customer_id IS NULL THEN 'new' ELSE COALESCE(before.quadrant, 'unscored') END AS from_quadrant,
    CASE WHEN now.customer_id IS NULL THEN 'left' ELSE COALESCE(now.quadrant, 'unscored') END AS to_quadrant,
    COUNT(*) AS customers,
    CAST(SUM(COALESCE(now.revenue_12m, before.revenue_12m)) AS DECIMAL(18, 2)) AS revenue_12m
FROM customer_snapshot AS now
FULL JOIN previous.customer_snapshot AS before ON before.customer_id = now.customer_id
GROUP BY 1, 2
