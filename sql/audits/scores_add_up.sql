/*---
description = "The contributions of a score's components add up to the score, to the last digit."
---*/
WITH added AS (
    SELECT customer_id, score, SUM(contribution) AS total
    FROM score_components
    GROUP BY customer_id, score
),
published AS (
    SELECT customer_id, 'current_value' AS score, current_value_score AS total FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'potential_value', potential_score FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'strategic_value', strategic_score FROM customer_snapshot
    UNION ALL
    SELECT customer_id, 'health', health_score FROM customer_snapshot
)
SELECT published.customer_id, published.score, published.total AS score_total, added.total AS components_total
FROM published
LEFT JOIN added ON added.customer_id = published.customer_id AND added.score = published.score
WHERE published.total IS NOT NULL AND published.total IS DISTINCT FROM added.total
