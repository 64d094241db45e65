/*---
description = "What tonight's fits had to show before they score; no rows where nothing was fitted, or the same version again."
grain = ["model", "gate"]
[columns]
model = { type = "text", null = false, description = "The model" }
gate = { type = "text", null = false, description = "better_than_chance, calibration, not_worse_than_champion, score_shift or feature_shift" }
passed = { type = "bool", null = false, description = "Whether it was passed" }
value = { type = "double", description = "What was found" }
bound = { type = "double", description = "What it was held against" }
finding = { type = "text", null = false, description = "The same in words" }
---*/
SELECT model, gate, passed, value, bound, finding
FROM luopan.model_gates
