/*---
description = "How good the models are, measured on days they did not learn from; and how what was published did."
grain = ["model", "status", "metric"]
[columns]
model = { type = "text", null = false, description = "The model" }
version = { type = "text", description = "Of a model: its figures were measured on a fit of the same settings on train_cutoffs" }
status = { type = "text", null = false, description = "scored: the version that scores; challenger: fitted tonight, and not promoted; refused: none scores; published: what was published on test_cutoff, now that it is known what came" }
estimator = { type = "text", description = "How it was learned" }
metric = { type = "text", null = false, description = "What was measured; refused if nothing was" }
value = { type = "double", description = "The figure" }
rows = { type = "int", description = "Customers it was measured on" }
events = { type = "int", description = "How many of them left (or grew)" }
train_cutoffs = { type = "text", description = "Days that the measured fit learned from; the version that scores learned from later ones too" }
test_cutoff = { type = "date", description = "Day it was measured on" }
meaning = { type = "text", description = "The figure in plain words" }
low = { type = "double", description = "Lower end of the 95 % interval of the figure, where there is one" }
high = { type = "double", description = "Its upper end" }
---*/
SELECT model, version, status, estimator, metric, value, rows, events, train_cutoffs, test_cutoff, meaning, low, high
FROM luopan.model_metrics
