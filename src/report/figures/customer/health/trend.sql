/*---
title = "The score over the year"
title_zh = "一年来的得分"
chart = "lines"
empty = "There is no earlier score to compare with yet."
empty_zh = "尚无以往得分可比较。"
[columns]
day = { en = "Day", zh = "日期", as = "date", chart = "x" }
health = { en = "Points of 100", zh = "得分（满分 100）", as = "score", chart = "y" }
---*/
WITH told AS (
    SELECT CAST($as_of_date AS DATE) AS day, health_score AS health
    FROM customer_snapshot
    WHERE customer_id = $customer AND health_score IS NOT NULL
    UNION ALL
    SELECT as_of AS day, health_score AS health
    FROM history.customer_snapshot
    WHERE customer_id = $customer AND health_score IS NOT NULL
)
SELECT day, health
FROM told
-- One point is no line.
WHERE (SELECT COUNT(*) FROM told) > 1
ORDER BY day
