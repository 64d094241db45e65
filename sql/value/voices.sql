/*---
description = "What a customer in force lets us hear: complaints, a competitor's name at an opportunity that closed, a low mark."
grain = ["customer_id"]
tags = ["value"]
[columns]
complaints_30d = { type = "int", description = "Complaints in the last 30 days; null if support does not know the customer" }
complaints_90d = { type = "int", description = "Complaints in the last 90 days" }
complaints_180d = { type = "int", description = "Complaints in the last 180 days" }
last_complaint_on = { type = "date", description = "Day of the last complaint within 180 days" }
competitor_named_on = { type = "date", description = "Day the newest opportunity closed, within 180 days, at which a competitor was named: that is known only once it is closed" }
competitor = { type = "text", description = "Who that was" }
competitor_won = { type = "bool", description = "Whether we lost that opportunity" }
lost_to_competitor_180d = { type = "int", description = "Opportunities lost to a competitor in the last 180 days" }
low_nps_on = { type = "date", description = "Day of the last answer to whether it would recommend us, if within 180 days and 6 or lower" }
---*/
WITH complained AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE opened_on >= $as_of_date - 30) AS complaints_30d,
        COUNT(*) FILTER (WHERE opened_on >= $as_of_date - 90) AS complaints_90d,
        COUNT(*) AS complaints_180d,
        MAX(opened_on) AS last_complaint_on
    FROM tickets
    WHERE is_complaint AND opened_at >= $as_of - INTERVAL '180 days'
    GROUP BY customer_id
),
rivals AS (
    SELECT customer_id, opportunity_id, closed_at, closed_on, won, NULLIF(trim(competitor), '') AS competitor
    FROM opportunities
    WHERE closed_at >= $as_of - INTERVAL '180 days'
),
lost AS (
    SELECT customer_id, COUNT(*) AS times
    FROM rivals
    WHERE competitor IS NOT NULL AND NOT won
    GROUP BY customer_id
),
named AS (
    SELECT customer_id, closed_on, competitor, won
    FROM rivals
    WHERE competitor IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY closed_at DESC, opportunity_id) = 1
),
-- Detractors are those who answer 0 to 6: Reichheld, "The One Number You Need to Grow" (2003).
answered AS (
    SELECT customer_id, nps, responded_on
    FROM surveys
    WHERE nps IS NOT NULL AND responded_at >= $as_of - INTERVAL '180 days'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY responded_at DESC, survey_id) = 1
)
SELECT
    customers.customer_id,
    -- The features know whom support and sales know: there, nothing heard is 0; elsewhere it is unknown.
    CASE WHEN asked.customer_id IS NOT NULL THEN COALESCE(complained.complaints_30d, 0) END AS complaints_30d,
    CASE WHEN asked.customer_id IS NOT NULL THEN COALESCE(complained.complaints_90d, 0) END AS complaints_90d,
    CASE WHEN asked.customer_id IS NOT NULL THEN COALESCE(complained.complaints_180d, 0) END AS complaints_180d,
    complained.last_complaint_on,
    named.closed_on AS competitor_named_on,
    named.competitor,
    NOT named.won AS competitor_won,
    CASE WHEN sold.customer_id IS NOT NULL THEN COALESCE(lost.times, 0) END AS lost_to_competitor_180d,
    CASE WHEN answered.nps <= 6 THEN answered.responded_on END AS low_nps_on
FROM customers_in_force AS customers
LEFT JOIN ticket_features AS asked ON asked.customer_id = customers.customer_id
LEFT JOIN opportunity_features AS sold ON sold.customer_id = customers.customer_id
LEFT JOIN complained ON complained.customer_id = customers.customer_id
LEFT JOIN named ON named.customer_id = customers.customer_id
LEFT JOIN lost ON lost.customer_id = customers.customer_id
LEFT JOIN answered ON answered.customer_id = customers.customer_id
