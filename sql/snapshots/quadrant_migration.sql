/*---
description = "Who moved from which quadrant to which since the last set, with the revenue that moved along."
description_zh = "自上一期以来各象限之间的客户流动及随之转移的收入。"
grain = ["from_quadrant", "to_quadrant"]
[columns]
from_quadrant = { type = "text", null = false, description = "Quadrant in the last set; new: not a customer then; unscored: had none", description_zh = "上一期所在象限；new 表示当时尚非客户，unscored 表示未评分" }
to_quadrant = { type = "text", null = false, description = "Quadrant now; left: no longer a customer; unscored: has none", description_zh = "当前象限；left 表示已不再是客户，unscored 表示未评分" }
customers = { type = "int", null = false, description = "How many moved (or stayed)", description_zh = "移动（或停留）的客户数" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Their revenue of 12 months; of those who left, what it was", description_zh = "近 12 个月开票额；已离开的客户取上一期数值" }
---*/
SELECT
    CASE WHEN before.customer_id IS NULL THEN 'new' ELSE COALESCE(before.quadrant, 'unscored') END AS from_quadrant,
    CASE WHEN now.customer_id IS NULL THEN 'left' ELSE COALESCE(now.quadrant, 'unscored') END AS to_quadrant,
    COUNT(*) AS customers,
    CAST(SUM(COALESCE(now.revenue_12m, before.revenue_12m)) AS DECIMAL(18, 2)) AS revenue_12m
FROM customer_snapshot AS now
FULL JOIN previous.customer_snapshot AS before ON before.customer_id = now.customer_id
GROUP BY 1, 2
