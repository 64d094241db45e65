/*---
description = "The last 24 months, newest the one that the day before the as-of day is in; none before the lake tells of it."
grain = ["month"]
[columns]
month = { type = "date", description = "Its first day" }
state_on = { type = "date", description = "Day that counts as its end: the first of the next month, or the as-of day while it runs" }
is_whole = { type = "bool", description = "Is over on the as-of day" }
---*/
WITH newest AS (
    SELECT
        $as_of_date AS today,
        CAST(date_trunc('month', CAST(CAST($as_of_date AS DATE) - 1 AS TIMESTAMP)) AS DATE) AS month
),
counted AS (
    SELECT
        today,
        CAST(unnest(generate_series(CAST(month - INTERVAL '23 months' AS DATE), month, INTERVAL '1 month')) AS DATE)
            AS month
    FROM newest
),
ended AS (
    SELECT month, today, CAST(month + INTERVAL '1 month' AS DATE) AS next_month
    FROM counted
)
SELECT
    ended.month,
    LEAST(ended.next_month, ended.today) AS state_on,
    ended.next_month <= ended.today AS is_whole
FROM ended
CROSS JOIN lake_reach
-- Contracts say more of the past, but not who had left by then (lake_reach).
WHERE ended.next_month > lake_reach.known_since
