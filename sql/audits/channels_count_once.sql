/*---
description = "Every customer counts for one channel: channels add up to the snapshot, and agree with channel_summary and company_figures."
---*/
WITH channels AS (
    SELECT
        SUM(customers) AS customers,
        SUM(revenue_12m) AS revenue,
        SUM(margin_12m) AS margin,
        SUM(cost_to_serve_12m) AS cost_to_serve,
        SUM(moved_in_12m) - SUM(moved_out_12m) AS moved
    FROM channel_figures
),
snapshot AS (
    SELECT
        COUNT(*) AS customers,
        SUM(revenue_12m) AS revenue,
        SUM(margin_12m) AS margin,
        SUM(cost_to_serve_12m) AS cost_to_serve
    FROM customer_snapshot
)
SELECT 'sums are not the snapshot''s' AS finding, 'all' AS channel
FROM channels
CROSS JOIN snapshot
WHERE COALESCE(channels.customers, 0) <> snapshot.customers
   OR COALESCE(channels.revenue, 0) <> COALESCE(snapshot.revenue, 0)
   OR COALESCE(channels.margin, 0) <> COALESCE(snapshot.margin, 0)
   OR COALESCE(channels.cost_to_serve, 0) <> COALESCE(snapshot.cost_to_serve, 0)
   -- Who moved in somewhere moved out elsewhere.
   OR COALESCE(channels.moved, 0) <> 0

UNION ALL
SELECT 'customers do not follow from last year''s', channel
FROM channel_figures
WHERE customers <> customers_year_ago - churned_12m + joined_12m
   OR customers <> stars + cash_cows + question_marks + dogs + unscored
   OR churned_12m > customers_year_ago
   OR grr_12m > 1
   OR grr_12m > nrr_12m

UNION ALL
SELECT 'not what channel_summary says', COALESCE(figures.channel, summary.channel)
FROM channel_summary AS summary
FULL JOIN channel_figures AS figures ON figures.channel = summary.channel
WHERE COALESCE(figures.customers, 0) <> COALESCE(summary.customers, 0)
   OR COALESCE(figures.margin_12m, 0) <> COALESCE(summary.margin_12m, 0)

UNION ALL
-- Who has no account is unknown there, and direct here.
SELECT 'not what company_figures says', figures.channel
FROM channel_figures AS figures
JOIN company_figures AS company ON company.group_kind = 'channel' AND company.group_name = figures.channel
WHERE figures.channel <> 'direct'
  AND (figures.customers <> company.customers
       OR figures.churned_12m <> company.lost_customers_12m
       OR figures.revenue_12m <> company.revenue_12m
       OR (figures.nrr_12m IS DISTINCT FROM company.nrr_12m)
       OR (figures.grr_12m IS DISTINCT FROM company.grr_12m))
