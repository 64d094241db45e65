/*---
title = "What changed: why customers moved since the last set"
title_zh = "象限变动原因"
note = "The last step that moved each: late rows, its own figures, the cuts, a rule, settings, or a new model version."
note_zh = "取每家客户的最后一步原因：迟到数据、自身数据、分界线、规则、设置或模型更新。"
chart = "bars"
empty = "Nobody moved since the last set, or there is none before this one."
empty_zh = "与上一期相比没有客户变动，或尚无上一期数据。"
[columns]
cause = { en = "Why", zh = "原因", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count", chart = "y" }
revenue_12m = { en = "Their revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
---*/
SELECT cause, COUNT(*) AS customers, SUM(revenue_12m) AS revenue_12m
FROM quadrant_moves
GROUP BY cause
ORDER BY customers DESC, cause
