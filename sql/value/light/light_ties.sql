/*---
description = "What a customer in force has signed: since when, for how much, until when, and whether it renews."
grain = ["customer_id"]
tags = ["light"]
[columns]
yearly_value = { type = "decimal(18,2)", description = "Yearly value of the contracts in force that have to be renewed" }
next_end_on = { type = "date", description = "Next end of such a contract that is not renewed yet" }
ending_90d_value = { type = "decimal(18,2)", description = "Yearly value that ends within 90 days and is not renewed yet" }
renewals_due_36m = { type = "int", description = "Contracts that came up for renewal in the last 36 months: they ended or were cancelled" }
renewals_won_36m = { type = "int", description = "Those of them that were renewed" }
implementation_12m = { type = "decimal(18,2)", description = "Implementation of what was signed in the last 12 months" }
---*/
-- Renewal rate by number of contracts, the usual definition in the trade: renewed / come up for renewal. A contract that
-- was renewed before its end comes up when it ends. Modules and users added during a term do not count.
WITH renewed AS (
    SELECT DISTINCT renews_contract_id AS contract_id
    FROM light_contracts
    WHERE renews_contract_id IS NOT NULL
),
signed AS (
    SELECT
        contracts.*,
        renewed.contract_id IS NOT NULL AS is_renewed,
        comes_up AND over_on BETWEEN $as_of_date - INTERVAL '36 months' AND $as_of_date - 1 AS was_due
    FROM light_contracts AS contracts
    LEFT JOIN renewed ON renewed.contract_id = contracts.contract_id
)
SELECT
    customer_id,
    MIN(signed_on) AS first_signed_on,
    MAX(signed_on) AS last_signed_on,
    COUNT(*) FILTER (WHERE in_force) AS contracts_in_force,
    CAST(COALESCE(SUM(yearly_amount) FILTER (WHERE in_force AND is_recurring), 0) AS DECIMAL(18, 2)) AS yearly_value,
    MIN(ends_on) FILTER (WHERE in_force AND is_recurring AND NOT is_renewed) AS next_end_on,
    CAST(COALESCE(SUM(yearly_amount) FILTER (WHERE in_force AND is_recurring AND NOT is_renewed
                                               AND ends_on < $as_of_date + 90), 0) AS DECIMAL(18, 2)) AS ending_90d_value,
    COUNT(*) FILTER (WHERE was_due) AS renewals_due_36m,
    COUNT(*) FILTER (WHERE was_due AND is_renewed) AS renewals_won_36m,
    CAST(COALESCE(SUM(implementation_cost) FILTER (WHERE signed_at >= $as_of - INTERVAL '12 months'), 0)
        AS DECIMAL(18, 2)) AS implementation_12m
FROM signed
GROUP BY customer_id
HAVING BOOL_OR(in_force)
