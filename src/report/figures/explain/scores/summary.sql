/*---
title = "The scores"
title_zh = "各项得分"
note = "From 0 to 100, now and in earlier sets."
note_zh = "0 至 100 分，本期与以往各期。"
empty = "None of its scores is known."
empty_zh = "各项得分均未知。"
[columns]
score = { en = "Score", zh = "评分", as = "word" }
now = { en = "Now", zh = "本期", as = "score" }
last_set = { en = "Last set", zh = "上一期", as = "score" }
quarter_ago = { en = "Quarter ago", zh = "一季度前", as = "score" }
year_ago = { en = "Year ago", zh = "一年前", as = "score" }
---*/
-- The contributions of a score's components add up to it.
WITH told AS (
    SELECT 0 AS moment, score, contribution FROM score_components WHERE customer_id = $customer
    UNION ALL
    SELECT -1 AS moment, score, contribution FROM previous.score_components WHERE customer_id = $customer
    UNION ALL
    SELECT months_ago AS moment, score, contribution
    FROM history.score_components
    WHERE customer_id = $customer AND months_ago IN (3, 12)
)
SELECT
    score,
    SUM(contribution) FILTER (WHERE moment = 0) AS now,
    SUM(contribution) FILTER (WHERE moment = -1) AS last_set,
    SUM(contribution) FILTER (WHERE moment = 3) AS quarter_ago,
    SUM(contribution) FILTER (WHERE moment = 12) AS year_ago
FROM told
GROUP BY score
ORDER BY
    CASE score WHEN 'current_value' THEN 1 WHEN 'potential_value' THEN 2 WHEN 'strategic_value' THEN 3 ELSE 4 END,
    score
