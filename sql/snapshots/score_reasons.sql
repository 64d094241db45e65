/*---
description = "Why a customer has its probability: up to three groups of figures that raise it and three that lower it, all others together, and where it starts. The contributions of a customer and model add up to its log-odds."
grain = ["model", "customer_id", "rank"]
[columns]
model = { type = "text", null = false, description = "churn_risk or growth_potential" }
customer_id = { type = "text", null = false, description = "The customer" }
rank = { type = "int", null = false, description = "1: the strongest, in whichever direction" }
effect = { type = "text", null = false, description = "raises, lowers, others or base" }
feature = { type = "text", description = "The figure that did most in its group" }
contribution = { type = "double", null = false, description = "What the group adds to the log-odds of the probability" }
value = { type = "text", description = "The customer's figure, for people" }
typical = { type = "text", description = "What is usual" }
text = { type = "text", null = false, description = "The reason in a few words" }
text_zh = { type = "text", null = false, description = "The same in Chinese" }
---*/
SELECT 'churn_risk' AS model, customer_id, rank, effect, feature, contribution, value, typical, text, text_zh
FROM churn_risk_reasons
UNION ALL
SELECT 'growth_potential' AS model, customer_id, rank, effect, feature, contribution, value, typical, text, text_zh
FROM growth_potential_reasons
