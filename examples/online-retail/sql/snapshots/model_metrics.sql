/*---
description = "How each learned model did at its newest cutoff, on days it was not trained on."
grain = ["model", "status", "metric"]
[columns]
model = { type = "text", null = false, description = "churn_risk | growth_potential" }
version = { type = "text", description = "Version of the fitted model" }
status = { type = "text", description = "scored | refused" }
estimator = { type = "text", description = "What was fitted" }
metric = { type = "text", null = false, description = "What was measured" }
value = { type = "double", description = "The figure" }
rows = { type = "int", description = "Customers it was measured on" }
events = { type = "int", description = "Of them, those it happened to" }
train_cutoffs = { type = "text", description = "Days trained on" }
test_cutoff = { type = "date", description = "Day tested on; its label window begins after the last of the training windows has ended" }
meaning = { type = "text", description = "The figure in words" }
meaning_zh = { type = "text", description = "The same in Chinese" }
low = { type = "double", description = "Lower end of the 95 % interval, where there is one" }
high = { type = "double", description = "Its upper end" }
---*/
SELECT
    model,
    version,
    status,
    estimator,
    metric,
    value,
    rows,
    events,
    train_cutoffs,
    test_cutoff,
    meaning,
    meaning_zh,
    low,
    high
FROM luopan.model_metrics
