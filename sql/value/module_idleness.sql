/*---
description = "Core modules of a customer in force that were in steady use, and that nobody has opened lately."
grain = ["customer_id"]
tags = ["usage"]
[columns]
core_modules_in_use = { type = "int", description = "Core modules in steady use in the 13 weeks before the last 13" }
core_module_idle_days = { type = "int", description = "Longest time without a login among these modules, in days" }
core_modules_idle = { type = "int", description = "How many of these nobody has used for $core_idle_days days, or for as long as its reports are apart" }
idle_core_module = { type = "text", description = "The one that has been idle longest, if any is" }
---*/
-- Idle is counted to the newest day anybody's use was reported, not to the as-of day: reports come late, and a week's
-- report stands on its last day. Counted so, 7 days are a whole week without a login where reports come by the day or by
-- the week. Where they are further apart (every month), the usual distance between two is no idleness either.
-- Who has no core module in steady use has no row: nothing can fall idle. A module given up long ago is no news: it is
-- forgotten once the 13 weeks before hold no use of it any more.
WITH reported AS (
    SELECT MAX(last_used_on) AS reported_until FROM usage_windows
),
rhythms AS (
    -- A module that nobody opens is reported no more: the busiest one tells how often reports come.
    SELECT customer_id, 91 / MAX(GREATEST(reports_91d, reports_91d_before, 1)) AS days_between_reports
    FROM usage_windows
    GROUP BY customer_id
),
used AS (
    SELECT
        usage.customer_id,
        modules.module,
        SUM(usage.logins_91d_before) AS logins_before,
        MAX(usage.last_used_on) AS last_used_on
    FROM usage_windows AS usage
    JOIN modules ON modules.module = lower(usage.module)
    WHERE modules.is_core
    GROUP BY usage.customer_id, modules.module
),
idle AS (
    SELECT
        used.customer_id,
        used.module,
        reported.reported_until - used.last_used_on AS idle_days,
        reported.reported_until - used.last_used_on >= GREATEST($core_idle_days, rhythms.days_between_reports) AS is_idle,
        ROW_NUMBER() OVER (PARTITION BY used.customer_id ORDER BY used.last_used_on, used.module) AS nth
    FROM used
    JOIN rhythms ON rhythms.customer_id = used.customer_id
    CROSS JOIN reported
    WHERE used.logins_before >= $steady_logins_13w
)
SELECT
    customers.customer_id,
    COUNT(*) AS core_modules_in_use,
    MAX(idle.idle_days) AS core_module_idle_days,
    COUNT(*) FILTER (WHERE idle.is_idle) AS core_modules_idle,
    MAX(idle.module) FILTER (WHERE idle.is_idle AND idle.nth = 1) AS idle_core_module
FROM customers_in_force AS customers
JOIN idle ON idle.customer_id = customers.customer_id
GROUP BY customers.customer_id
