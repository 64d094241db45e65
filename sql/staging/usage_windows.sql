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
WITH cleaned AS (
    SELECT
        tenant_id,
        module,
        usage_date,
        -- A counter cannot run backwards.
        CASE WHEN active_users < 0 THEN 0 ELSE active_users END AS active_users,
        CASE WHEN logins < 0 THEN 0 ELSE logins END AS logins,
        CASE WHEN transactions < 0 THEN 0 ELSE transactions END AS transactions
    FROM product_usage
),
added AS (
    SELECT
        tenant_id,
        module,
        COALESCE(SUM(logins) FILTER (WHERE usage_date >= $as_of_date - 29), 0) AS logins_28d,
        COALESCE(SUM(logins) FILTER (WHERE usage_date < $as_of_date - 29 AND usage_date >= $as_of_date - 57), 0)
            AS logins_28d_before,
        COALESCE(SUM(logins) FILTER (WHERE usage_date >= $as_of_date - 92), 0) AS logins_91d,
        COALESCE(SUM(logins) FILTER (WHERE usage_date < $as_of_date - 92 AND usage_date >= $as_of_date - 183), 0)
            AS logins_91d_before,
        COALESCE(SUM(logins) FILTER (WHERE usage_date >= $as_of_date - 183), 0) AS logins_182d,
        COALESCE(SUM(logins) FILTER (WHERE usage_date < $as_of_date - 183), 0) AS logins_182d_before,
        COALESCE(SUM(transactions) FILTER (WHERE usage_date >= $as_of_date - 29), 0) AS transactions_28d,
        COALESCE(SUM(transactions) FILTER (WHERE usage_date >= $as_of_date - 92), 0) AS transactions_91d,
        COALESCE(SUM(transactions) FILTER (WHERE usage_date < $as_of_date - 92 AND usage_date >= $as_of_date - 183), 0)
            AS transactions_91d_before,
        SUM(active_users) FILTER (WHERE usage_date >= $as_of_date - 29) AS users_28d,
        COUNT(*) FILTER (WHERE usage_date >= $as_of_date - 29) AS reports_28d,
        SUM(active_users) FILTER (WHERE usage_date >= $as_of_date - 92) AS users_91d,
        COUNT(*) FILTER (WHERE usage_date >= $as_of_date - 92) AS reports_91d,
        SUM(active_users) FILTER (WHERE usage_date < $as_of_date - 92 AND usage_date >= $as_of_date - 183)
            AS users_91d_before,
        COUNT(*) FILTER (WHERE usage_date < $as_of_date - 92 AND usage_date >= $as_of_date - 183)
            AS reports_91d_before,
        MAX(usage_date) FILTER (WHERE logins > 0) AS last_used_on
    FROM cleaned
    WHERE usage_date >= $as_of_date - 365
    GROUP BY tenant_id, module
)
SELECT
    identities.customer_id,
    added.*
FROM added
JOIN identities ON identities.source_system = 'product' AND identities.source_id = lower(added.tenant_id)
