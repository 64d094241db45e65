/*---
title = "Customers lost and won"
title_zh = "客户流失与新增"
note = "The line: customers lost in the 12 months to the month's end, as a share of those in force before."
note_zh = "曲线为截至当月末近 12 个月流失客户占期初客户的比例。"
chart = "lines"
[columns]
month = { en = "Month", zh = "月份", as = "month", chart = "x" }
logo_churn_12m = { en = "Customers lost, 12 months", zh = "近 12 个月客户流失率", as = "percent", chart = "y" }
new_customers = { en = "Won in the month", zh = "当月新增", as = "count" }
lost_customers = { en = "Lost in the month", zh = "当月流失", as = "count" }
customers_in_force = { en = "In force at its end", zh = "月末在约客户", as = "count" }
answered_in_time_share = { en = "Tickets answered in time", zh = "响应达标率", as = "percent" }
nps = { en = "NPS", zh = "净推荐值 NPS", as = "score" }
---*/
SELECT month, logo_churn_12m, new_customers, lost_customers, customers_in_force, answered_in_time_share, nps
FROM company_months
ORDER BY month
