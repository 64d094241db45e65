/*---
description = "Rates of the company are between 0 and 1, the gross retention not above the net, scores of recommendation between -100 and 100."
# A contract or invoice below 0 is enough for that: to be looked at, and no reason to publish nothing.
severity = "warn"
---*/
WITH rates AS (
    SELECT
        group_kind || ' ' || group_name AS what, nrr_12m, grr_12m, logo_churn_rate_12m AS logo_churn, nps,
        answered_in_time_share AS in_time, renewal_rate_12m AS renewed, module_adoption AS adoption,
        repurchase_rate_24m AS bought_again, top_tenth_share AS top_tenth,
        customers_for_80_percent_share AS for_80, gini, hhi
    FROM company_figures
    UNION ALL
    SELECT
        CAST(month AS VARCHAR), nrr_12m, grr_12m, logo_churn_12m, nps,
        answered_in_time_share, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM company_months
)
SELECT *
FROM rates
-- Not BETWEEN: a NaN is greater than any number here, and is caught.
WHERE NOT (COALESCE(grr_12m, 0) >= 0 AND COALESCE(grr_12m, 0) <= 1)
   OR NOT (COALESCE(nrr_12m, 0) >= COALESCE(grr_12m, 0))
   OR NOT (COALESCE(logo_churn, 0) >= 0 AND COALESCE(logo_churn, 0) <= 1)
   OR NOT (COALESCE(nps, 0) >= -100 AND COALESCE(nps, 0) <= 100)
   OR NOT (COALESCE(in_time, 0) >= 0 AND COALESCE(in_time, 0) <= 1)
   OR NOT (COALESCE(renewed, 0) >= 0 AND COALESCE(renewed, 0) <= 1)
   OR NOT (COALESCE(adoption, 0) >= 0 AND COALESCE(adoption, 0) <= 1)
   OR NOT (COALESCE(bought_again, 0) >= 0 AND COALESCE(bought_again, 0) <= 1)
   OR NOT (COALESCE(top_tenth, 1) > 0 AND COALESCE(top_tenth, 1) <= 1)
   OR NOT (COALESCE(for_80, 1) > 0 AND COALESCE(for_80, 1) <= 1)
   OR NOT (COALESCE(gini, 0) >= 0 AND COALESCE(gini, 0) < 1)
   -- The last digits of a square may pass the whole.
   OR NOT (COALESCE(hhi, 1) > 0 AND COALESCE(hhi, 1) <= 1.000001)
