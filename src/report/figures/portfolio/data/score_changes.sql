/*---
title = "What changed in the scores since the last set"
title_zh = "与上一期相比的评分变化"
note = "Which figures moved whose score. Of money the rank among all customers counts, so that one customer's change moves others a little. By weights: weights set anew, or shared because a figure became known or unknown."
note_zh = "各评分项对客户评分的影响。金额按客户间排名计分，一家变化会带动其他客户微调。权重变化：权重调整，或因数据由未知变已知（或相反）而重新分担。"
empty = "No score changed since the last set, or there is none before this one."
empty_zh = "与上一期相比评分没有变化，或尚无上一期数据。"
[columns]
score = { en = "Score", zh = "评分", as = "word" }
component = { en = "Figure", zh = "评分项", as = "word" }
changed = { en = "Customers changed", zh = "变化客户", as = "count" }
rose = { en = "Up", zh = "上升", as = "count" }
fell = { en = "Down", zh = "下降", as = "count" }
moved_much = { en = "By 5 points or more", zh = "变化 5 分以上", as = "count" }
mean_size = { en = "Mean change, up or down", zh = "平均变化幅度", as = "number" }
by_weight = { en = "By weights mostly", zh = "主要因权重变化", as = "count" }
---*/
SELECT
    score,
    component,
    COUNT(*) AS changed,
    COUNT(*) FILTER (WHERE change > 0) AS rose,
    COUNT(*) FILTER (WHERE change < 0) AS fell,
    COUNT(*) FILTER (WHERE ABS(change) >= 5) AS moved_much,
    AVG(ABS(change)) AS mean_size,
    COUNT(*) FILTER (WHERE ABS(by_weight) > ABS(by_points)) AS by_weight
FROM score_changes
WHERE change <> 0
GROUP BY score, component
ORDER BY moved_much DESC, changed DESC, score, component
LIMIT 20
