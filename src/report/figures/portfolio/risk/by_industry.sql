/*---
title = "Which industries may lose most within 90 days"
title_zh = "各行业 90 天预计流失"
note = "Margin of a year expected to leave, with its 95 % interval; where customers are few the interval is wide, and begins at nothing."
note_zh = "预计流失的年毛利及 95% 区间；客户少时区间很宽，下限可为 0。"
chart = "bars"
[columns]
industry = { en = "Industry", zh = "行业", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
expected_churners = { en = "Expected to leave", zh = "预计流失客户", as = "number" }
churners_low = { en = "At least", zh = "客户数下限", as = "number" }
churners_high = { en = "At most", zh = "客户数上限", as = "number" }
value_at_risk = { en = "Margin expected to be lost", zh = "预计流失毛利", as = "money", chart = "y" }
value_at_risk_low = { en = "Low end", zh = "金额下限", as = "money", chart = "low" }
value_at_risk_high = { en = "High end", zh = "金额上限", as = "money", chart = "high" }
---*/
SELECT
    group_name AS industry,
    customers,
    expected_churners,
    churners_low,
    churners_high,
    value_at_risk,
    value_at_risk_low,
    value_at_risk_high
FROM risk_summary
WHERE group_kind = 'industry'
ORDER BY value_at_risk DESC NULLS LAST, group_name
LIMIT 20
