/*---
title = "The two axes"
title_zh = "两个维度"
note = "From the cut on a score is high. Both high: star; only worth now: cash cow; only worth to come: question mark; neither: dog."
note_zh = "得分达到分界即为高：两项皆高为明星，仅当前价值高为现金牛，仅未来价值高为问号，皆低为瘦狗。"
[columns]
axis = { en = "Axis", zh = "维度", as = "word" }
score = { en = "Score", zh = "得分", as = "score" }
cut = { en = "High from", zh = "分界", as = "score" }
beyond = { en = "Beyond the cut", zh = "超出分界", as = "delta" }
side = { en = "Side", zh = "高低", as = "word" }
score_before = { en = "Last set", zh = "上一期", as = "score" }
score_3m = { en = "Quarter ago", zh = "一季度前", as = "score" }
score_12m = { en = "Year ago", zh = "一年前", as = "score" }
---*/
WITH told AS (
    SELECT 0 AS moment, x, y, x_cut, y_cut FROM quadrant_states WHERE customer_id = $customer
    UNION ALL
    SELECT -1 AS moment, x, y, x_cut, y_cut FROM previous.quadrant_states WHERE customer_id = $customer
    UNION ALL
    SELECT months_ago AS moment, x, y, x_cut, y_cut
    FROM history.quadrant_states
    WHERE customer_id = $customer AND months_ago IN (3, 12)
),
axes AS (
    SELECT 'x' AS axis, moment, x AS score, x_cut AS cut FROM told
    UNION ALL
    SELECT 'y' AS axis, moment, y AS score, y_cut AS cut FROM told
),
spread AS (
    SELECT
        axis,
        MAX(score) FILTER (WHERE moment = 0) AS score,
        MAX(cut) FILTER (WHERE moment = 0) AS cut,
        MAX(score) FILTER (WHERE moment = -1) AS score_before,
        MAX(score) FILTER (WHERE moment = 3) AS score_3m,
        MAX(score) FILTER (WHERE moment = 12) AS score_12m
    FROM axes
    GROUP BY axis
)
SELECT
    axis,
    score,
    cut,
    score - cut AS beyond,
    CASE WHEN score >= cut THEN 'high' WHEN score < cut THEN 'low' END AS side,
    score_before,
    score_3m,
    score_12m
FROM spread
ORDER BY axis
