/*---
title = "Retention by year of the first contract"
title_zh = "按首签年份的留存"
note = "Of the yearly value a year ago, what is still there: with growth (NRR), and without (GRR). Nothing is said where nobody of the group was a customer then."
note_zh = "一年前年化金额中仍保有的比例：NRR 含增长，GRR 不含；当时无客户则为空。"
chart = "bars"
[columns]
cohort = { en = "First contract", zh = "首签年份", as = "text", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
nrr_12m = { en = "NRR", zh = "NRR", as = "percent", chart = "y" }
grr_12m = { en = "GRR", zh = "GRR", as = "percent", chart = "y" }
logo_churn_rate_12m = { en = "Customers lost", zh = "客户流失率", as = "percent" }
margin_rate = { en = "Margin", zh = "毛利率", as = "percent" }
renewal_rate_12m = { en = "Renewed", zh = "续约率", as = "percent", help = "Of the contracts that came up in 12 months, by yearly value before", help_zh = "近 12 个月到期合同按到期前年化金额" }
nps = { en = "NPS", zh = "NPS", as = "score" }
---*/
SELECT
    group_name AS cohort,
    customers,
    revenue_12m,
    nrr_12m,
    grr_12m,
    logo_churn_rate_12m,
    margin_rate,
    renewal_rate_12m,
    nps
FROM company_figures
WHERE group_kind = 'cohort'
ORDER BY group_name
LIMIT 25
