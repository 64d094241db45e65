/*---
description = "Each month begins where the one before ended, what came and went explains the rest, and the last one ends where the company is."
---*/
WITH chained AS (
    SELECT
        *,
        LAG(yearly_value) OVER (ORDER BY month) AS former_value,
        LAG(customers_in_force) OVER (ORDER BY month) AS former_customers
    FROM company_months
),
faults AS (
    SELECT
        month,
        CASE WHEN yearly_value_before + new_value + expansion_value + contraction_value + lost_value <> yearly_value
             THEN 'the bridge does not add up'
             WHEN former_value <> yearly_value_before THEN 'begins with another value than the month before ended with'
             WHEN former_customers + new_customers - lost_customers <> customers_in_force
             THEN 'customers do not add up' END AS fault
    FROM chained
    UNION ALL
    SELECT
        months.month,
        CASE WHEN months.customers_in_force <> whole.customers
               OR months.yearly_value <> whole.yearly_value_now
               OR (months.nrr_12m IS DISTINCT FROM whole.nrr_12m)
               OR (months.grr_12m IS DISTINCT FROM whole.grr_12m)
               OR (months.logo_churn_12m IS DISTINCT FROM whole.logo_churn_rate_12m)
             THEN 'ends elsewhere than company_figures' END
    FROM company_months AS months
    JOIN company_figures AS whole ON whole.group_kind = 'all'
    WHERE months.state_on = $as_of_date
)
SELECT month, fault
FROM faults
WHERE fault IS NOT NULL
