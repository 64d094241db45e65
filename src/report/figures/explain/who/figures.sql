/*---
title = "In figures"
title_zh = "主要数字"
note = "Money is of 12 months; users are those of the busiest module in a usual week of the quarter."
note_zh = "金额为近 12 个月；活跃用户为近一季度最常用模块的一般周用户数。"
[columns]
revenue_12m = { en = "Billed", zh = "开票额", as = "money" }
value_in_force = { en = "Yearly value", zh = "合同年化金额", as = "money" }
licensed_users = { en = "Users licensed", zh = "签约用户", as = "count" }
active_users = { en = "Active", zh = "活跃用户", as = "count" }
health_score = { en = "Health", zh = "健康度", as = "score" }
health_band = { en = "Band", zh = "健康等级", as = "word" }
nps = { en = "NPS mark", zh = "推荐意愿", as = "count" }
first_end_on = { en = "Next end", zh = "最近到期", as = "date" }
---*/
SELECT
    revenue_12m,
    value_in_force,
    licensed_users,
    CAST(round(active_users) AS BIGINT) AS active_users,
    health_score,
    health_band,
    nps,
    first_end_on
FROM customer_snapshot
WHERE customer_id = $customer
