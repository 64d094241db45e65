/*---
description = "What the figures of a group are divided from: sums over its customers, those who left within a year included."
grain = ["group_kind", "group_name"]
tags = ["value"]
---*/
WITH facts AS (
    SELECT
        retention.*,
        finance.revenue_12m,
        finance.margin_12m,
        CASE WHEN support.customer_id IS NOT NULL THEN finance.cost_to_serve_12m END AS cost_to_serve_12m,
        tied.open_amount,
        tied.capital_cost_12m,
        renewals.renewals_due_12m,
        renewals.renewals_won_12m,
        renewals.due_value_12m,
        renewals.won_value_12m,
        purchases.upsell_12m,
        purchases.cross_sell_12m,
        purchases.bought_again_24m,
        answers.nps_12m,
        answers.is_promoter,
        answers.is_detractor,
        CASE WHEN retention.in_force THEN adoption.modules_held END AS modules_held,
        CASE WHEN retention.in_force THEN adoption.modules_used_28d END AS modules_used_28d,
        support.tickets_12m,
        support.answered_tickets_12m,
        support.in_time_tickets_12m
    FROM customer_retention AS retention
    LEFT JOIN customer_finance AS finance ON finance.customer_id = retention.customer_id
    LEFT JOIN tied_up AS tied ON tied.customer_id = retention.customer_id
    LEFT JOIN customer_renewals AS renewals ON renewals.customer_id = retention.customer_id
    LEFT JOIN customer_purchases AS purchases ON purchases.customer_id = retention.customer_id
    LEFT JOIN customer_answers AS answers ON answers.customer_id = retention.customer_id
    LEFT JOIN module_adoption AS adoption ON adoption.customer_id = retention.customer_id
    LEFT JOIN customer_support AS support ON support.customer_id = retention.customer_id
)
SELECT
    groups.group_kind,
    groups.group_name,
    COUNT(*) FILTER (WHERE in_force) AS customers,
    COUNT(*) FILTER (WHERE was_in_force) AS customers_year_ago,
    COUNT(*) FILTER (WHERE in_force AND NOT was_in_force) AS gained_customers,
    COUNT(*) FILTER (WHERE was_in_force AND NOT in_force) AS lost_customers,
    COUNT(*) FILTER (WHERE in_force AND bought_again_24m) AS returning_customers,
    COALESCE(SUM(yearly_value_now), 0) AS yearly_value_now,
    COALESCE(SUM(yearly_value_year_ago), 0) AS yearly_value_year_ago,
    COALESCE(SUM(yearly_value_now) FILTER (WHERE was_in_force), 0) AS retained_value,
    COALESCE(SUM(kept_value) FILTER (WHERE was_in_force), 0) AS kept_value,
    COALESCE(SUM(revenue_12m), 0) AS revenue_12m,
    COALESCE(SUM(margin_12m), 0) AS margin_12m,
    -- Null where support knows none of them.
    SUM(cost_to_serve_12m) AS cost_to_serve_12m,
    COALESCE(SUM(open_amount), 0) AS open_amount,
    COALESCE(SUM(capital_cost_12m), 0) AS capital_cost_12m,
    COALESCE(SUM(renewals_due_12m), 0) AS renewals_due_12m,
    COALESCE(SUM(renewals_won_12m), 0) AS renewals_won_12m,
    SUM(due_value_12m) AS due_value_12m,
    SUM(won_value_12m) AS won_value_12m,
    COALESCE(SUM(upsell_12m) FILTER (WHERE in_force), 0) AS upsell_12m,
    COALESCE(SUM(cross_sell_12m) FILTER (WHERE in_force), 0) AS cross_sell_12m,
    COUNT(nps_12m) AS nps_answers,
    COUNT(*) FILTER (WHERE is_promoter) AS promoters,
    COUNT(*) FILTER (WHERE is_detractor) AS detractors,
    SUM(modules_held) AS modules_held,
    SUM(modules_used_28d) AS modules_used_28d,
    SUM(tickets_12m) AS tickets_12m,
    SUM(answered_tickets_12m) AS answered_tickets_12m,
    SUM(in_time_tickets_12m) AS in_time_tickets_12m
FROM customer_groups AS groups
JOIN facts ON facts.customer_id = groups.customer_id
GROUP BY groups.group_kind, groups.group_name
-- Groups whose last customer left more than a year ago have nothing to tell.
HAVING COUNT(*) FILTER (WHERE in_force OR was_in_force) > 0
