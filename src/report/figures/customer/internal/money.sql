/*---
title = "What it brings and costs, 12 months"
title_zh = "近 12 个月的收入与成本"
note = "From billed to margin, line by line; what is not known is not taken off."
note_zh = "由开票额逐项减至毛利；未知项未扣减。"
[columns]
item = { en = "Item", zh = "项目", as = "word", words = "money_item" }
amount = { en = "Amount", zh = "金额", as = "money" }
share = { en = "of billed", zh = "占开票额", as = "percent" }
---*/
WITH money AS (
    SELECT revenue_12m, cost_12m, cost_to_serve_12m, implementation_12m, margin_12m
    FROM customer_money
    WHERE customer_id = $customer
),
lines AS (
    SELECT 1 AS place, 'billed' AS item, revenue_12m AS amount, revenue_12m FROM money
    UNION ALL
    SELECT 2 AS place, 'direct_cost' AS item, -cost_12m AS amount, revenue_12m FROM money
    UNION ALL
    SELECT 3 AS place, 'cost_to_serve' AS item, -cost_to_serve_12m AS amount, revenue_12m FROM money
    UNION ALL
    SELECT 4 AS place, 'implementation' AS item, -implementation_12m AS amount, revenue_12m FROM money
    UNION ALL
    SELECT 5 AS place, 'margin' AS item, margin_12m AS amount, revenue_12m FROM money
)
SELECT item, amount, CAST(amount AS DOUBLE) / NULLIF(CAST(revenue_12m AS DOUBLE), 0) AS share
FROM lines
ORDER BY place
