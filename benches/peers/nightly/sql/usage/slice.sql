-- One slice of usage added up by what the files call a tenant and a module. A bit per day tells whether any day of a group
-- came twice: then it has more rows than days.
CREATE OR REPLACE TEMP TABLE slice AS
SELECT
    tenant_id,
    module,
    sum(greatest(logins, 0))::BIGINT AS logins,
    sum(greatest(transactions, 0))::BIGINT AS transactions,
    sum(greatest(active_users, 0))::BIGINT AS users,
    count(*) AS reports,
    max(usage_date) FILTER (WHERE logins > 0) AS last_used_on,
    bit_or(1::UBIGINT << (usage_date - $first)) AS days
FROM read_parquet($files)
WHERE usage_date >= $first AND usage_date < $past
GROUP BY ALL;

INSERT INTO tenants
SELECT (SELECT count(*) FROM tenants) + row_number() OVER () - 1, tenant_id, sid
FROM (SELECT DISTINCT tenant_id FROM slice ANTI JOIN tenants USING (tenant_id))
JOIN ids ON ids.source_system = 'product' AND ids.source_id = lower(tenant_id);

INSERT INTO used_modules
SELECT (SELECT count(*) FROM used_modules) + row_number() OVER () - 1, raw_module, lower(raw_module), is_core
FROM (SELECT DISTINCT module AS raw_module FROM slice ANTI JOIN used_modules ON raw_module = slice.module)
LEFT JOIN core_modules ON core_modules.module = lower(raw_module);
