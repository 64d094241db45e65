/*---
title = "Who moved over the last quarter, and the money with them"
title_zh = "近一个季度的象限流动及金额"
note = "Where customers stood three months ago, and where they stand now: those who moved, joined or left. The width is their revenue of 12 months now (of those who left, what it was)."
note_zh = "对比三个月前与当前所在象限，仅含变动、新增与流失的客户；宽度为当前近 12 个月开票额（已流失客户取当时数值）。"
chart = "flow"
empty = "There is no set of three months ago yet."
empty_zh = "尚无三个月前的数据。"
[columns]
from_quadrant = { en = "Three months ago", zh = "三个月前", as = "word", words = "quadrant", chart = "from" }
to_quadrant = { en = "Now", zh = "当前", as = "word", words = "quadrant", chart = "to" }
customers = { en = "Customers", zh = "客户数", as = "count" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money", chart = "size" }
---*/
WITH ago AS (
    SELECT customer_id, COALESCE(quadrant, 'unscored') AS quadrant, revenue_12m
    FROM history.customer_snapshot
    WHERE months_ago = 3
),
pairs AS (
    SELECT
        CASE WHEN ago.customer_id IS NULL THEN 'new' ELSE ago.quadrant END AS from_quadrant,
        CASE WHEN now.customer_id IS NULL THEN 'left' ELSE COALESCE(now.quadrant, 'unscored') END AS to_quadrant,
        COALESCE(now.revenue_12m, ago.revenue_12m) AS revenue_12m
    FROM customer_snapshot AS now
    FULL JOIN ago ON ago.customer_id = now.customer_id
)
SELECT from_quadrant, to_quadrant, COUNT(*) AS customers, SUM(revenue_12m) AS revenue_12m
FROM pairs
WHERE from_quadrant <> to_quadrant
  AND (SELECT COUNT(*) FROM ago) > 0
GROUP BY from_quadrant, to_quadrant
ORDER BY revenue_12m DESC, from_quadrant, to_quadrant
