/*---
description = "Who has left has no contract in force that day, and who was in force lately and is no more has left."
---*/
WITH spans AS (
    SELECT
        customer_id,
        BOOL_OR(in_force) AS in_force,
        BOOL_OR(in_force_90d_ago) AS was_in_force,
        -- Signed already and about to begin, or cancelled this very day: no departure yet to be told.
        BOOL_OR(force_from IS NOT NULL AND COALESCE(force_until >= $as_of_date, TRUE)) AS reaches_today
    FROM contracts
    GROUP BY customer_id
),
lately AS (
    SELECT DISTINCT customer_id
    FROM departures
    WHERE happened_on > $as_of_date - 90
)
SELECT departures.customer_id, departures.happened_on, 'a contract is in force' AS finding
FROM departures
JOIN contracts ON contracts.customer_id = departures.customer_id
WHERE contracts.force_from <= departures.happened_on
  AND COALESCE(contracts.force_until >= departures.happened_on, TRUE)
UNION ALL
SELECT spans.customer_id, $as_of_date, 'was in force, is no more, and has not left'
FROM spans
LEFT JOIN lately ON lately.customer_id = spans.customer_id
WHERE spans.was_in_force AND NOT spans.in_force AND NOT spans.reaches_today AND lately.customer_id IS NULL
UNION ALL
SELECT spans.customer_id, departures.happened_on, 'has left, and is in force without having come back'
FROM spans
JOIN departures ON departures.customer_id = spans.customer_id
LEFT JOIN contracts AS later
    ON later.customer_id = departures.customer_id AND later.force_from > departures.happened_on
WHERE spans.in_force AND later.contract_id IS NULL
