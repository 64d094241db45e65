/*---
description = "The modules of customer_modules are as many as customer_money and customer_signals count: had, core, named in contracts, used, idle."
---*/
WITH counted AS (
    SELECT
        customer_id,
        COUNT(*) AS held,
        COUNT(*) FILTER (WHERE is_core) AS core,
        COUNT(*) FILTER (WHERE covered_by = 'named') AS named,
        COUNT(*) FILTER (WHERE covered_by = 'named' AND is_core) AS core_named,
        COUNT(*) FILTER (WHERE used_28d) AS used,
        COUNT(*) FILTER (WHERE fell_idle AND is_core) AS core_idle
    FROM customer_modules
    GROUP BY customer_id
)
SELECT
    COALESCE(money.customer_id, counted.customer_id) AS customer_id,
    counted.held,
    money.modules_held,
    counted.core,
    money.core_modules_held,
    counted.named,
    money.modules_in_force,
    counted.used,
    money.module_adoption,
    counted.core_idle,
    signals.core_modules_idle
FROM customer_money AS money
FULL JOIN counted ON counted.customer_id = money.customer_id
LEFT JOIN customer_signals AS signals ON signals.customer_id = money.customer_id
WHERE money.customer_id IS NULL
   OR COALESCE(counted.held, 0) <> money.modules_held
   OR COALESCE(counted.core, 0) <> money.core_modules_held
   OR COALESCE(counted.named, 0) <> money.modules_in_force
   OR COALESCE(counted.core_named, 0) <> money.core_modules_in_force
   OR (money.module_adoption IS DISTINCT FROM CASE WHEN money.modules_held IS NOT NULL
                                                   THEN CAST(counted.used AS DOUBLE) / counted.held END)
   OR COALESCE(counted.core_idle, 0) <> COALESCE(signals.core_modules_idle, 0)
