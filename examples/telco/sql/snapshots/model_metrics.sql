/*---
description = "How good the model is, measured on customers it did not learn from."
grain = ["model", "metric"]
[columns]
model = { type = "text", null = false, description = "churn_risk" }
version = { type = "text", description = "Version of the fitted model" }
status = { type = "text", description = "scored | refused" }
estimator = { type = "text", description = "What was fitted" }
metric = { type = "text", null = false, description = "What was measured" }
value = { type = "double", description = "The figure" }
rows = { type = "int", description = "Customers it was measured on" }
events = { type = "int", description = "Of them, those who left" }
meaning = { type = "text", description = "The figure in words" }
meaning_zh = { type = "text", description = "The same in Chinese" }
---*/
SELECT model, version, status, estimator, metric, value, rows, events, meaning, meaning_zh
FROM luopan.model_metrics
