/*---
description = "What customers have signed: one row per contract, and whether it is in force on the as-of day."
grain = ["contract_id"]
# Read by many: made once.
materialized = "table"
[columns]
yearly_amount = { type = "decimal(18,2)", description = "What the contract is worth in a year; what is bought once, or for good, counts whole" }
is_recurring = { type = "bool", description = "Has to be signed again when it ends" }
in_force = { type = "bool", description = "In force on the as-of day, as known then" }
in_force_90d_ago = { type = "bool", description = "Was in force ninety days before, as known on the as-of day" }
in_force_365d_ago = { type = "bool", description = "Was in force a year before, as known on the as-of day" }
---*/
WITH cleaned AS (
    SELECT
        lower(erp_contracts.contract_id) AS contract_id,
        identities.customer_id,
        lower(contract_type) AS contract_type,
        lower(module) AS module,
        CASE WHEN licensed_users > 0 THEN licensed_users END AS licensed_users,
        -- A contract whose amount nobody can mean is in force all the same: it counts as nothing.
        CAST(CASE WHEN amount BETWEEN 0 AND $largest_amount THEN amount ELSE 0 END AS DECIMAL(18, 2)) AS amount,
        CASE WHEN abs(implementation_cost) <= $largest_amount THEN implementation_cost END AS implementation_cost,
        signed_at,
        CAST(signed_at AS DATE) AS signed_on,
        starts_on,
        -- 2099 and 9999 mean what null means: bought for good.
        CASE WHEN ends_on < $as_of_date + 14610 THEN ends_on END AS ends_on,
        cancelled_at,
        CAST(cancelled_at AS DATE) AS cancelled_on,
        lower(renews_contract_id) AS renews_contract_id
    FROM erp_contracts
    JOIN identities ON identities.source_system = 'erp' AND identities.source_id = lower(erp_contracts.erp_customer_id)
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY lower(erp_contracts.contract_id) ORDER BY signed_at DESC, erp_contracts.contract_id) = 1
),
-- The one place that says when a contract is in force; churn is the end of the last one. What was bought for good is in
-- force until it is cancelled. Where customers leave by no longer paying the service on a licence that nobody cancels,
-- make force_from null for such licences: the service fees then decide alone.
spans AS (
    SELECT
        *,
        starts_on AS force_from,
        -- The earlier of the two; LEAST passes over a null, and without either there is no end.
        LEAST(ends_on, cancelled_on) AS force_until
    FROM cleaned
)
SELECT
    *,
    renews_contract_id IS NOT NULL AS is_renewal,
    -- What has to be signed again when it ends. Upgrades and projects end when they are done.
    ends_on IS NOT NULL AND contract_type NOT IN ('upgrade', 'customization') AS is_recurring,
    -- By whole months, so that a leap year is no change; a term that ends before it starts is taken as a year.
    CASE WHEN ends_on >= starts_on AND contract_type NOT IN ('upgrade', 'customization')
         THEN CAST(amount * 12 / GREATEST(CAST(round((ends_on - starts_on + 1) / 30.4375) AS BIGINT), 1) AS DECIMAL(18, 2))
         ELSE amount END AS yearly_amount,
    COALESCE(force_from <= $as_of_date AND COALESCE(force_until >= $as_of_date, TRUE) AND cancelled_at IS NULL, FALSE)
        AS in_force,
    COALESCE(force_from <= $as_of_date - 90 AND COALESCE(force_until >= $as_of_date - 90, TRUE), FALSE) AS in_force_90d_ago,
    COALESCE(force_from <= $as_of_date - 365 AND COALESCE(force_until >= $as_of_date - 365, TRUE), FALSE)
        AS in_force_365d_ago
FROM spans
