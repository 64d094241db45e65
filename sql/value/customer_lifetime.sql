/*---
description = "What a customer in force has signed for, how it renews and buys again, and what it is worth over its life."
grain = ["customer_id"]
tags = ["value"]
[columns]
tcv = { type = "decimal(18,2)", description = "Total contract value: the whole amount of the contracts in force" }
renewal_rate = { type = "double", description = "Share of the yearly value that came up for renewal in the last 36 months and was renewed" }
repurchases_24m = { type = "int", description = "Contracts bought in the last 24 months beyond the first one and renewals" }
yearly_retention = { type = "double", description = "Probability to still be a customer in a year" }
ltv = { type = "decimal(18,2)", description = "Lifetime value: expected margin of the years to come, discounted (models/contract_lifetime.toml)" }
---*/
WITH came_up AS (
    SELECT
        contracts.customer_id,
        SUM(contracts.yearly_amount) AS due,
        COALESCE(SUM(contracts.yearly_amount) FILTER (WHERE renewed.renewal_id IS NOT NULL), 0) AS renewed
    FROM contracts
    LEFT JOIN renewed_contracts AS renewed ON renewed.contract_id = contracts.contract_id
    WHERE contracts.is_recurring
      AND LEAST(contracts.ends_on, contracts.cancelled_on) BETWEEN $as_of_date - INTERVAL '36 months' AND $as_of_date - 1
    GROUP BY contracts.customer_id
),
signed AS (
    SELECT
        customer_id,
        SUM(amount) FILTER (WHERE in_force) AS tcv,
        COUNT(*) FILTER (WHERE NOT is_renewal AND nth > 1 AND signed_at >= $as_of - INTERVAL '24 months') AS repurchases_24m
    FROM (
        SELECT *, DENSE_RANK() OVER (PARTITION BY customer_id ORDER BY signed_on) AS nth
        FROM contracts
    ) AS numbered
    GROUP BY customer_id
)
SELECT
    signed.customer_id,
    CAST(signed.tcv AS DECIMAL(18, 2)) AS tcv,
    CAST(came_up.renewed AS DOUBLE) / NULLIF(CAST(came_up.due AS DOUBLE), 0) AS renewal_rate,
    signed.repurchases_24m,
    lifetime.yearly_retention,
    lifetime.lifetime_value AS ltv
FROM signed
JOIN contract_lifetime AS lifetime ON lifetime.customer_id = signed.customer_id
LEFT JOIN came_up ON came_up.customer_id = signed.customer_id
