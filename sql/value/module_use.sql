/*---
description = "Modules that a customer has, and how it uses each: one row per customer and module that a contract in force names or that it used within a year; of those who left, too."
grain = ["customer_id", "module"]
tags = ["usage"]
[columns]
is_named = { type = "bool", null = false, description = "A contract in force names the module" }
module_users = { type = "int", description = "Users under contract for this module; null where contracts say no number for it" }
is_core = { type = "bool", description = "The module is core; null where the list of modules does not have it" }
used_28d = { type = "bool", description = "Somebody logged in to it in the last 4 weeks" }
logins_91d = { type = "int", description = "Logins in the last 13 weeks" }
logins_91d_before = { type = "int", description = "Logins in the 13 weeks before these" }
active_users_91d = { type = "double", description = "Users in a usual report of the last 13 weeks; null where nothing of the customer was reported" }
active_users_91d_before = { type = "double", description = "Users in a usual report of the 13 weeks before" }
last_used_on = { type = "date", description = "Last day that somebody logged in to it, of the last year" }
idle_days = { type = "int", description = "Days from then to the newest day that anybody's use was reported" }
fell_idle = { type = "bool", description = "In steady use in the 13 weeks before the last 13, and opened by nobody for $core_idle_days days, or for as long as its reports are apart" }
---*/
-- Idle is counted to the newest day anybody's use was reported, not to the as-of day: reports come late, and a week's
-- report stands on its last day. Counted so, 7 days are a whole week without a login where reports come by the day or by
-- the week. Where they are further apart (every month), the usual distance between two is no idleness either.
-- A module that nobody opens is reported no more: the busiest one tells how often reports came, and a usual report is one
-- of these, with nobody in it where the module is missing.
WITH named AS (
    -- The number of users as in contract_features: parts and renewals repeat it, later additions add to it.
    SELECT
        customer_id,
        module,
        MAX(licensed_users) FILTER (WHERE contract_type <> 'users')
            + COALESCE(SUM(licensed_users) FILTER (WHERE contract_type = 'users'), 0) AS module_users
    FROM contracts
    WHERE in_force AND module IS NOT NULL
    GROUP BY customer_id, module
),
used AS (
    SELECT
        customer_id,
        lower(module) AS module,
        SUM(logins_28d) AS logins_28d,
        SUM(logins_91d) AS logins_91d,
        SUM(logins_91d_before) AS logins_91d_before,
        SUM(users_91d) AS users_91d,
        SUM(users_91d_before) AS users_91d_before,
        MAX(last_used_on) AS last_used_on
    FROM usage_windows
    WHERE last_used_on IS NOT NULL
    GROUP BY customer_id, lower(module)
),
rhythms AS (
    SELECT
        customer_id,
        MAX(reports_91d) AS reports_91d,
        MAX(reports_91d_before) AS reports_91d_before,
        91 / MAX(GREATEST(reports_91d, reports_91d_before, 1)) AS days_between_reports
    FROM usage_windows
    GROUP BY customer_id
),
reported AS (
    SELECT MAX(last_used_on) AS reported_until FROM usage_windows
),
had AS (
    SELECT
        COALESCE(named.customer_id, used.customer_id) AS customer_id,
        COALESCE(named.module, used.module) AS module,
        named.module IS NOT NULL AS is_named,
        named.module_users,
        used.* EXCEPT (customer_id, module)
    FROM named
    FULL JOIN used ON used.customer_id = named.customer_id AND used.module = named.module
)
SELECT
    had.customer_id,
    had.module,
    had.is_named,
    had.module_users,
    modules.is_core,
    had.logins_28d > 0 AS used_28d,
    had.logins_91d,
    had.logins_91d_before,
    CAST(COALESCE(had.users_91d, 0) AS DOUBLE) / NULLIF(rhythms.reports_91d, 0) AS active_users_91d,
    CAST(COALESCE(had.users_91d_before, 0) AS DOUBLE) / NULLIF(rhythms.reports_91d_before, 0) AS active_users_91d_before,
    had.last_used_on,
    reported.reported_until - had.last_used_on AS idle_days,
    had.logins_91d_before >= $steady_logins_13w
        AND reported.reported_until - had.last_used_on >= GREATEST($core_idle_days, rhythms.days_between_reports)
        AS fell_idle
FROM had
CROSS JOIN reported
LEFT JOIN modules ON modules.module = had.module
LEFT JOIN rhythms ON rhythms.customer_id = had.customer_id
