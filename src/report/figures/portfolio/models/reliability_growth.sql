/*---
title = "Growth: what was said, and what came"
title_zh = "增长概率：预计与实际"
note = "Customers in tenths by falling probability, on days that the model did not learn from. On the line: as many came as were said; the bars are 95 % intervals of what came."
note_zh = "按概率由高到低分为十组，均为模型未学习过的日期。落在对角线上即预计与实际相符；竖线为实际值的 95% 区间。"
chart = "reliability"
empty = "No model scores yet."
empty_zh = "尚无可用模型。"
[columns]
tenth = { en = "Tenth", zh = "十分位", as = "count" }
customers = { en = "Customers", zh = "客户数", as = "count" }
mean_probability = { en = "Said", zh = "预计", as = "percent", chart = "x" }
observed_rate = { en = "Came", zh = "实际", as = "percent", chart = "y" }
observed_low = { en = "At least", zh = "下限", as = "percent", chart = "low" }
observed_high = { en = "At most", zh = "上限", as = "percent", chart = "high" }
events = { en = "Grew", zh = "增长客户", as = "count" }
---*/
SELECT tenth, rows AS customers, mean_probability, observed_rate, observed_low, observed_high, events
FROM model_tenths
WHERE model = 'growth_potential'
ORDER BY tenth
