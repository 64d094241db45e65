-- What the files call a tenant and a module; `k` = ti * modules + mi names a pair. Tenants that no link ever knows are left out.
CREATE TEMP TABLE tenants AS
SELECT (row_number() OVER (ORDER BY tenant_id) - 1)::INTEGER AS ti, tenant_id, sid
FROM (SELECT DISTINCT tenant_id FROM read_parquet('$lake/product/usage_daily/month=*/*.parquet', hive_partitioning = false))
JOIN ids ON ids.source_system = 'product' AND ids.source_id = lower(tenant_id);

CREATE TEMP TABLE used_modules AS
SELECT
    (row_number() OVER (ORDER BY written) - 1)::INTEGER AS mi,
    written,
    dense_rank() OVER (ORDER BY lower(written))::INTEGER AS module,
    is_core
FROM (SELECT DISTINCT module AS written FROM read_parquet('$lake/product/usage_daily/month=*/*.parquet', hive_partitioning = false))
LEFT JOIN core_modules ON core_modules.module = lower(written);
