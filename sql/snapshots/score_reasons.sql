/*---
description = "Why a customer has its probability: up to three groups of figures that raise it and three that lower it, all others together, and where it starts. The contributions of a customer and model add up to its log-odds."
description_zh = "客户概率的成因：最多三组推高概率的指标、三组降低概率的指标、其余合计，以及起点。同一客户同一模型的各项贡献之和等于其对数几率。"
grain = ["model", "customer_id", "rank"]
[columns]
model = { type = "text", null = false, description = "churn_risk or growth_potential", description_zh = "模型：churn_risk 流失风险或 growth_potential 增长潜力" }
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
rank = { type = "int", null = false, description = "1: the strongest, in whichever direction", description_zh = "影响强度排序，1 为最强（不论方向）" }
effect = { type = "text", null = false, description = "raises, lowers, others or base", description_zh = "作用：raises 推高、lowers 降低、others 其余合计、base 基准" }
feature = { type = "text", description = "The figure that did most in its group", description_zh = "该组中影响最大的特征" }
contribution = { type = "double", null = false, description = "What the group adds to the log-odds of the probability", description_zh = "该组对概率对数几率的贡献" }
value = { type = "text", description = "The customer's figure, for people", description_zh = "该客户的数值（便于阅读）" }
typical = { type = "text", description = "What is usual", description_zh = "通常数值" }
text = { type = "text", null = false, description = "The reason in a few words", description_zh = "原因简述（英文）" }
text_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "原因简述" }
---*/
SELECT 'churn_risk' AS model, customer_id, rank, effect, feature, contribution, value, typical, text, text_zh
FROM churn_risk_reasons
UNION ALL
SELECT 'growth_potential' AS model, customer_id, rank, effect, feature, contribution, value, typical, text, text_zh
FROM growth_potential_reasons
