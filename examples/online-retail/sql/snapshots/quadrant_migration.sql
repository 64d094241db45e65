/*---
description = "Who moved since the last set: from every quadrant to every quadrant, with the revenue that moved along."
grain = ["previous_quadrant", "quadrant"]
[columns]
previous_quadrant = { type = "text", null = false, description = "Quadrant in the last set; new: not among its active customers" }
quadrant = { type = "text", null = false, description = "Quadrant now; left: no purchase in the last 180 days any more" }
customers = { type = "int", null = false, description = "Customers that went this way" }
revenue_12m = { type = "decimal(18,2)", description = "Their revenue of the last 365 days, pounds; for those who left, as in the last set" }
---*/
SELECT
    CASE WHEN before.customer_id IS NULL THEN 'new' ELSE coalesce(before.quadrant, 'unplaced') END AS previous_quadrant,
    CASE WHEN today.customer_id IS NULL THEN 'left' ELSE coalesce(today.quadrant, 'unplaced') END AS quadrant,
    count(*) AS customers,
    CAST(
        sum(CASE WHEN today.customer_id IS NULL THEN before.revenue_12m ELSE today.revenue_12m END) AS DECIMAL(18, 2)
    ) AS revenue_12m
FROM customer_snapshot AS today
FULL JOIN previous.customer_snapshot AS before ON before.customer_id = today.customer_id
GROUP BY 1, 2
