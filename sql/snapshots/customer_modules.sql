/*---
description = "Use against licences: one row per customer in force and module that it has, named in a contract in force or used within a year."
description_zh = "许可与使用对照：每位有效客户拥有的每个模块一行（有效合同中列明，或一年内使用过）。"
grain = ["customer_id", "module"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
module = { type = "text", null = false, description = "The module", description_zh = "模块" }
is_core = { type = "bool", description = "Whether it is core; null where the list of modules does not have it", description_zh = "是否核心模块；模块清单未列为空" }
covered_by = { type = "text", null = false, description = "named: a contract in force names it; suite: a licence or subscription in force that names no module, and may hold it; none: it is used, and no contract in force covers it", description_zh = "授权依据：named（有效合同列明）、suite（有效许可或订阅未列模块，可能包含）、none（在用但无有效合同）" }
licensed_users = { type = "int", description = "Users under contract for it", description_zh = "签约用户数" }
licensed_users_of = { type = "text", description = "Whose number that is: module (contracts say one for the module) or customer (all its users under contract)", description_zh = "该用户数的口径：module（模块合同列明）或 customer（客户全部签约用户）" }
active_users_91d = { type = "double", description = "Users in a usual report of the last 13 weeks; null where its use is not known, here and below", description_zh = "近 13 周平均活跃用户数；使用情况未知为空（下同）" }
active_users_91d_before = { type = "double", description = "The same of the 13 weeks before; null, too, where the lake's usage does not reach so far back", description_zh = "此前 13 周平均活跃用户数；使用数据未覆盖也为空" }
active_share = { type = "double", description = "Active users of the last 13 weeks / users under contract for it; above 1 where more use it than are under contract", description_zh = "近 13 周活跃用户占签约用户的比例；大于 1 为超出签约" }
logins_91d = { type = "int", description = "Logins in the last 13 weeks", description_zh = "近 13 周登录次数" }
logins_91d_before = { type = "int", description = "Logins in the 13 weeks before; null as above", description_zh = "此前 13 周登录次数；空同上" }
logins_trend_91d = { type = "double", description = "Change between the two (0.1 = up 10 %)", description_zh = "近 13 周登录次数环比变化（0.1 即增长 10%）" }
used_28d = { type = "bool", description = "Somebody logged in to it in the last 4 weeks", description_zh = "近 4 周是否使用" }
last_used_on = { type = "date", description = "Last day that somebody logged in to it, of the last year", description_zh = "近一年最后使用日期" }
idle_days = { type = "int", description = "Days from then to the newest day that anybody's use was reported; null if nobody logged in for a year", description_zh = "自最后使用至最新使用报告的天数；一年未用为空" }
fell_idle = { type = "bool", description = "In steady use in the 13 weeks before the last 13, and opened by nobody for $core_idle_days days, or for as long as its reports are apart", description_zh = "此前 13 周稳定使用，现已至少 $core_idle_days 天（或一个上报周期）无人使用" }
---*/
-- Unlike module_holdings, this has what contracts name of a customer whose suite nobody is seen to use: that much is sure.
WITH suites AS (
    SELECT DISTINCT customer_id
    FROM contracts
    WHERE in_force AND module IS NULL AND contract_type IN ('license', 'subscription')
),
-- Use of an earlier half year tells that the lake reaches back beyond both windows of 13 weeks.
reach AS (
    SELECT COALESCE(SUM(logins_182d_before), 0) > 0 AS knows_before FROM usage_windows
),
joined AS (
    SELECT
        held.*,
        suites.customer_id IS NOT NULL AS has_suite,
        -- The features know whose use is reported: there, no login is 0; elsewhere it is unknown.
        features.logins_91d IS NOT NULL AS is_known,
        features.logins_91d IS NOT NULL AND reach.knows_before AS is_known_before,
        COALESCE(held.module_users, features.licensed_users) AS licensed_users
    FROM module_use AS held
    JOIN customer_features AS features ON features.customer_id = held.customer_id
    CROSS JOIN reach
    LEFT JOIN suites ON suites.customer_id = held.customer_id
),
known AS (
    SELECT
        *,
        CASE WHEN is_known THEN COALESCE(active_users_91d, 0.0) END AS active_now,
        CASE WHEN is_known_before THEN COALESCE(active_users_91d_before, 0.0) END AS active_before,
        CASE WHEN is_known THEN COALESCE(logins_91d, 0) END AS logins_now,
        CASE WHEN is_known_before THEN COALESCE(logins_91d_before, 0) END AS logins_before
    FROM joined
)
SELECT
    customer_id,
    module,
    is_core,
    CASE WHEN is_named THEN 'named' WHEN has_suite THEN 'suite' ELSE 'none' END AS covered_by,
    licensed_users,
    CASE WHEN module_users IS NOT NULL THEN 'module' WHEN licensed_users IS NOT NULL THEN 'customer' END
        AS licensed_users_of,
    active_now AS active_users_91d,
    active_before AS active_users_91d_before,
    active_now / licensed_users AS active_share,
    logins_now AS logins_91d,
    logins_before AS logins_91d_before,
    CAST(logins_now AS DOUBLE) / NULLIF(logins_before, 0) - 1 AS logins_trend_91d,
    CASE WHEN is_known THEN COALESCE(used_28d, FALSE) END AS used_28d,
    last_used_on,
    idle_days,
    CASE WHEN is_known THEN COALESCE(fell_idle, FALSE) END AS fell_idle
FROM known
