/*---
title = "What we do not know about customers"
title_zh = "评分中缺失的信息"
note = "Figures of the scores that are unknown for some customers. What is unknown is left out, and the others share its weight: the fewer figures, the shakier the score."
note_zh = "部分客户缺失的评分数据。缺失项不参与评分，权重由其他项分担；缺失越多，评分越不可靠。"
chart = "bars"
empty = "Every figure of every score is known for every customer."
empty_zh = "所有客户的评分数据均完整。"
[columns]
component = { en = "Figure", zh = "评分项", as = "word", chart = "x" }
score = { en = "Score", zh = "评分", as = "word" }
unknown = { en = "Customers", zh = "缺失客户", as = "count" }
unknown_share = { en = "Unknown for", zh = "缺失占比", as = "percent", chart = "y" }
---*/
SELECT
    component,
    score,
    COUNT(*) FILTER (WHERE points IS NULL) AS unknown,
    CAST(COUNT(*) FILTER (WHERE points IS NULL) AS DOUBLE) / COUNT(*) AS unknown_share
FROM score_components
GROUP BY score, component
HAVING COUNT(*) FILTER (WHERE points IS NULL) > 0
ORDER BY unknown_share DESC, score, component
LIMIT 20
