/*---
description = "Whether a customer recommends us: its newest answer of the last 12 months, whether or not it has left since."
grain = ["customer_id"]
tags = ["value", "surveys"]
[columns]
nps_12m = { type = "int", description = "Would recommend us (0-10), newest answer of 12 months" }
is_promoter = { type = "bool", description = "9 or 10" }
is_detractor = { type = "bool", description = "6 or less" }
---*/
-- Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
SELECT customer_id, nps AS nps_12m, nps >= 9 AS is_promoter, nps <= 6 AS is_detractor
FROM surveys
WHERE nps IS NOT NULL AND responded_at >= $as_of - INTERVAL '12 months'
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY responded_at DESC, survey_id) = 1
