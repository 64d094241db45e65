/*---
description = "What each score is made of: the contributions of a customer and score add up to the score."
description_zh = "各评分的构成：同一客户同一评分的各项贡献之和等于该评分。"
grain = ["customer_id", "score", "component"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
score = { type = "text", null = false, description = "current_value, potential_value, strategic_value or health", description_zh = "评分：current_value 当前价值、potential_value 潜力、strategic_value 战略价值、health 健康度" }
component = { type = "text", null = false, description = "What was judged", description_zh = "评分项" }
value = { type = "double", description = "The figure that was judged; null where it is unknown or a word", description_zh = "评分依据的数值；未知或为文字则为空" }
points = { type = "decimal(9,4)", description = "What the figure is worth (0-100); null where it is unknown", description_zh = "该数值的得分（0-100）；未知为空" }
weight = { type = "double", description = "Share of the score (0-1), after what is unknown was left out", description_zh = "剔除未知项后的权重（0-1）" }
contribution = { type = "decimal(9,4)", description = "points x weight", description_zh = "得分 × 权重" }
---*/
SELECT customer_id, score, component, value, points, weight, contribution FROM current_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM potential_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM strategic_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM health_components
