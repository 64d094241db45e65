/*---
description = "The groups of each kind add up to the whole company, and the whole company is the snapshot."
---*/
WITH sums AS (
    SELECT
        group_kind,
        SUM(customers) AS customers,
        SUM(customers_year_ago) AS customers_year_ago,
        SUM(lost_customers_12m) AS lost_customers,
        SUM(revenue_12m) AS revenue,
        SUM(margin_12m) AS margin,
        SUM(yearly_value_now) AS value_now,
        SUM(yearly_value_year_ago) AS value_year_ago
    FROM company_figures
    GROUP BY group_kind
    UNION ALL
    SELECT 'customer_money', COUNT(*), NULL, NULL, SUM(revenue_12m), SUM(margin_12m), SUM(yearly_value), NULL
    FROM customer_money
    HAVING COUNT(*) > 0
)
SELECT sums.*, whole.customers AS customers_in_all, whole.revenue_12m AS revenue_in_all
FROM sums
LEFT JOIN company_figures AS whole ON whole.group_kind = 'all'
WHERE whole.group_kind IS NULL
   OR sums.customers <> whole.customers
   OR sums.customers_year_ago <> whole.customers_year_ago
   OR sums.lost_customers <> whole.lost_customers_12m
   OR sums.revenue <> whole.revenue_12m
   OR sums.margin <> whole.margin_12m
   OR sums.value_now <> whole.yearly_value_now
   OR sums.value_year_ago <> whole.yearly_value_year_ago
   OR whole.customers - whole.new_customers_12m <> whole.customers_year_ago - whole.lost_customers_12m
