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
-- First by period, then by window: the many rows are added into five columns, not into fifteen.
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
by_period AS (
    SELECT
        tenant_id,
        module,
        period,
        SUM(logins) AS logins,
        SUM(transactions) AS transactions,
        SUM(active_users) AS users,
        COUNT(*) AS reports,
        MAX(CASE WHEN logins > 0 THEN usage_date END) AS last_used_on
    FROM cleaned
    GROUP BY tenant_id, module, period
),
added AS (
    SELECT
        tenant_id,
        module,
        COALESCE(SUM(logins) FILTER (WHERE period = 1), 0) AS logins_28d,
        COALESCE(SUM(logins) FILTER (WHERE period = 2), 0) AS logins_28d_before,
        COALESCE(SUM(logins) FILTER (WHERE period <= 3), 0) AS logins_91d,
        COALESCE(SUM(logins) FILTER (WHERE period = 4), 0) AS logins_91d_before,
        COALESCE(SUM(logins) FILTER (WHERE period <= 4), 0) AS logins_182d,
        COALESCE(SUM(logins) FILTER (WHERE period = 5), 0) AS logins_182d_before,
        COALESCE(SUM(transactions) FILTER (WHERE period = 1), 0) AS transactions_28d,
        COALESCE(SUM(transactions) FILTER (WHERE period <= 3), 0) AS transactions_91d,
        COALESCE(SUM(transactions) FILTER (WHERE period = 4), 0) AS transactions_91d_before,
        SUM(users) FILTER (WHERE period = 1) AS users_28d,
        COALESCE(SUM(reports) FILTER (WHERE period = 1), 0) AS reports_28d,
        SUM(users) FILTER (WHERE period <= 3) AS users_91d,
        COALESCE(SUM(reports) FILTER (WHERE period <= 3), 0) AS reports_91d,
        SUM(users) FILTER (WHERE period = 4) AS users_91d_before,
        COALESCE(SUM(reports) FILTER (WHERE period = 4), 0) AS reports_91d_before,
        MAX(last_used_on) AS last_used_on
    FROM by_period
    GROUP BY tenant_id, module
)
SELECT
    identities.customer_id,
    added.*
FROM added
JOIN identities ON identities.source_system = 'product' AND identities.source_id = lower(added.tenant_id)
