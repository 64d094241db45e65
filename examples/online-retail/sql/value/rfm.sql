/*---
description = "RFM: recency, frequency and money in fifths of the active customers (5 = best), and a name for the mix."
grain = ["customer_id"]
tags = ["rfm"]
[columns]
recency_fifth = { type = "int", description = "5 = bought most recently" }
frequency_fifth = { type = "int", description = "5 = most purchases in 180 days" }
money_fifth = { type = "int", description = "5 = most revenue in 180 days" }
rfm_segment = { type = "text", description = "champions | new | loyal | at_risk | promising | hibernating | occasional" }
---*/
WITH ranks AS (
    SELECT
        customer_id,
        -- Equal customers get equal ranks: with ntile() the customer number would decide.
        percent_rank() OVER (ORDER BY days_since_purchase DESC) AS recency,
        percent_rank() OVER (ORDER BY orders_180d) AS frequency,
        percent_rank() OVER (ORDER BY revenue_180d) AS money
    FROM purchase_windows
), fifths AS (
    SELECT
        customer_id,
        CAST(least(floor(recency * 5), 4) AS BIGINT) + 1 AS recency_fifth,
        CAST(least(floor(frequency * 5), 4) AS BIGINT) + 1 AS frequency_fifth,
        CAST(least(floor(money * 5), 4) AS BIGINT) + 1 AS money_fifth
    FROM ranks
)
SELECT
    fifths.customer_id,
    fifths.recency_fifth,
    fifths.frequency_fifth,
    fifths.money_fifth,
    CASE
        WHEN fifths.recency_fifth >= 4 AND fifths.frequency_fifth >= 4 AND fifths.money_fifth >= 4 THEN 'champions'
        WHEN active_customers.first_purchase_on >= $as_of_date - 90 THEN 'new'
        WHEN fifths.recency_fifth >= 3 AND fifths.frequency_fifth >= 4 THEN 'loyal'
        WHEN fifths.recency_fifth <= 2 AND (fifths.frequency_fifth >= 4 OR fifths.money_fifth >= 4) THEN 'at_risk'
        WHEN fifths.recency_fifth >= 4 THEN 'promising'
        WHEN fifths.recency_fifth <= 2 THEN 'hibernating'
        ELSE 'occasional'
    END AS rfm_segment
FROM fifths
JOIN active_customers ON active_customers.customer_id = fifths.customer_id
