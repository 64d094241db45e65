/*---
description = "How good the models are, measured on days they did not learn from."
grain = ["model", "metric"]
[columns]
model = { type = "text", null = false, description = "The model" }
version = { type = "text", description = "The version that scores; its figures were measured on a fit of the same settings on train_cutoffs" }
status = { type = "text", null = false, description = "scored, or refused: too little to learn from" }
estimator = { type = "text", description = "How it was learned" }
metric = { type = "text", null = false, description = "What was measured; refused if nothing was" }
value = { type = "double", description = "The figure" }
rows = { type = "int", description = "Customers it was measured on" }
events = { type = "int", description = "How many of them left (or grew)" }
train_cutoffs = { type = "text", description = "Days that the measured fit learned from; the version that scores learned from later ones too" }
test_cutoff = { type = "date", description = "Day it was measured on" }
meaning = { type = "text", description = "The figure in plain words" }
---*/
SELECT model, version, status, estimator, metric, value, rows, events, train_cutoffs, test_cutoff, meaning
FROM luopan.model_metrics
