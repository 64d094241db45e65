/*---
description = "What stands out about a customer, as one text of tags."
grain = ["customer_id"]
---*/
SELECT
    customer_id,
    -- In alphabetical order; a tag that does not hold is null, and left out.
    NULLIF(concat_ws(',',
        CASE WHEN industry_benchmark THEN 'benchmark' END,
        CASE WHEN co_creation THEN 'co_creation' END,
        CASE WHEN complaints_90d > 0 THEN 'complaints' END,
        CASE WHEN expansion_plan IN ('expansion', 'funding', 'ipo') THEN 'expanding' END,
        CASE WHEN logins_trend_91d < -0.2 THEN 'falling_use' END,
        CASE WHEN tenure_days < 365 THEN 'new' END,
        CASE WHEN overdue_days_max > 30 THEN 'overdue' END,
        CASE WHEN referrals_730d > 0 THEN 'refers' END,
        CASE WHEN ending_90d_share > 0 THEN 'renewal_due' END,
        CASE WHEN sponsor_lost_365d THEN 'sponsor_lost' END,
        CASE WHEN margin_12m < 0 THEN 'unprofitable' END
    ), '') AS tags
FROM score_inputs
