/*---
title = "What moved the yearly value, month by month"
title_zh = "年化经常性金额变动（按月）"
note = "Bars to the right added to it, bars to the left took from it. The last row runs until the day of the report if its month is not over."
note_zh = "向右为增加，向左为减少；最后一个月若未结束，截至报告日。"
chart = "stacked"
[columns]
month = { en = "Month", zh = "月份", as = "month", chart = "x" }
yearly_value_before = { en = "At its beginning", zh = "期初", as = "money" }
new_value = { en = "New customers", zh = "新客户", as = "money", chart = "y" }
expansion_value = { en = "Growth", zh = "老客户增长", as = "money", chart = "y" }
contraction_value = { en = "Shrinking", zh = "老客户缩减", as = "money", chart = "y" }
lost_value = { en = "Customers lost", zh = "客户流失", as = "money", chart = "y" }
net = { en = "All together", zh = "净变动", as = "money" }
yearly_value = { en = "At its end", zh = "期末", as = "money" }
---*/
SELECT
    month,
    yearly_value_before,
    new_value,
    expansion_value,
    contraction_value,
    lost_value,
    yearly_value - yearly_value_before AS net,
    yearly_value
FROM company_months
-- The newest 12, whether the last of them is over or not.
WHERE month > (SELECT MAX(month) FROM company_months) - INTERVAL '12 months'
ORDER BY month
