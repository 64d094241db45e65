/*---
title = "Direct sales and partners"
title_zh = "直销与伙伴对比"
note = "Partners taken together. Rates of the bars: customers lost in 12 months, margin, and cost of support, as shares."
note_zh = "伙伴合并计算；柱形为近 12 个月客户流失率、毛利率和支持成本占比。"
chart = "bars"
[columns]
channel = { en = "Channel", zh = "渠道", as = "word", chart = "x" }
channels = { en = "Channels", zh = "渠道数", as = "count" }
customers = { en = "Customers", zh = "客户数", as = "count" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
churn_rate_12m = { en = "Customers lost", zh = "客户流失率", as = "percent", chart = "y" }
margin_rate_12m = { en = "Margin", zh = "毛利率", as = "percent", chart = "y" }
service_share = { en = "Cost of support", zh = "支持成本占比", as = "percent", chart = "y" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money" }
expected_expansion = { en = "Expected growth", zh = "180 天预期增长", as = "money" }
complaints_12m = { en = "Complaints", zh = "投诉", as = "count" }
---*/
SELECT
    CASE WHEN channel = 'direct' THEN 'direct' ELSE 'partners' END AS channel,
    COUNT(*) AS channels,
    SUM(customers) AS customers,
    SUM(revenue_12m) AS revenue_12m,
    CAST(SUM(churned_12m) FILTER (WHERE churn_rate_12m IS NOT NULL) AS DOUBLE)
        / NULLIF(SUM(customers_year_ago) FILTER (WHERE churn_rate_12m IS NOT NULL), 0) AS churn_rate_12m,
    CAST(SUM(margin_12m) AS DOUBLE) / NULLIF(CAST(SUM(revenue_12m) AS DOUBLE), 0) AS margin_rate_12m,
    CAST(SUM(cost_to_serve_12m) AS DOUBLE)
        / NULLIF(CAST(SUM(revenue_12m) FILTER (WHERE cost_to_serve_12m IS NOT NULL) AS DOUBLE), 0) AS service_share,
    SUM(value_at_risk) AS value_at_risk,
    SUM(expected_expansion) AS expected_expansion,
    SUM(complaints_12m) AS complaints_12m
FROM channel_figures
GROUP BY 1
ORDER BY 1
