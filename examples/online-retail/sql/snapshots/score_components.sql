/*---
description = "Every score taken apart: the contributions of a customer's components add up to the score."
grain = ["customer_id", "score", "component"]
[columns]
customer_id = { type = "text", null = false, description = "Customer number of the shop" }
score = { type = "text", null = false, description = "current_value | potential_value | health" }
component = { type = "text", null = false, description = "Name of the component in models/<score>.toml" }
value = { type = "double", description = "What was measured, null if unknown" }
points = { type = "decimal(9,4)", description = "Its points, 0-100" }
weight = { type = "double", description = "Its weight after what is unknown was left out; the weights of a score add up to 1" }
contribution = { type = "decimal(9,4)", description = "Points times weight" }
---*/
SELECT customer_id, score, component, value, points, weight, contribution FROM current_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM potential_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM health_components
