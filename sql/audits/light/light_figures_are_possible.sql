/*---
description = "Light figures that cannot be: an unknown group, more renewals won than due, a score or share out of bounds."
---*/
SELECT
    customer_id, group_name, profit_score, willingness_score, renewals_due_36m, renewals_won_36m, renewal_rate_36m,
    credited_share_12m, billing_trend, margin_rate_12m
FROM light_customers
WHERE group_name NOT IN ('core', 'ordinary')
   -- Four digits after the point, of each component: the last of them may round a full score above 100.
   OR COALESCE(profit_score, 0) NOT BETWEEN 0 AND 100.001
   OR COALESCE(willingness_score, 0) NOT BETWEEN 0 AND 100.001
   OR renewals_won_36m > renewals_due_36m
   -- Not BETWEEN: a NaN is greater than any number here, and is caught.
   OR NOT (COALESCE(renewal_rate_36m, 0) >= 0 AND COALESCE(renewal_rate_36m, 0) <= 1)
   OR COALESCE(credited_share_12m, 0) < 0
   OR COALESCE(margin_rate_12m, 0) > 1
   OR ending_90d_value > yearly_value
   OR next_end_on < $as_of_date
