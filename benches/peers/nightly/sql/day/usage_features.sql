-- Of a year, by pair of tenant and module (usage.py says which slices make which window).
CREATE OR REPLACE TEMP TABLE usage_windows AS
WITH added AS (
    $windows
)
SELECT cust, module, is_core, added.* EXCLUDE (k)
FROM added
JOIN tenants ON ti = k // $modules
JOIN ident USING (sid)
JOIN used_modules ON mi = k % $modules;

CREATE OR REPLACE TEMP TABLE usage_features AS
WITH by_customer AS (
    SELECT
        cust,
        sum(logins_28d) AS logins_28d,
        sum(logins_28d_before) AS logins_28d_before,
        sum(logins_91d) AS logins_91d,
        sum(logins_91d_before) AS logins_91d_before,
        sum(logins_91d + logins_91d_before) AS logins_182d,
        sum(logins_182d_before) AS logins_182d_before,
        sum(transactions_91d) AS transactions_91d,
        sum(transactions_91d_before) AS transactions_91d_before,
        max(users_28d::DOUBLE / nullif(reports_28d, 0)) AS active_users_28d,
        max(users_91d::DOUBLE / nullif(reports_91d, 0)) AS active_users_91d,
        max(users_91d_before::DOUBLE / nullif(reports_91d_before, 0)) AS active_users_91d_before,
        max(last_used_on) AS last_used_on
    FROM usage_windows
    GROUP BY cust
),
by_module AS (
    SELECT
        cust,
        module,
        any_value(is_core) AS is_core,
        sum(logins_28d) AS logins_28d,
        sum(logins_91d_before) AS logins_91d_before,
        sum(users_28d) AS users_28d,
        max(reports_28d) AS reports_28d,
        max(last_used_on) AS last_used_on
    FROM usage_windows
    GROUP BY cust, module
),
breadth AS (
    SELECT
        cust,
        count(*) FILTER (WHERE logins_28d > 0) AS modules_used_28d,
        count(*) FILTER (WHERE logins_28d = 0 AND logins_91d_before > 0) AS modules_dropped_91d,
        sum(users_28d) FILTER (WHERE is_core) AS core_users,
        count(*) FILTER (WHERE is_core AND last_used_on IS NOT NULL) AS core_modules,
        max(reports_28d) AS reports
    FROM by_module
    GROUP BY cust
),
linked AS (
    SELECT DISTINCT cust FROM ident WHERE system = 'product' AND EXISTS (FROM usage_windows)
)
SELECT
    cust,
    coalesce(logins_28d, 0)::BIGINT AS logins_28d,
    coalesce(logins_91d, 0)::BIGINT AS logins_91d,
    logins_28d::DOUBLE / nullif(logins_28d_before, 0) - 1 AS logins_trend_28d,
    logins_91d::DOUBLE / nullif(logins_91d_before, 0) - 1 AS logins_trend_91d,
    logins_182d::DOUBLE / nullif(logins_182d_before, 0) - 1 AS logins_trend_182d,
    coalesce(transactions_91d, 0)::BIGINT AS transactions_91d,
    transactions_91d::DOUBLE / nullif(transactions_91d_before, 0) - 1 AS transactions_trend_91d,
    coalesce(active_users_28d, 0) AS active_users_28d,
    coalesce(active_users_91d, 0) AS active_users_91d,
    coalesce(active_users_91d, 0) / nullif(active_users_91d_before, 0) - 1 AS active_users_trend_91d,
    CASE WHEN core_modules > 0 THEN coalesce(core_users::DOUBLE / nullif(core_modules * reports, 0), 0)
         WHEN core_modules IS NULL AND EXISTS (FROM core_modules) THEN 0.0 END AS core_users_28d,
    coalesce(modules_used_28d, 0) AS modules_used_28d,
    coalesce(modules_dropped_91d, 0) AS modules_dropped_91d,
    $as_of_date - last_used_on AS days_since_use
FROM linked
LEFT JOIN by_customer USING (cust)
LEFT JOIN breadth USING (cust);
