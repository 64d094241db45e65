/*---
description = "Whether each ticket got its first answer in time, and how it went: one row per ticket."
grain = ["ticket_id"]
materialized = "view"
tags = ["tickets"]
[columns]
minutes_waited = { type = "int", description = "Minutes to the first answer; solved without one, to the solution; null: it waits, or the clock was wrong" }
in_time = { type = "bool", description = "First answered within the target of its severity; null: not decided yet, or its times are unknown" }
---*/
-- Response targets by severity are what service contracts promise (ITIL, incident priority); here in hours of the clock,
-- nights and holidays included. A ticket solved without an answer was answered by being solved. One that waits still is
-- late from the moment its target is over, and open until then.
WITH timed AS (
    SELECT
        tickets.ticket_id,
        tickets.customer_id,
        tickets.opened_at,
        tickets.opened_on,
        tickets.severity,
        tickets.is_complaint,
        tickets.handling_minutes,
        tickets.resolution_minutes,
        tickets.csat,
        NOT tickets.is_answered AND tickets.is_open AS waits,
        (to_unixtime($as_of) - to_unixtime(tickets.opened_at)) / 60 AS minutes_since,
        CASE WHEN tickets.is_answered THEN tickets.response_minutes ELSE tickets.resolution_minutes END AS minutes_waited,
        60 * CASE tickets.severity
                 WHEN 1 THEN $response_target_hours_1
                 WHEN 2 THEN $response_target_hours_2
                 WHEN 3 THEN $response_target_hours_3
                 WHEN 4 THEN $response_target_hours_4 END AS target_minutes
    FROM tickets
    -- Three years cover every figure that speaks of tickets.
    WHERE tickets.opened_at >= $as_of - INTERVAL '36 months'
)
SELECT
    ticket_id,
    customer_id,
    opened_at,
    opened_on,
    severity,
    is_complaint,
    handling_minutes,
    minutes_waited,
    resolution_minutes,
    csat,
    CASE WHEN target_minutes IS NULL THEN NULL
         WHEN NOT waits THEN minutes_waited <= target_minutes
         WHEN minutes_since > target_minutes THEN FALSE END AS in_time
FROM timed
