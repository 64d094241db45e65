/*---
title = "Question marks worth raising"
title_zh = "值得培育的问号客户"
note = "Could bring much, bring little now, and are well: those who are not well want repair before anybody sells to them. To the cut: the points of worth now that are missing to high. At most 5,000."
note_zh = "潜力大、当前贡献小且健康状况良好；健康不佳的应先修复再谈销售。距分界：当前价值距高分界还差的分数；最多 5,000 家。"
list = true
empty = "No question mark is healthy."
empty_zh = "没有健康的问号客户。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
expected_expansion = { en = "Expected growth", zh = "预期增长", as = "money" }
expansion_probability = { en = "Grows in 180 days", zh = "180 天增长概率", as = "percent" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
points_to_cut = { en = "To the cut", zh = "距分界", as = "score" }
health_score = { en = "Health", zh = "健康度", as = "score" }
best_module = { en = "Best module", zh = "首选模块", as = "word", words = "module" }
open_expansion_amount = { en = "Open opportunities", zh = "进行中商机", as = "money" }
expansion_reasons = { en = "What speaks for growth", zh = "增长依据", as = "text" }
---*/
SELECT
    customer.customer_id,
    COALESCE(customer.customer_name, customer.customer_id) AS customer_name,
    customer.owner,
    customer.expected_expansion,
    customer.expansion_probability,
    customer.revenue_12m,
    CASE WHEN state.x < state.x_cut THEN state.x_cut - state.x END AS points_to_cut,
    customer.health_score,
    potential.best_module,
    potential.open_expansion_amount,
    CASE WHEN $lang = 'zh' THEN COALESCE(customer.expansion_reasons_zh, customer.expansion_reasons)
         ELSE customer.expansion_reasons END AS expansion_reasons
FROM customer_snapshot AS customer
LEFT JOIN quadrant_states AS state ON state.customer_id = customer.customer_id
LEFT JOIN customer_potential AS potential ON potential.customer_id = customer.customer_id
WHERE customer.quadrant = 'question_mark' AND customer.health_band = 'healthy'
ORDER BY customer.expected_expansion DESC NULLS LAST, customer.customer_id
LIMIT 5000
