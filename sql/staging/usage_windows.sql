/*---
description = "A year of usage added up: one row per tenant and module, with the customer it belongs to."
grain = ["tenant_id", "module"]
materialized = "table"
tags = ["usage"]
---*/
-- Usage has a hundred times the rows of everything else. So it is read once, in one pass, and added up by what the files
-- call a tenant and a module; case, links and customers come after that, on a hundredth of the rows.
-- Windows are whole weeks, so that one holds the same number of rows as the next where usage is reported by week.
-- The newest day a run can know is the day before yesterday: the last 4 weeks are the 28 days up to that.
-- Rows are added up by period, windows are sums of periods: a group is a tenant and a module, not one of each period, and a
-- fifth of the memory is taken.
WITH cleaned AS (
    SELECT
        tenant_id,
        module,
        usage_date,
        CASE WHEN usage_date >= $as_of_date - 29 THEN 1    -- the last 4 weeks
             WHEN usage_date >= $as_of_date - 57 THEN 2    -- the 4 before
             WHEN usage_date >= $as_of_date - 92 THEN 3    -- the rest of the last 13 weeks
             WHEN usage_date >= $as_of_date - 183 THEN 4   -- the 13 before
             ELSE 5 END AS period,                         -- the 26 before these
        -- A counter cannot run backwards.
        CASE WHEN active_users < 0 THEN 0 ELSE active_users END AS active_users,
        CASE WHEN logins < 0 THEN 0 ELSE logins END AS logins,
        CASE WHEN transactions < 0 THEN 0 ELSE transactions END AS transactions
    FROM product_usage
    WHERE usage_date >= $as_of_date - 365
),
added AS (
    SELECT
        tenant_id,
        module,
        COALESCE(SUM(logins) FILTER (WHERE period = 1), 0) AS logins_1,
        COALESCE(SUM(logins) FILTER (WHERE period = 2), 0) AS logins_2,
        COALESCE(SUM(logins) FILTER (WHERE period = 3), 0) AS logins_3,
        COALESCE(SUM(logins) FILTER (WHERE period = 4), 0) AS logins_4,
        COALESCE(SUM(logins) FILTER (WHERE period = 5), 0) AS logins_5,
        COALESCE(SUM(transactions) FILTER (WHERE period = 1), 0) AS transactions_1,
        COALESCE(SUM(transactions) FILTER (WHERE period IN (2, 3)), 0) AS transactions_23,
        COALESCE(SUM(transactions) FILTER (WHERE period = 4), 0) AS transactions_4,
        -- Null where nobody reported users, which is not 0.
        SUM(active_users) FILTER (WHERE period = 1) AS users_1,
        SUM(active_users) FILTER (WHERE period IN (2, 3)) AS users_23,
        SUM(active_users) FILTER (WHERE period = 4) AS users_4,
        COUNT(*) FILTER (WHERE period = 1) AS reports_1,
        COUNT(*) FILTER (WHERE period IN (2, 3)) AS reports_23,
        COUNT(*) FILTER (WHERE period = 4) AS reports_4,
        MAX(usage_date) FILTER (WHERE logins > 0) AS last_used_on
    FROM cleaned
    GROUP BY tenant_id, module
)
SELECT
    identities.customer_id,
    added.tenant_id,
    added.module,
    logins_1 AS logins_28d,
    logins_2 AS logins_28d_before,
    logins_1 + logins_2 + logins_3 AS logins_91d,
    logins_4 AS logins_91d_before,
    logins_1 + logins_2 + logins_3 + logins_4 AS logins_182d,
    logins_5 AS logins_182d_before,
    transactions_1 AS transactions_28d,
    transactions_1 + transactions_23 AS transactions_91d,
    transactions_4 AS transactions_91d_before,
    users_1 AS users_28d,
    reports_1 AS reports_28d,
    COALESCE(users_1 + users_23, users_1, users_23) AS users_91d,
    reports_1 + reports_23 AS reports_91d,
    users_4 AS users_91d_before,
    reports_4 AS reports_91d_before,
    last_used_on
FROM added
JOIN identities ON identities.source_system = 'product' AND identities.source_id = lower(added.tenant_id)
