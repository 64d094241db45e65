/*---
description = "What the two light scores are made of: the contributions of a customer and score add up to the score."
description_zh = "两项轻量评分的构成：同一客户同一评分的各项贡献之和等于该评分。"
grain = ["customer_id", "score", "component"]
tags = ["light"]
[columns]
customer_id = { type = "text", null = false, description = "The customer, by its ERP id in lower case", description_zh = "客户（ERP 编号，小写）" }
score = { type = "text", null = false, description = "light_profit or light_willingness", description_zh = "评分：light_profit（利润）或 light_willingness（意愿）" }
component = { type = "text", null = false, description = "What was judged", description_zh = "评分项" }
value = { type = "double", description = "The figure that was judged; null where it is unknown", description_zh = "评分依据的数值；未知为空" }
points = { type = "decimal(9,4)", description = "What the figure is worth (0-100); null where it is unknown", description_zh = "该数值的得分（0-100）；未知为空" }
weight = { type = "double", description = "Share of the score (0-1), after what is unknown was left out", description_zh = "剔除未知项后的权重（0-1）" }
contribution = { type = "decimal(9,4)", description = "points x weight", description_zh = "得分 × 权重" }
---*/
SELECT customer_id, score, component, value, points, weight, contribution FROM light_profit_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM light_willingness_components
