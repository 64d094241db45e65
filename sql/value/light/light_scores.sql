/*---
description = "Both light scores beside the figures: what the rules of models/light_groups.toml may ask for."
grain = ["customer_id"]
tags = ["light"]
[columns]
days_to_next_end = { type = "int", description = "Days until the next end that is not renewed yet" }
brings_80_percent = { type = "bool", description = "One of the customers who together bring the first 80 % of the margin" }
---*/
-- The Pareto rule, as in ABC analysis: ordered by margin, those before whom less than 80 % of it is reached.
WITH shared AS (
    SELECT
        *,
        GREATEST(margin_12m, 0) AS contribution,
        SUM(GREATEST(margin_12m, 0)) OVER (ORDER BY margin_12m DESC, customer_id) AS reached,
        SUM(GREATEST(margin_12m, 0)) OVER () AS whole
    FROM light_figures
)
SELECT
    shared.* EXCEPT (contribution, reached, whole),
    next_end_on - $as_of_date AS days_to_next_end,
    contribution > 0 AND reached - contribution < whole * 0.8 AS brings_80_percent,
    profit.score AS profit_score,
    willingness.score AS willingness_score
FROM shared
LEFT JOIN light_profit AS profit ON profit.customer_id = shared.customer_id
LEFT JOIN light_willingness AS willingness ON willingness.customer_id = shared.customer_id
