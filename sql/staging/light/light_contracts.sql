/*---
description = "What customers have signed, by the ERP's own customer ids: one row per contract."
grain = ["contract_id"]
# Read by several: made once.
materialized = "table"
tags = ["light"]
[columns]
customer_id = { type = "text", description = "The ERP's customer, in lower case" }
is_recurring = { type = "bool", description = "Has to be signed again when it ends" }
comes_up = { type = "bool", description = "Is renewed by a contract that names it; modules and users are taken in by the renewal of the term" }
yearly_amount = { type = "decimal(18,2)", description = "What the contract is worth in a year; what is bought once, or for good, counts whole" }
over_on = { type = "date", description = "The day it ends or was cancelled, the earlier of both; null: no end" }
in_force = { type = "bool", description = "In force on the as-of day, as known then" }
---*/
WITH cleaned AS (
    SELECT
        lower(contract_id) AS contract_id,
        lower(erp_customer_id) AS customer_id,
        lower(contract_type) AS contract_type,
        -- A contract whose amount nobody can mean is in force all the same: it counts as nothing.
        CAST(CASE WHEN amount BETWEEN 0 AND $largest_amount THEN amount ELSE 0 END AS DECIMAL(18, 2)) AS amount,
        CASE WHEN abs(implementation_cost) <= $largest_amount THEN implementation_cost END AS implementation_cost,
        signed_at,
        -- A date before there was software is a slip, and would make a customer a century old.
        CASE WHEN signed_at >= TIMESTAMP '1980-01-01T00:00:00Z' THEN CAST(signed_at AS DATE) END AS signed_on,
        starts_on,
        -- 2099 and 9999 mean what null means: bought for good.
        CASE WHEN ends_on < $as_of_date + 14610 THEN ends_on END AS ends_on,
        CAST(cancelled_at AS DATE) AS cancelled_on,
        lower(renews_contract_id) AS renews_contract_id
    FROM erp_contracts
),
spans AS (
    SELECT
        *,
        -- LEAST passes over a null, and without either there is no end.
        LEAST(ends_on, cancelled_on) AS over_on,
        -- Upgrades and projects end when they are done.
        ends_on IS NOT NULL AND contract_type NOT IN ('upgrade', 'customization') AS is_recurring
    FROM cleaned
)
SELECT
    *,
    is_recurring AND contract_type NOT IN ('module', 'users') AS comes_up,
    -- By whole months, so that a leap year is no change; a term that ends before it starts is taken as a year.
    CASE WHEN is_recurring AND ends_on >= starts_on
         THEN CAST(amount * 12 / GREATEST(CAST(round((ends_on - starts_on + 1) / 30.4375) AS BIGINT), 1) AS DECIMAL(18, 2))
         ELSE amount END AS yearly_amount,
    COALESCE(starts_on <= $as_of_date AND COALESCE(over_on >= $as_of_date, TRUE) AND cancelled_on IS NULL, FALSE) AS in_force
FROM spans
