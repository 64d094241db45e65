/*---
title = "Core and ordinary customers"
title_zh = "核心客户与普通客户"
chart = "bars"
[columns]
group_name = { en = "Group", zh = "分组", as = "word", words = "light_group", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
customer_share = { en = "Share of customers", zh = "客户数占比", as = "percent", chart = "y" }
revenue_share = { en = "Share of revenue", zh = "开票额占比", as = "percent", chart = "y" }
margin_share = { en = "Share of margin", zh = "毛利占比", as = "percent", chart = "y" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
margin_12m = { en = "Margin, 12 months", zh = "近 12 个月毛利", as = "money" }
ending_90d_value = { en = "Ends within 90 days", zh = "90 天内到期金额", as = "money" }
---*/
SELECT
    group_name, customers, customer_share, revenue_share, margin_share, revenue_12m, margin_12m, ending_90d_value
FROM light_summary
ORDER BY group_name
