-- Groups that hold a day twice, and those that share their days with another spelling.
CREATE TEMP TABLE suspects AS
SELECT slice, k, tenant_id, written
FROM ($slices)
JOIN tenants ON ti = k // $modules
JOIN used_modules ON mi = k % $modules
WHERE is_doubled
   OR sid IN (SELECT sid FROM tenants GROUP BY sid HAVING count(*) > 1)
   OR module IN (SELECT module FROM used_modules GROUP BY module HAVING count(*) > 1);

-- They are read again, and the last row of each key stands.
CREATE TEMP TABLE redone AS
WITH read_again AS (
    SELECT suspects.slice, suspects.k, sid, module_of.module, usage_date, active_users, logins, transactions, filename, file_row_number
    FROM read_parquet('$lake/product/usage_daily/month=*/*.parquet', filename = true, file_row_number = true, hive_partitioning = false) AS lake
    JOIN slice_days USING (usage_date)
    JOIN suspects ON suspects.tenant_id = lake.tenant_id AND suspects.written = lake.module AND suspects.slice = slice_days.slice
    JOIN tenants ON tenants.tenant_id = lake.tenant_id
    JOIN used_modules AS module_of ON module_of.written = lake.module
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
