/*---
title = "Modules: users against licences"
title_zh = "各模块活跃用户与签约用户"
note = "Active: users in a usual week of the last 13. Where an agreement covers several modules, its licences are for all of them together, and not everybody needs every module."
note_zh = "活跃用户为近 13 周的一般周用户数。一份合同包含多个模块时，签约用户为合计，并非每人都需使用每个模块。"
chart = "bars"
empty = "We do not know yet which modules you work with."
empty_zh = "暂无贵司各模块的使用数据。"
[columns]
module = { en = "Module", zh = "模块", as = "word", chart = "x" }
licensed_users = { en = "Licensed users", zh = "签约用户", as = "count", chart = "y" }
active_users = { en = "Active", zh = "活跃用户", as = "count", chart = "y" }
active_share = { en = "of licensed", zh = "占签约", as = "percent" }
quarter_before = { en = "Quarter before", zh = "上一季度", as = "count" }
year_before = { en = "Year before", zh = "去年同期", as = "count" }
logins_trend = { en = "Logins, to the quarter before", zh = "登录次数环比", as = "change" }
last_used_on = { en = "Last used", zh = "最近使用", as = "date" }
---*/
SELECT
    now.module,
    now.licensed_users,
    CAST(round(now.active_users_91d) AS BIGINT) AS active_users,
    now.active_share,
    CAST(round(now.active_users_91d_before) AS BIGINT) AS quarter_before,
    CAST(round(past.active_users_91d) AS BIGINT) AS year_before,
    now.logins_trend_91d AS logins_trend,
    now.last_used_on
FROM customer_modules AS now
LEFT JOIN history.customer_modules AS past
    ON past.customer_id = now.customer_id AND past.module = now.module AND past.months_ago = 12
WHERE now.customer_id = $customer
ORDER BY now.active_users_91d DESC NULLS LAST, now.module
