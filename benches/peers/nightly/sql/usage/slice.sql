-- One slice of usage added up by what the files call a tenant and a module. A bit per day tells whether a day of a group
-- came twice: then it has more rows than days.
CREATE TEMP TABLE slice_$slice AS
WITH added AS (
    SELECT
        tenant_id,
        module AS written,
        sum(greatest(logins, 0)::BIGINT)::UINTEGER AS logins,
        sum(greatest(transactions, 0)::BIGINT)::UINTEGER AS transactions,
        sum(greatest(active_users, 0)::BIGINT)::UINTEGER AS users,
        count(*)::USMALLINT AS reports,
        max(usage_date) FILTER (WHERE logins > 0) AS last_used_on,
        bit_or(1::UBIGINT << (usage_date - $first)) AS days
    FROM read_parquet($files, hive_partitioning = false)
    WHERE usage_date >= $first AND usage_date < $past
    GROUP BY ALL
)
SELECT
    ti * $modules + mi AS k,
    logins,
    transactions,
    users,
    reports,
    last_used_on,
    bit_count(days) <> reports AS is_doubled
FROM added JOIN tenants USING (tenant_id) JOIN used_modules USING (written);
