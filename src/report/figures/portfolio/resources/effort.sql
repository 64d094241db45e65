/*---
title = "Effort against value"
title_zh = "投入与价值对比"
note = "Shares of all effort of 12 months that go to each quadrant, against its share of the margin and of the growth expected. Effort follows value where the bars are of like length."
note_zh = "近 12 个月各项投入在各象限的占比，与其毛利、预期增长占比对照；长度相近说明投入与价值相称。"
chart = "bars"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
support_share = { en = "Support hours", zh = "支持工时", as = "percent", chart = "y" }
visit_share = { en = "Visits", zh = "拜访", as = "percent", chart = "y" }
discount_share = { en = "Discounts", zh = "折扣", as = "percent", chart = "y" }
margin_share = { en = "Margin", zh = "毛利", as = "percent", chart = "y" }
expansion_share = { en = "Expected growth", zh = "预期增长", as = "percent", chart = "y" }
---*/
SELECT quadrant, customers, support_share, visit_share, discount_share, margin_share, expansion_share
FROM resource_use
ORDER BY margin_share DESC NULLS LAST, quadrant
