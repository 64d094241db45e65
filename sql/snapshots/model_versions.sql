/*---
description = "Which version of each model scores tonight, and why."
grain = ["model"]
[columns]
model = { type = "text", null = false, description = "The model" }
status = { type = "text", null = false, description = "scored, or refused: no version scores" }
version = { type = "text", description = "The version that scores" }
estimator = { type = "text", description = "How it was learned" }
calibration = { type = "text", description = "How its probabilities were calibrated: none, platt or isotonic" }
fitted_on = { type = "date", description = "As-of day of the run that fitted it" }
champion_since = { type = "date", description = "First day that it scored without a break" }
rows = { type = "int", description = "Rows (customer and cutoff) that it learned from" }
events = { type = "int", description = "How many of them left (or grew)" }
challenger = { type = "text", description = "Version fitted tonight that was not promoted" }
reason = { type = "text", null = false, description = "Why this version scores, or why none does" }
---*/
SELECT
    model, status, version, estimator, calibration, fitted_on, champion_since, rows, events, challenger, reason
FROM luopan.models
