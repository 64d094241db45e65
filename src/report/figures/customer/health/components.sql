/*---
title = "What it is made of"
title_zh = "构成"
note = "Points from 0 to 100; the last row is their mean by weight."
note_zh = "0 至 100 分；末行为按权重的平均。"
chart = "bars"
empty = "We do not know enough yet to judge any part."
empty_zh = "目前数据不足，各项暂无得分。"
[columns]
component = { en = "Part", zh = "项目", as = "word", chart = "x" }
now = { en = "Now", zh = "本期", as = "score", chart = "y" }
quarter_ago = { en = "A quarter ago", zh = "一季度前", as = "score", chart = "y" }
year_ago = { en = "A year ago", zh = "一年前", as = "score", chart = "y" }
weight = { en = "Weight", zh = "权重", as = "percent" }
---*/
WITH told AS (
    SELECT 0 AS moment, component, points, weight, contribution
    FROM score_components
    WHERE customer_id = $customer AND score = 'health'
    UNION ALL
    SELECT months_ago AS moment, component, points, weight, contribution
    FROM history.score_components
    WHERE customer_id = $customer AND score = 'health' AND months_ago IN (3, 12)
),
parts AS (
    SELECT
        component,
        MAX(points) FILTER (WHERE moment = 0) AS now,
        MAX(points) FILTER (WHERE moment = 3) AS quarter_ago,
        MAX(points) FILTER (WHERE moment = 12) AS year_ago,
        MAX(weight) FILTER (WHERE moment = 0) AS weight
    FROM told
    -- A weight of 0, as logins have in a customer's first quarter, is no part of the score.
    WHERE points IS NOT NULL AND weight > 0
    GROUP BY component
),
every_row AS (
    SELECT component, now, quarter_ago, year_ago, weight, 1 AS place FROM parts
    UNION ALL
    SELECT
        'total' AS component,
        CAST(SUM(contribution) FILTER (WHERE moment = 0) AS DECIMAL(9, 4)) AS now,
        CAST(SUM(contribution) FILTER (WHERE moment = 3) AS DECIMAL(9, 4)) AS quarter_ago,
        CAST(SUM(contribution) FILTER (WHERE moment = 12) AS DECIMAL(9, 4)) AS year_ago,
        NULL AS weight,
        2 AS place
    FROM told
    HAVING COUNT(contribution) > 0
)
SELECT component, now, quarter_ago, year_ago, weight
FROM every_row
ORDER BY place, weight DESC NULLS LAST, component
