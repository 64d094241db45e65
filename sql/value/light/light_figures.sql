/*---
description = "All that contracts and invoices say of a customer in force: what the two light scorecards judge by."
grain = ["customer_id"]
tags = ["light"]
[columns]
cost_12m = { type = "decimal(18,2)", description = "Direct cost of what was billed, and implementation of what was signed" }
margin_12m = { type = "decimal(18,2)", description = "Revenue minus cost" }
margin_rate_12m = { type = "double", description = "Margin / revenue; null without revenue" }
tenure_days = { type = "int", description = "Days since the first contract was signed" }
renewal_rate_36m = { type = "double", description = "Renewals won / renewals due; null where none was due" }
billing_trend = { type = "double", description = "Recurring billing of 12 months against the 12 before (0.1 = up 10 %)" }
credited_share_12m = { type = "double", description = "Credit notes / what was charged; null where nothing was" }
---*/
-- The lake must reach back two years, and the customer too, or half a year would be compared with a whole one.
WITH beginning AS (
    SELECT MIN(invoiced_at) AS first_invoiced_at FROM light_invoices
),
sums AS (
    SELECT
        ties.*,
        -- A customer in force that was billed nothing had a revenue of 0.
        COALESCE(billing.revenue_12m, 0) AS revenue_12m,
        COALESCE(billing.direct_cost_12m, 0) + ties.implementation_12m AS cost_12m,
        billing.charged_12m,
        billing.credited_12m,
        CASE WHEN ties.first_signed_on <= $as_of_date - INTERVAL '24 months'
              AND beginning.first_invoiced_at <= $as_of - INTERVAL '24 months'
              AND billing.recurring_before_12m > 0
             THEN CAST(billing.recurring_12m AS DOUBLE) / CAST(billing.recurring_before_12m AS DOUBLE) - 1
        END AS billing_trend
    FROM light_ties AS ties
    CROSS JOIN beginning
    LEFT JOIN light_billing AS billing ON billing.customer_id = ties.customer_id
)
SELECT
    customer_id,
    CAST(revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(cost_12m AS DECIMAL(18, 2)) AS cost_12m,
    CAST(revenue_12m - cost_12m AS DECIMAL(18, 2)) AS margin_12m,
    CASE WHEN revenue_12m > 0 THEN CAST(revenue_12m - cost_12m AS DOUBLE) / CAST(revenue_12m AS DOUBLE) END AS margin_rate_12m,
    yearly_value,
    contracts_in_force,
    $as_of_date - first_signed_on AS tenure_days,
    $as_of_date - last_signed_on AS days_since_contract,
    next_end_on,
    ending_90d_value,
    renewals_due_36m,
    renewals_won_36m,
    CAST(renewals_won_36m AS DOUBLE) / NULLIF(renewals_due_36m, 0) AS renewal_rate_36m,
    billing_trend,
    CAST(credited_12m AS DOUBLE) / NULLIF(CAST(charged_12m AS DOUBLE), 0) AS credited_share_12m
FROM sums
