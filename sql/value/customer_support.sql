/*---
description = "Twelve months of support of each customer that support knows: work, tickets, and how many were answered in time."
grain = ["customer_id"]
tags = ["value", "tickets"]
[columns]
support_minutes_12m = { type = "int", description = "Minutes of work on the tickets of 12 months, as far as they are solved" }
tickets_12m = { type = "int", description = "Tickets opened in 12 months" }
answered_tickets_12m = { type = "int", description = "Those of which it is known whether the first answer came in time" }
in_time_tickets_12m = { type = "int", description = "Those whose first answer came in time" }
---*/
WITH asked AS (
    SELECT
        customer_id,
        SUM(handling_minutes) AS minutes,
        COUNT(*) AS tickets,
        COUNT(in_time) AS answered,
        COUNT(*) FILTER (WHERE in_time) AS in_time
    FROM tickets_in_time
    WHERE opened_at >= $as_of - INTERVAL '12 months'
    GROUP BY customer_id
),
-- Who is known to support and never asked took 0 minutes; who is not known there is unknown, as in ticket_features.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'support' AND (SELECT COUNT(*) FROM tickets) > 0
)
SELECT
    linked.customer_id,
    COALESCE(asked.minutes, 0) AS support_minutes_12m,
    COALESCE(asked.tickets, 0) AS tickets_12m,
    COALESCE(asked.answered, 0) AS answered_tickets_12m,
    COALESCE(asked.in_time, 0) AS in_time_tickets_12m
FROM linked
LEFT JOIN asked ON asked.customer_id = linked.customer_id
