-- Groups that hold a day twice, and those that another spelling shares.
CREATE TEMP TABLE suspects AS
SELECT slice, k, tenant_id, written, sid, module
FROM ($doubled UNION $others)
JOIN tenants ON ti = k // $modules
JOIN used_modules ON mi = k % $modules;

-- They are read again, and the last row of each key stands.
-- (Joined as written: the planner would hold the lake and pass the suspects by.)
SET disabled_optimizers = 'join_order,build_side_probe_side';

CREATE TEMP TABLE redone AS
WITH read_again AS (
    SELECT suspects.slice, k, sid, suspects.module, usage_date, active_users, logins, transactions, filename, file_row_number
    FROM read_parquet('$lake/product/usage_daily/month=*/*.parquet', filename = true, file_row_number = true, hive_partitioning = false) AS lake
    JOIN slice_days USING (usage_date)
    JOIN suspects ON suspects.tenant_id = lake.tenant_id AND suspects.written = lake.module AND suspects.slice = slice_days.slice
),
standing AS (
    FROM read_again
    QUALIFY row_number() OVER (PARTITION BY sid, module, usage_date ORDER BY filename DESC, file_row_number DESC) = 1
)
SELECT
    slice,
    k,
    sum(greatest(logins, 0)::BIGINT)::UINTEGER AS logins,
    sum(greatest(transactions, 0)::BIGINT)::UINTEGER AS transactions,
    sum(greatest(active_users, 0)::BIGINT)::UINTEGER AS users,
    count(*)::USMALLINT AS reports,
    max(usage_date) FILTER (WHERE logins > 0) AS last_used_on,
    FALSE AS is_doubled
FROM standing
GROUP BY slice, k;

RESET disabled_optimizers;
