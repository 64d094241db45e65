/*---
description = "Shares of a customer's money are between 0 and 1, counts of a part not above the whole, and the contribution curve ends at 1."
# A contract or invoice below 0 is enough for that: to be looked at, and no reason to publish nothing.
severity = "warn"
---*/
WITH shares AS (
    SELECT
        *,
        license_share + subscription_share + service_fee_share + customization_share + addition_share AS mix
    FROM customer_money
)
SELECT
    customer_id,
    renewals_won_36m,
    renewals_due_36m,
    mix,
    module_adoption,
    cumulative_contribution_share,
    best_possible_collection_days,
    collection_days
FROM shares
WHERE renewals_won_36m > renewals_due_36m
   OR (renewal_rate IS NULL AND renewals_won_36m > 0)
   OR core_modules_in_force > modules_in_force
   OR core_modules_held > modules_held
   -- Not BETWEEN: a NaN is greater than any number here, and is caught. The last digits of a double may pass the whole.
   OR NOT (COALESCE(mix, 0) >= 0 AND COALESCE(mix, 0) <= 1.000001)
   OR NOT (COALESCE(module_adoption, 0) >= 0 AND COALESCE(module_adoption, 0) <= 1)
   OR NOT (COALESCE(cumulative_contribution_share, 1) >= 0 AND COALESCE(cumulative_contribution_share, 1) <= 1)
   OR (customers_share = 1 AND cumulative_contribution_share <> 1)
   OR best_possible_collection_days > collection_days + 0.000001
   OR capital_cost_12m < 0
   OR support_minutes_12m < 0
   OR repurchase_rate < 0
   OR upsell_12m < 0
   OR cross_sell_12m < 0
   OR downsell_12m < 0
