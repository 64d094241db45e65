/*---
description = "How much of a group's revenue hangs on few of its customers in force."
grain = ["group_kind", "group_name"]
tags = ["value"]
[columns]
top_tenth_share = { type = "double", description = "Revenue share of the tenth of the customers with the most (at least one)" }
customers_for_80_percent = { type = "int", description = "Fewest customers that together bring 80 % of the revenue" }
gini = { type = "double", description = "Gini coefficient of revenue: 0 all alike, near 1 all on one" }
hhi = { type = "double", description = "Herfindahl index: sum of squared revenue shares; 1 / hhi is the number of equal customers that would be as concentrated" }
---*/
-- Pareto's rule, Gini (1912) and Herfindahl-Hirschman, over revenue_12m; who was credited more than billed brought 0.
-- All of it in decimals: the same in any order of rows.
WITH brought AS (
    SELECT
        groups.group_kind,
        groups.group_name,
        groups.customer_id,
        GREATEST(finance.revenue_12m, 0) AS revenue
    FROM customer_groups AS groups
    JOIN customer_finance AS finance ON finance.customer_id = groups.customer_id
),
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER best_first AS place,
        SUM(revenue) OVER best_first - revenue AS better,
        COUNT(*) OVER whole AS customers,
        SUM(revenue) OVER whole AS total
    FROM brought
    WINDOW best_first AS (
               PARTITION BY group_kind, group_name ORDER BY revenue DESC, customer_id ROWS UNBOUNDED PRECEDING),
           whole AS (PARTITION BY group_kind, group_name)
),
added AS (
    SELECT
        group_kind,
        group_name,
        MIN(customers) AS customers,
        MIN(total) AS total,
        SUM(revenue) FILTER (WHERE place <= (customers + 9) / 10) AS of_top_tenth,
        COUNT(*) FILTER (WHERE better * 5 < total * 4) AS for_80_percent,
        -- With places from the best, the usual 2i - n - 1 from the poorest is n + 1 - 2 place.
        SUM(revenue * (customers + 1 - 2 * place)) AS unevenness,
        SUM(CAST(revenue AS DECIMAL(18, 2)) * CAST(revenue AS DECIMAL(18, 2))) AS squares
    FROM placed
    GROUP BY group_kind, group_name
)
SELECT
    group_kind,
    group_name,
    CAST(of_top_tenth AS DOUBLE) / CAST(total AS DOUBLE) AS top_tenth_share,
    for_80_percent AS customers_for_80_percent,
    CAST(unevenness AS DOUBLE) / (customers * CAST(total AS DOUBLE)) AS gini,
    CAST(squares AS DOUBLE) / (CAST(total AS DOUBLE) * CAST(total AS DOUBLE)) AS hhi
FROM added
WHERE total > 0
