/*---
description = "What customers were billed in two years, and what that cost: one row per customer with an invoice."
grain = ["customer_id"]
tags = ["light"]
[columns]
revenue_12m = { type = "decimal(18,2)", description = "Billed in the last 12 months, credit notes taken off" }
direct_cost_12m = { type = "decimal(18,2)", description = "Direct cost of what was billed" }
charged_12m = { type = "decimal(18,2)", description = "Billed in the last 12 months without credit notes" }
credited_12m = { type = "decimal(18,2)", description = "Credited in the last 12 months, as a number above 0" }
recurring_12m = { type = "decimal(18,2)", description = "Billed in the last 12 months for contracts that have to be renewed" }
recurring_before_12m = { type = "decimal(18,2)", description = "The same in the 12 months before; null: nothing" }
---*/
WITH billed AS (
    SELECT
        invoices.*,
        CASE WHEN invoices.invoiced_at >= $as_of - INTERVAL '12 months' THEN TRUE ELSE FALSE END AS is_new,
        -- A licence or project that was billed once would make next year look like a fall. An invoice whose contract is
        -- not known counts.
        COALESCE(contracts.is_recurring, TRUE) AS is_recurring
    FROM light_invoices AS invoices
    LEFT JOIN light_contracts AS contracts ON contracts.contract_id = invoices.contract_id
    WHERE invoices.invoiced_at >= $as_of - INTERVAL '24 months'
)
SELECT
    customer_id,
    CAST(COALESCE(SUM(amount) FILTER (WHERE is_new), 0) AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(COALESCE(SUM(cost) FILTER (WHERE is_new), 0) AS DECIMAL(18, 2)) AS direct_cost_12m,
    CAST(COALESCE(SUM(amount) FILTER (WHERE is_new AND amount > 0), 0) AS DECIMAL(18, 2)) AS charged_12m,
    CAST(COALESCE(-SUM(amount) FILTER (WHERE is_new AND amount < 0), 0) AS DECIMAL(18, 2)) AS credited_12m,
    CAST(COALESCE(SUM(amount) FILTER (WHERE is_new AND is_recurring), 0) AS DECIMAL(18, 2)) AS recurring_12m,
    CAST(SUM(amount) FILTER (WHERE NOT is_new AND is_recurring) AS DECIMAL(18, 2)) AS recurring_before_12m
FROM billed
GROUP BY customer_id
