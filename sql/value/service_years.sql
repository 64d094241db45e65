/*---
description = "How each customer was served by support in the last 12 months, and in the 12 before: one row per customer and year in which it asked."
grain = ["customer_id", "years_ago"]
tags = ["value", "tickets"]
[columns]
years_ago = { type = "int", description = "0: the last 12 months; 1: the 12 before" }
tickets = { type = "int", description = "Tickets opened" }
severity_1 = { type = "int", description = "Those of severity 1, the worst" }
answered = { type = "int", description = "Those of which it is known whether the first answer came in time" }
in_time = { type = "int", description = "Those whose first answer came in time" }
answer_hours = { type = "double", description = "Median hours of the clock to the first answer, of those that got one; solved without one, to the solution" }
solved = { type = "int", description = "Those of which it is known how long the solution took" }
solution_hours = { type = "double", description = "Median hours of the clock to the solution" }
rated = { type = "int", description = "Those that the customer rated" }
rating = { type = "double", description = "Mean of its ratings (1-5)" }
---*/
-- Medians: a few tickets that wait for weeks would make a mean tell of nothing else.
WITH asked AS (
    SELECT
        customer_id,
        CASE WHEN opened_at >= $as_of - INTERVAL '12 months' THEN 0 ELSE 1 END AS years_ago,
        severity,
        is_complaint,
        in_time,
        csat,
        CAST(minutes_waited AS DOUBLE) AS answer_minutes,
        CAST(resolution_minutes AS DOUBLE) AS solution_minutes
    FROM tickets_in_time
    WHERE opened_at >= $as_of - INTERVAL '24 months'
)
SELECT
    customer_id,
    years_ago,
    COUNT(*) AS tickets,
    COUNT(*) FILTER (WHERE severity = 1) AS severity_1,
    COUNT(*) FILTER (WHERE severity = 2) AS severity_2,
    COUNT(*) FILTER (WHERE severity = 3) AS severity_3,
    COUNT(*) FILTER (WHERE severity = 4) AS severity_4,
    COUNT(*) FILTER (WHERE is_complaint) AS complaints,
    COUNT(in_time) AS answered,
    COUNT(*) FILTER (WHERE in_time) AS in_time,
    median(answer_minutes) / 60 AS answer_hours,
    COUNT(solution_minutes) AS solved,
    median(solution_minutes) / 60 AS solution_hours,
    COUNT(csat) AS rated,
    CAST(SUM(csat) AS DOUBLE) / NULLIF(COUNT(csat), 0) AS rating
FROM asked
GROUP BY customer_id, years_ago
