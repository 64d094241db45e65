/*---
description = "What the customers of a channel add up to: those in force, and those lost within a year."
grain = ["channel"]
tags = ["value", "channel"]
---*/
-- All but what speaks of a year ago is joined by the snapshot's id: those who left have a past and nothing else.
SELECT
    channels.channel,
    COUNT(snapshot.customer_id) AS customers,
    COUNT(*) FILTER (WHERE past.was_in_force) AS customers_year_ago,
    COUNT(*) FILTER (WHERE past.was_in_force AND snapshot.customer_id IS NULL) AS churned,
    COUNT(*) FILTER (WHERE NOT past.was_in_force AND snapshot.customer_id IS NOT NULL) AS joined,
    COUNT(*) FILTER (WHERE snapshot.customer_id IS NOT NULL AND channels.channel_year_ago <> channels.channel)
        AS moved_in,
    SUM(past.yearly_value_now) FILTER (WHERE past.was_in_force) AS value_now,
    SUM(past.kept_value) FILTER (WHERE past.was_in_force) AS value_kept,
    SUM(past.yearly_value_year_ago) FILTER (WHERE past.was_in_force) AS value_year_ago,
    COUNT(*) FILTER (WHERE snapshot.quadrant = 'star') AS stars,
    COUNT(*) FILTER (WHERE snapshot.quadrant = 'cash_cow') AS cash_cows,
    COUNT(*) FILTER (WHERE snapshot.quadrant = 'question_mark') AS question_marks,
    COUNT(*) FILTER (WHERE snapshot.quadrant = 'dog') AS dogs,
    COUNT(*) FILTER (WHERE snapshot.customer_id IS NOT NULL AND snapshot.quadrant IS NULL) AS unscored,
    COALESCE(SUM(snapshot.revenue_12m) FILTER (WHERE snapshot.quadrant = 'star'), 0) AS star_revenue,
    COALESCE(SUM(snapshot.revenue_12m) FILTER (WHERE snapshot.quadrant = 'cash_cow'), 0) AS cash_cow_revenue,
    COALESCE(SUM(snapshot.revenue_12m) FILTER (WHERE snapshot.quadrant = 'question_mark'), 0) AS question_mark_revenue,
    COALESCE(SUM(snapshot.revenue_12m) FILTER (WHERE snapshot.quadrant = 'dog'), 0) AS dog_revenue,
    COALESCE(SUM(snapshot.revenue_12m), 0) AS revenue,
    COALESCE(SUM(snapshot.margin_12m), 0) AS margin,
    SUM(snapshot.cost_to_serve_12m) FILTER (WHERE effort.support_minutes_12m IS NOT NULL) AS cost_to_serve,
    SUM(effort.support_minutes_12m) AS minutes,
    COUNT(effort.support_minutes_12m) AS known_to_support,
    SUM(effort.answered_requests_12m) AS answered_requests,
    SUM(effort.in_time_requests_12m) AS in_time_requests,
    SUM(effort.complaints_12m) AS complaints,
    SUM(owed.open_amount) AS open_amount,
    SUM(snapshot.health_score) AS health_scores,
    COUNT(snapshot.health_score) AS with_health,
    SUM(snapshot.value_at_risk) AS value_at_risk,
    COALESCE(SUM(bought.upsell_12m + bought.cross_sell_12m), 0) AS upsell,
    SUM(snapshot.expected_expansion) AS expected_expansion,
    SUM(potential.whitespace_value) AS whitespace_value
FROM customer_channels AS channels
JOIN customer_retention AS past ON past.customer_id = channels.customer_id
LEFT JOIN customer_snapshot AS snapshot ON snapshot.customer_id = channels.customer_id
LEFT JOIN customer_effort AS effort ON effort.customer_id = snapshot.customer_id
LEFT JOIN customer_potential AS potential ON potential.customer_id = snapshot.customer_id
LEFT JOIN tied_up AS owed ON owed.customer_id = snapshot.customer_id
LEFT JOIN customer_purchases AS bought ON bought.customer_id = snapshot.customer_id
WHERE past.was_in_force OR snapshot.customer_id IS NOT NULL
GROUP BY channels.channel
