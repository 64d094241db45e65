/*---
description = "What the components of a score changed by adds up to what the score changed by, to the last digit."
---*/
WITH scores AS (
    SELECT customer_id, 'current_value' AS score, current_value_score AS total FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'potential_value', potential_score FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'strategic_value', strategic_score FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'health', health_score FROM customer_snapshot
),
before AS (
    SELECT customer_id, score, SUM(contribution) AS total
    FROM previous.score_components
    GROUP BY customer_id, score
),
changes AS (
    SELECT customer_id, score, SUM(change) AS change, SUM(by_points + by_weight) AS parts
    FROM score_changes
    GROUP BY customer_id, score
)
SELECT scores.customer_id, scores.score, before.total AS total_before, scores.total, changes.change, changes.parts
FROM scores
JOIN before ON before.customer_id = scores.customer_id AND before.score = scores.score
LEFT JOIN changes ON changes.customer_id = scores.customer_id AND changes.score = scores.score
WHERE scores.total IS NOT NULL AND before.total IS NOT NULL
  AND (COALESCE(changes.change, 0) <> scores.total - before.total OR COALESCE(changes.parts, 0) <> COALESCE(changes.change, 0))
