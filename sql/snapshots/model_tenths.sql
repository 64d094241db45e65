/*---
description = "What models said and what came, in tenths of the holdout by falling probability: reliability, lift and gain."
grain = ["model", "tenth"]
[columns]
model = { type = "text", null = false, description = "The model" }
version = { type = "text", null = false, description = "The version that scores" }
tenth = { type = "int", null = false, description = "1: the highest probabilities" }
rows = { type = "int", null = false, description = "Customers in it" }
events = { type = "int", null = false, description = "How many of them left (or grew)" }
mean_probability = { type = "double", null = false, description = "What was said on average (0-1)" }
observed_rate = { type = "double", null = false, description = "What came (0-1)" }
observed_low = { type = "double", null = false, description = "Lower end of the 95 % interval of the rate behind what came" }
observed_high = { type = "double", null = false, description = "Its upper end" }
lift = { type = "double", description = "observed_rate over the rate of all" }
gain = { type = "double", description = "Share of all who left (or grew) found in this tenth and those above (0-1)" }
---*/
SELECT
    model, version, tenth, rows, events, mean_probability, observed_rate, observed_low, observed_high, lift, gain
FROM luopan.model_tenths
