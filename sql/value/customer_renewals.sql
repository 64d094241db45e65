/*---
description = "What came up for renewal and was renewed, customer by customer: those who left, too."
grain = ["customer_id"]
tags = ["value", "renewals"]
[columns]
renewals_due_36m = { type = "int", description = "Contracts that came up for renewal in the last 36 months" }
renewals_won_36m = { type = "int", description = "Those of them that were renewed" }
due_value_36m = { type = "decimal(18,2)", description = "Yearly value of what came up in 36 months" }
won_value_36m = { type = "decimal(18,2)", description = "Yearly value of those that were renewed, as it was before" }
renewals_due_12m = { type = "int", description = "Contracts that came up for renewal in the last 12 months" }
renewals_won_12m = { type = "int", description = "Those of them that were renewed" }
due_value_12m = { type = "decimal(18,2)", description = "Yearly value of what came up in 12 months" }
won_value_12m = { type = "decimal(18,2)", description = "Yearly value of those that were renewed, as it was before" }
---*/
-- Renewal rate by value, the trade's usual one: renewed / came up, both at the value before, so that it says who stayed
-- and not who grew (that is NRR). A contract comes up when it ends or is cancelled, whichever is first, if that was
-- before the as-of day. Renewed is what a later contract names as its former one, or takes in (renewed_contracts).
-- Not counted: what is bought once; upgrades and projects; renewals signed early, of contracts that still run.
WITH came_up AS (
    SELECT
        contracts.customer_id,
        contracts.yearly_amount,
        renewed.renewal_id IS NOT NULL AS won,
        CASE WHEN LEAST(contracts.ends_on, contracts.cancelled_on) >= $as_of_date - INTERVAL '12 months'
             THEN TRUE ELSE FALSE END AS in_12m
    FROM contracts
    LEFT JOIN renewed_contracts AS renewed ON renewed.contract_id = contracts.contract_id
    WHERE contracts.is_recurring
      AND LEAST(contracts.ends_on, contracts.cancelled_on) BETWEEN $as_of_date - INTERVAL '36 months' AND $as_of_date - 1
)
SELECT
    customer_id,
    COUNT(*) AS renewals_due_36m,
    COUNT(*) FILTER (WHERE won) AS renewals_won_36m,
    CAST(SUM(yearly_amount) AS DECIMAL(18, 2)) AS due_value_36m,
    CAST(COALESCE(SUM(yearly_amount) FILTER (WHERE won), 0) AS DECIMAL(18, 2)) AS won_value_36m,
    COUNT(*) FILTER (WHERE in_12m) AS renewals_due_12m,
    COUNT(*) FILTER (WHERE won AND in_12m) AS renewals_won_12m,
    CAST(COALESCE(SUM(yearly_amount) FILTER (WHERE in_12m), 0) AS DECIMAL(18, 2)) AS due_value_12m,
    CAST(COALESCE(SUM(yearly_amount) FILTER (WHERE won AND in_12m), 0) AS DECIMAL(18, 2)) AS won_value_12m
FROM came_up
GROUP BY customer_id
