/*---
description = "The contributions of a light score's components add up to the score, to the last digit."
---*/
WITH added AS (
    SELECT customer_id, score, SUM(contribution) AS total
    FROM light_components
    GROUP BY customer_id, score
),
published AS (
    SELECT customer_id, 'light_profit' AS score, profit_score AS total FROM light_customers
    UNION ALL
    SELECT customer_id, 'light_willingness', willingness_score FROM light_customers
)
SELECT published.customer_id, published.score, published.total AS score_total, added.total AS components_total
FROM published
LEFT JOIN added ON added.customer_id = published.customer_id AND added.score = published.score
WHERE published.total IS NOT NULL AND published.total IS DISTINCT FROM added.total
