/*---
title = "What moved the scores since the last set"
title_zh = "自上一期以来得分的变化"
note = "Change = by points + by weight; the changes of a score add up to its change. A weight moves when another figure becomes known or unknown, or is set anew."
note_zh = "变化 = 得分引起 + 权重引起，各行相加即为该项总分的变化；其他项变为已知或未知、或重新设定时，权重随之变动。"
empty = "No score changed since the last set."
empty_zh = "自上一期以来得分没有变化。"
[columns]
score = { en = "Score", zh = "评分", as = "word" }
component = { en = "Component", zh = "评分项", as = "word" }
points_before = { en = "Points then", zh = "上期得分", as = "score" }
points = { en = "Now", zh = "本期得分", as = "score" }
change = { en = "Change", zh = "变化", as = "delta" }
by_points = { en = "By points", zh = "得分引起", as = "delta" }
by_weight = { en = "By weight", zh = "权重引起", as = "delta" }
---*/
-- Ranks tremble every night: changes below a hundredth of a point stand together in one row of each score.
WITH changed AS (
    SELECT *, abs(change) < 0.01 AS is_small
    FROM score_changes
    WHERE customer_id = $customer AND change <> 0
),
every_row AS (
    SELECT score, component, points_before, points, change, by_points, by_weight, 1 AS place
    FROM changed
    WHERE NOT is_small
    UNION ALL
    SELECT
        score, 'small_changes' AS component, NULL AS points_before, NULL AS points,
        SUM(change) AS change, SUM(by_points) AS by_points, SUM(by_weight) AS by_weight, 2 AS place
    FROM changed
    WHERE is_small
    GROUP BY score
    -- Where they cancel out or come to nothing there is nothing to read.
    HAVING abs(SUM(change)) >= 0.005
)
SELECT score, component, points_before, points, change, by_points, by_weight
FROM every_row
ORDER BY
    CASE score WHEN 'current_value' THEN 1 WHEN 'potential_value' THEN 2 WHEN 'strategic_value' THEN 3 ELSE 4 END,
    score,
    place,
    abs(change) DESC,
    component
