/*---
title = "Net and gross revenue retention"
title_zh = "净收入留存率与总收入留存率"
note = "Of the yearly value that was in force 12 months before the month's end, what is still there: with the growth of these customers (NRR), and without (GRR)."
note_zh = "月末前 12 个月在约的年化金额中仍保有的比例：NRR 含这些客户的增长，GRR 不含。"
chart = "lines"
[columns]
month = { en = "Month", zh = "月份", as = "month", chart = "x" }
nrr_12m = { en = "NRR", zh = "净收入留存率 NRR", as = "percent", chart = "y" }
grr_12m = { en = "GRR", zh = "总收入留存率 GRR", as = "percent", chart = "y" }
yearly_value = { en = "Yearly value", zh = "年化金额", as = "money" }
billed = { en = "Billed", zh = "当月开票额", as = "money" }
---*/
SELECT month, nrr_12m, grr_12m, yearly_value, billed
FROM company_months
ORDER BY month
