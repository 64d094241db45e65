/*---
description = "How much of the product a customer in force uses, and whether that is falling."
grain = ["customer_id"]
tags = ["usage"]
[columns]
logins_28d = { unit = "number", group = "size", description = "Logins in the last 4 weeks", description_zh = "近 4 周登录次数" }
logins_91d = { unit = "number", group = "size", description = "Logins in the last 13 weeks", description_zh = "近 13 周登录次数" }
logins_trend_28d = { unit = "change", group = "use_trend",
    phrase = "Logins in 4 weeks", description = "Change of logins, last 4 weeks against the 4 before",
    phrase_zh = "近 4 周登录次数环比", description_zh = "近 4 周登录次数环比变化" }
logins_trend_91d = { unit = "change", group = "use_trend",
    phrase = "Logins in 13 weeks", description = "Change of logins, last 13 weeks against the 13 before",
    phrase_zh = "近 13 周登录次数环比", description_zh = "近 13 周登录次数环比变化" }
logins_trend_182d = { unit = "change", group = "use_trend",
    phrase = "Logins in half a year", description = "Change of logins, last half year against the half year before",
    phrase_zh = "近半年登录次数环比", description_zh = "近半年登录次数环比变化" }
transactions_91d = { unit = "number", group = "size", description = "Transactions in the last 13 weeks", description_zh = "近 13 周业务单据数" }
transactions_trend_91d = { unit = "change", group = "use_trend",
    phrase = "Transactions in 13 weeks", description = "Change of transactions, last 13 weeks against the 13 before",
    phrase_zh = "近 13 周业务单据数环比", description_zh = "近 13 周业务单据数环比变化" }
active_users_28d = { unit = "number", group = "size",
    phrase = "Usual users in 4 weeks", description = "Usual number of users of the busiest module, last 4 weeks",
    phrase_zh = "近 4 周平均活跃用户数", description_zh = "近 4 周最常用模块的平均活跃用户数" }
active_users_91d = { unit = "number", group = "size",
    phrase = "Usual users in 13 weeks", description = "Usual number of users of the busiest module, last 13 weeks",
    phrase_zh = "近 13 周平均活跃用户数", description_zh = "近 13 周最常用模块的平均活跃用户数" }
active_users_trend_91d = { unit = "change", group = "use_trend",
    phrase = "Users in 13 weeks", description = "Change of users, last 13 weeks against the 13 before",
    phrase_zh = "近 13 周活跃用户数环比", description_zh = "近 13 周活跃用户数环比变化" }
modules_used_28d = { unit = "number", group = "use", description = "Modules used in the last 4 weeks", description_zh = "近 4 周使用的模块数" }
core_users_28d = { unit = "number", group = "size",
    phrase = "Usual users of a core module in 4 weeks", description = "Usual number of users of a core module, last 4 weeks",
    phrase_zh = "近 4 周核心模块平均活跃用户数", description_zh = "近 4 周每个核心模块的平均活跃用户数" }
modules_dropped_91d = { unit = "number", group = "use_trend",
    phrase = "Modules no longer used", description = "Modules used in the 13 weeks before, and no more in the last 4",
    phrase_zh = "近 4 周停用的模块数", description_zh = "此前 13 周使用过、近 4 周停用的模块数" }
days_since_use = { unit = "days", group = "use_trend",
    phrase = "Since anybody last logged in", description = "Days since anybody last logged in",
    phrase_zh = "距最近一次登录", description_zh = "距最近一次登录的天数" }
---*/
WITH by_customer AS (
    SELECT
        customer_id,
        SUM(logins_28d) AS logins_28d,
        SUM(logins_28d_before) AS logins_28d_before,
        SUM(logins_91d) AS logins_91d,
        SUM(logins_91d_before) AS logins_91d_before,
        SUM(logins_182d) AS logins_182d,
        SUM(logins_182d_before) AS logins_182d_before,
        SUM(transactions_91d) AS transactions_91d,
        SUM(transactions_91d_before) AS transactions_91d_before,
        -- The same people work in several modules: the busiest one is nearest to the number of heads.
        MAX(CAST(users_28d AS DOUBLE) / NULLIF(reports_28d, 0)) AS active_users_28d,
        MAX(CAST(users_91d AS DOUBLE) / NULLIF(reports_91d, 0)) AS active_users_91d,
        MAX(CAST(users_91d_before AS DOUBLE) / NULLIF(reports_91d_before, 0)) AS active_users_91d_before,
        MAX(last_used_on) AS last_used_on
    FROM usage_windows
    GROUP BY customer_id
),
by_module AS (
    SELECT
        customer_id,
        lower(module) AS module,
        SUM(logins_28d) AS logins_28d,
        SUM(logins_91d_before) AS logins_91d_before,
        SUM(users_28d) AS users_28d,
        MAX(reports_28d) AS reports_28d,
        MAX(last_used_on) AS last_used_on
    FROM usage_windows
    GROUP BY customer_id, lower(module)
),
breadth AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE logins_28d > 0) AS modules_used_28d,
        COUNT(*) FILTER (WHERE logins_28d = 0 AND logins_91d_before > 0) AS modules_dropped_91d,
        SUM(users_28d) FILTER (WHERE is_core) AS core_users,
        COUNT(*) FILTER (WHERE is_core AND last_used_on IS NOT NULL) AS core_modules,
        -- A module that nobody opens any more is reported no more: the busiest one tells how often reports came.
        MAX(reports_28d) AS reports
    FROM by_module
    LEFT JOIN modules ON modules.module = by_module.module
    GROUP BY customer_id
),
-- Who has a tenant and does not appear has used nothing; who has no tenant is unknown. And so is everybody where usage
-- is not reported at all, or was not yet.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'product' AND (SELECT COUNT(*) FROM usage_windows) > 0
)
SELECT
    customers.customer_id,
    COALESCE(logins_28d, 0) AS logins_28d,
    COALESCE(logins_91d, 0) AS logins_91d,
    CAST(logins_28d AS DOUBLE) / NULLIF(logins_28d_before, 0) - 1 AS logins_trend_28d,
    CAST(logins_91d AS DOUBLE) / NULLIF(logins_91d_before, 0) - 1 AS logins_trend_91d,
    CAST(logins_182d AS DOUBLE) / NULLIF(logins_182d_before, 0) - 1 AS logins_trend_182d,
    COALESCE(transactions_91d, 0) AS transactions_91d,
    CAST(transactions_91d AS DOUBLE) / NULLIF(transactions_91d_before, 0) - 1 AS transactions_trend_91d,
    COALESCE(active_users_28d, 0) AS active_users_28d,
    COALESCE(active_users_91d, 0) AS active_users_91d,
    COALESCE(active_users_91d, 0) / NULLIF(active_users_91d_before, 0) - 1 AS active_users_trend_91d,
    CASE WHEN core_modules > 0 THEN COALESCE(CAST(core_users AS DOUBLE) / NULLIF(core_modules * reports, 0), 0)
         -- Nothing was used in a year, and that includes what is core.
         WHEN core_modules IS NULL AND (SELECT COUNT(*) FROM modules) > 0 THEN 0.0 END AS core_users_28d,
    COALESCE(modules_used_28d, 0) AS modules_used_28d,
    COALESCE(modules_dropped_91d, 0) AS modules_dropped_91d,
    $as_of_date - last_used_on AS days_since_use
FROM customers_in_force AS customers
JOIN linked ON linked.customer_id = customers.customer_id
LEFT JOIN by_customer ON by_customer.customer_id = customers.customer_id
LEFT JOIN breadth ON breadth.customer_id = customers.customer_id
