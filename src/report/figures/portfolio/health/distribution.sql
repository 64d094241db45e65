/*---
title = "How many customers have which health score"
title_zh = "健康度分布"
note = "Scores from 0 to 100 in steps of ten; a score at a bound counts in the step above it."
note_zh = "按 10 分一档；恰在分界上的计入较高一档。"
chart = "columns"
empty = "No customer has a health score."
empty_zh = "尚无健康度评分。"
[columns]
scores = { en = "Score", zh = "分数", as = "text", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count", chart = "y" }
customer_share = { en = "Share", zh = "占比", as = "percent" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money" }
---*/
WITH steps (step, scores) AS (
    VALUES (0, '0–10'), (1, '10–20'), (2, '20–30'), (3, '30–40'), (4, '40–50'), (5, '50–60'), (6, '60–70'),
           (7, '70–80'), (8, '80–90'), (9, '90–100')
),
counted AS (
    SELECT
        LEAST(CAST(FLOOR(CAST(health_score AS DOUBLE) / 10) AS BIGINT), 9) AS step,
        COUNT(*) AS customers,
        SUM(revenue_12m) AS revenue_12m,
        SUM(value_at_risk) AS value_at_risk
    FROM customer_snapshot
    WHERE health_score IS NOT NULL
    GROUP BY 1
),
total AS (
    SELECT SUM(customers) AS customers FROM counted
)
SELECT
    steps.scores,
    COALESCE(counted.customers, 0) AS customers,
    CAST(COALESCE(counted.customers, 0) AS DOUBLE) / NULLIF(total.customers, 0) AS customer_share,
    COALESCE(counted.revenue_12m, 0) AS revenue_12m,
    counted.value_at_risk
FROM steps
CROSS JOIN total
LEFT JOIN counted ON counted.step = steps.step
WHERE total.customers > 0
ORDER BY steps.step
