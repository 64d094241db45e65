/*---
description = "What a call to a customer this week would keep: the money at risk, as far as a call saves it, less the call."
grain = ["customer_id"]
tags = ["value"]
[columns]
owner = { type = "text", description = "Whose time it takes; customers without an account manager share one list" }
value_at_risk = { type = "decimal(18,2)", description = "Probability to leave within 90 days x the margin of a year" }
expected_kept = { type = "decimal(18,2)", description = "value_at_risk x $call_saves_share - $call_cost" }
---*/
-- The expected gain of a retention contact after Neslin et al., "Defection detection", Journal of Marketing Research 43
-- (2006): probability to leave x chance that the contact keeps the customer x what is kept, less what the contact costs.
-- That chance is an assumption until somebody measures it: call half of the list, and compare.
SELECT
    value.customer_id,
    COALESCE(account.owner, 'nobody') AS owner,
    CAST(risk.probability * CAST(GREATEST(value.recurring_margin_12m, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS value_at_risk,
    CAST(risk.probability * CAST(GREATEST(value.recurring_margin_12m, 0) AS DOUBLE) * $call_saves_share
        - CAST($call_cost AS DOUBLE) AS DECIMAL(18, 2)) AS expected_kept
FROM customer_finance AS value
JOIN churn_risk AS risk ON risk.customer_id = value.customer_id
LEFT JOIN customers AS account ON account.customer_id = value.customer_id
WHERE risk.probability IS NOT NULL
