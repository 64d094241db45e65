/*---
title = "The largest channels: do their customers stay, and what is left?"
title_zh = "主要渠道：客户留存与收益"
note = "The 25 with the most revenue. Rates of partners with few customers swing widely: one customer of five is 20 %."
note_zh = "按开票额取前 25。客户少的伙伴比率波动很大：5 家中流失 1 家即为 20%。"
chart = "bars"
[columns]
channel = { en = "Channel", zh = "渠道", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
churned_12m = { en = "Lost", zh = "流失客户", as = "count" }
churn_rate_12m = { en = "Customers lost", zh = "客户流失率", as = "percent", chart = "y" }
nrr_12m = { en = "NRR", zh = "净收入留存率 NRR", as = "percent", help = "Yearly value now of those in force a year ago, over their value then", help_zh = "一年前在约客户的当前年化金额 / 当时年化金额" }
margin_rate_12m = { en = "Margin", zh = "毛利率", as = "percent" }
in_time_rate = { en = "Answered in time", zh = "响应达标率", as = "percent" }
collection_days = { en = "Days to collect", zh = "应收周转天数", as = "days" }
mean_health_score = { en = "Health", zh = "平均健康度", as = "score" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money" }
---*/
SELECT
    channel,
    customers,
    revenue_12m,
    churned_12m,
    churn_rate_12m,
    nrr_12m,
    margin_rate_12m,
    in_time_rate,
    collection_days,
    mean_health_score,
    value_at_risk
FROM channel_figures
ORDER BY revenue_12m DESC, channel
LIMIT 25
