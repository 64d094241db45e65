CREATE TEMP TABLE tickets AS
SELECT
    sid,
    make_timestamp(epoch_us(opened_at)) AS known_at,
    replaced_at,
    make_timestamp(epoch_us(opened_at))::DATE AS opened_on,
    make_timestamp(epoch_us(first_response_at)) AS first_response_at,
    make_timestamp(epoch_us(resolved_at)) AS resolved_at,
    severity <= 2 AS is_severe,
    is_complaint,
    CASE WHEN minutes_to_response BETWEEN 0 AND 1051200 THEN minutes_to_response END::INTEGER AS response_minutes,
    CASE WHEN minutes_to_resolution BETWEEN 0 AND 1051200 THEN minutes_to_resolution END::INTEGER AS resolution_minutes,
    CASE WHEN reopened_count >= 0 THEN reopened_count END AS reopened_count,
    CASE WHEN csat BETWEEN 1 AND 5 THEN csat END AS csat
FROM (
    SELECT
        *,
        (epoch_us(first_response_at) // 1000000 - epoch_us(opened_at) // 1000000) // 60 AS minutes_to_response,
        (epoch_us(resolved_at) // 1000000 - epoch_us(opened_at) // 1000000) // 60 AS minutes_to_resolution
    FROM $standing(support/tickets/month=*/*.parquet, lower(ticket_id), opened_at)
) AS ticket
JOIN ids ON ids.source_system = 'support' AND ids.source_id = lower(ticket.support_org_id)
WHERE opened_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';
