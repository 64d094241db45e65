-- Groups that hold a day twice, or that another spelling shares, are read again, and the last row of each key stands.
CREATE OR REPLACE TEMP TABLE suspects AS
SELECT tenant_id, module FROM slice
WHERE bit_count(days) <> reports
   OR ($respelt AND (lower(tenant_id), lower(module)) IN (
        SELECT (lower(tenant_id), lower(module)) FROM slice GROUP BY ALL HAVING count(*) > 1));

DELETE FROM slice USING suspects WHERE slice.tenant_id = suspects.tenant_id AND slice.module = suspects.module;

INSERT INTO slice
WITH standing AS (
    SELECT tenant_id, module, usage_date, active_users, logins, transactions
    FROM read_parquet($files, filename = true, file_row_number = true) SEMI JOIN suspects USING (tenant_id, module)
    WHERE usage_date >= $first AND usage_date < $past
    QUALIFY row_number() OVER (
        PARTITION BY lower(tenant_id), lower(module), usage_date ORDER BY filename DESC, file_row_number DESC) = 1
)
SELECT
    tenant_id,
    module,
    sum(greatest(logins, 0)),
    sum(greatest(transactions, 0)),
    sum(greatest(active_users, 0)),
    count(*),
    max(usage_date) FILTER (WHERE logins > 0),
    0
FROM standing
GROUP BY ALL;

INSERT INTO usage_slices
SELECT $slice, ti, mi, logins, transactions, users, reports, last_used_on
FROM slice JOIN tenants USING (tenant_id) JOIN used_modules ON used_modules.raw_module = slice.module;
