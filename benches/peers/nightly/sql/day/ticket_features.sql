CREATE OR REPLACE TEMP TABLE ticket_features AS
WITH asked AS (
    SELECT
        cust,
        count(*) FILTER (WHERE opened_on >= $as_of_date - 30) AS tickets_30d,
        count(*) FILTER (WHERE opened_on >= $as_of_date - 90) AS tickets_90d,
        count(*) FILTER (WHERE opened_on >= $as_of_date - 365) AS tickets_365d,
        count(*) FILTER (WHERE opened_on < $as_of_date - 90 AND opened_on >= $as_of_date - 180) AS tickets_90d_before,
        count(*) FILTER (WHERE is_severe AND opened_on >= $as_of_date - 90) AS severe_tickets_90d,
        count(*) FILTER (WHERE is_complaint AND opened_on >= $as_of_date - 90) AS complaints_90d,
        count(*) FILTER (WHERE is_complaint AND opened_on >= $as_of_date - 365) AS complaints_365d,
        count(*) FILTER (WHERE is_open) AS open_tickets,
        min(opened_on) FILTER (WHERE is_open) AS oldest_open_on,
        avg(response_minutes) FILTER (WHERE is_answered AND opened_on >= $as_of_date - 90) / 60 AS response_hours_90d,
        avg(resolution_minutes) FILTER (WHERE NOT is_open AND opened_on >= $as_of_date - 90) / 60 AS resolution_hours_90d,
        avg(reopened_count) FILTER (WHERE NOT is_open AND opened_on >= $as_of_date - 365) AS reopened_rate_365d,
        avg(csat) FILTER (WHERE NOT is_open AND opened_on >= $as_of_date - 90) AS ticket_csat_90d,
        avg(csat) FILTER (WHERE NOT is_open AND opened_on >= $as_of_date - 365) AS ticket_csat_365d
    FROM (
        SELECT *, coalesce(resolved_at >= $as_of, TRUE) AS is_open, first_response_at < $as_of AS is_answered
        FROM tickets
        WHERE known_at < $as_of AND known_at >= $as_of - INTERVAL 730 DAYS AND (replaced_at IS NULL OR replaced_at >= $as_of)
    ) JOIN ident USING (sid)
    GROUP BY cust
),
linked AS (
    SELECT DISTINCT cust FROM ident
    WHERE system = 'support'
      AND EXISTS (FROM tickets SEMI JOIN ident USING (sid)
                  WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of))
)
SELECT
    cust,
    coalesce(tickets_30d, 0) AS tickets_30d,
    coalesce(tickets_90d, 0) AS tickets_90d,
    coalesce(tickets_365d, 0) AS tickets_365d,
    coalesce(tickets_90d - tickets_90d_before, 0) AS tickets_change_90d,
    coalesce(severe_tickets_90d, 0) AS severe_tickets_90d,
    coalesce(complaints_90d, 0) AS complaints_90d,
    coalesce(complaints_365d, 0) AS complaints_365d,
    coalesce(open_tickets, 0) AS open_tickets,
    $as_of_date - oldest_open_on AS oldest_open_days,
    response_hours_90d,
    resolution_hours_90d,
    reopened_rate_365d,
    ticket_csat_90d,
    ticket_csat_365d
FROM linked
LEFT JOIN asked USING (cust);
