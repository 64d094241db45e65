/*---
description = "What customers asked of support: one row per ticket, times in minutes."
grain = ["ticket_id"]
---*/
WITH timed AS (
    SELECT
        *,
        (to_unixtime(first_response_at) - to_unixtime(opened_at)) / 60 AS minutes_to_response,
        (to_unixtime(resolved_at) - to_unixtime(opened_at)) / 60 AS minutes_to_resolution
    FROM support_tickets
)
SELECT
    lower(ticket_id) AS ticket_id,
    identities.customer_id,
    opened_at,
    CAST(opened_at AS DATE) AS opened_on,
    CASE WHEN severity BETWEEN 1 AND 4 THEN severity END AS severity,
    severity <= 2 AS is_severe,
    is_complaint,
    resolved_at IS NULL AS is_open,
    first_response_at IS NOT NULL AS is_answered,
    -- Answered before it was asked, or after two years: the clock was wrong, the time is unknown.
    CASE WHEN minutes_to_response BETWEEN 0 AND 1051200 THEN minutes_to_response END AS response_minutes,
    CASE WHEN minutes_to_resolution BETWEEN 0 AND 1051200 THEN minutes_to_resolution END AS resolution_minutes,
    -- More than thirty days of work on one ticket are a slip too.
    CASE WHEN handling_minutes BETWEEN 0 AND 43200 THEN handling_minutes END AS handling_minutes,
    CASE WHEN reopened_count >= 0 THEN reopened_count END AS reopened_count,
    CASE WHEN csat BETWEEN 1 AND 5 THEN csat END AS csat
FROM timed
JOIN identities ON identities.source_system = 'support' AND identities.source_id = lower(timed.support_org_id)
-- A time before there was software is a slip.
WHERE opened_at >= TIMESTAMP '1980-01-01T00:00:00Z'
