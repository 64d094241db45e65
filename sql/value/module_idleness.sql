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
-- module_use says how idle days are counted, and since when a module is idle.
-- Who has no core module in steady use has no row: nothing can fall idle. A module given up long ago is no news: it is
-- forgotten once the 13 weeks before hold no use of it any more.
WITH steady AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY last_used_on, module) AS nth
    FROM module_use
    WHERE is_core AND logins_91d_before >= $steady_logins_13w
)
SELECT
    customers.customer_id,
    COUNT(*) AS core_modules_in_use,
    MAX(steady.idle_days) AS core_module_idle_days,
    COUNT(*) FILTER (WHERE steady.fell_idle) AS core_modules_idle,
    MAX(steady.module) FILTER (WHERE steady.fell_idle AND steady.nth = 1) AS idle_core_module
FROM customers_in_force AS customers
JOIN steady ON steady.customer_id = customers.customer_id
GROUP BY customers.customer_id
