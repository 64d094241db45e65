/*---
description = "What each score is made of: the contributions of a customer and score add up to the score."
grain = ["customer_id", "score", "component"]
[columns]
customer_id = { type = "text", null = false, description = "The customer" }
score = { type = "text", null = false, description = "current_value, potential_value, strategic_value or health" }
component = { type = "text", null = false, description = "What was judged" }
value = { type = "double", description = "The figure that was judged; null where it is unknown or a word" }
points = { type = "decimal(9,4)", description = "What the figure is worth (0-100); null where it is unknown" }
weight = { type = "double", description = "Share of the score (0-1), after what is unknown was left out" }
contribution = { type = "decimal(9,4)", description = "points x weight" }
---*/
SELECT customer_id, score, component, value, points, weight, contribution FROM current_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM potential_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM strategic_value_components
UNION ALL
SELECT customer_id, score, component, value, points, weight, contribution FROM health_components
