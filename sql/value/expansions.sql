/*---
description = "When customers bought more: one row per customer and day on which it signed for more than before."
grain = ["customer_id", "happened_on"]
tags = ["events"]
[columns]
happened_on = { type = "date", description = "Day of signing" }
amount = { type = "decimal(18,2)", description = "Yearly value added that day: additions, and what renewals grew by" }
---*/
-- Counted as the label growth counts: modules, users, upgrades and customization that renew nothing, and the growth of a
-- renewal over what it renews. A renewal that shrank is no expansion, and takes nothing from another of that day. What is
-- signed with the first contract is a new customer; what was cancelled within half a year has come to nothing.
WITH former AS (
    SELECT renewal_id, SUM(yearly_amount) AS yearly_amount
    FROM renewed_contracts
    GROUP BY renewal_id
),
signed AS (
    SELECT
        contracts.customer_id,
        contracts.signed_on,
        contracts.cancelled_on,
        MIN(contracts.signed_on) OVER (PARTITION BY contracts.customer_id) AS first_signed_on,
        CASE WHEN contracts.is_renewal THEN contracts.yearly_amount - COALESCE(former.yearly_amount, contracts.yearly_amount)
             WHEN contracts.contract_type IN ('module', 'users', 'upgrade', 'customization') THEN contracts.yearly_amount
        END AS added
    FROM contracts
    LEFT JOIN former ON former.renewal_id = contracts.contract_id
)
SELECT
    customer_id,
    signed_on AS happened_on,
    CAST(SUM(added) AS DECIMAL(18, 2)) AS amount
FROM signed
WHERE added > 0 AND COALESCE(cancelled_on - signed_on >= 180, TRUE) AND signed_on > first_signed_on
GROUP BY customer_id, signed_on
