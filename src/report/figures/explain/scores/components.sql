/*---
title = "What each score is made of"
title_zh = "各项得分的构成"
note = "Contribution = points x weight; those of a score add up to its last row. What is unknown has no points, and its weight goes to the others."
note_zh = "贡献 = 得分 × 权重，各行相加即为该项总分；未知项不计分，其权重分给其他项。"
empty = "None of its scores is known."
empty_zh = "各项得分均未知。"
[columns]
score = { en = "Score", zh = "评分", as = "word" }
component = { en = "Component", zh = "评分项", as = "word" }
value = { en = "Figure", zh = "数值", as = "number" }
points = { en = "Points", zh = "得分", as = "exact" }
weight = { en = "Weight", zh = "权重", as = "percent" }
contribution = { en = "Contribution", zh = "贡献", as = "exact" }
---*/
WITH parts AS (
    SELECT score, component, value, points, weight, contribution
    FROM score_components
    WHERE customer_id = $customer
),
totals AS (
    SELECT score, SUM(contribution) AS contribution, CAST(SUM(CAST(weight AS DECIMAL(18, 9))) AS DOUBLE) AS weight
    FROM parts
    GROUP BY score
),
every_row AS (
    SELECT score, component, value, points, weight, contribution, 1 AS place FROM parts
    UNION ALL
    SELECT score, 'total' AS component, NULL AS value, NULL AS points, weight, contribution, 2 AS place FROM totals
)
SELECT score, component, value, points, weight, contribution
FROM every_row
ORDER BY
    CASE score WHEN 'current_value' THEN 1 WHEN 'potential_value' THEN 2 WHEN 'strategic_value' THEN 3 ELSE 4 END,
    score,
    place,
    weight DESC NULLS LAST,
    component
