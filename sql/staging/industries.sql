/*---
description = "What the vendor expects of each industry, names in lower case."
grain = ["industry"]
---*/
SELECT lower(industry) AS industry, outlook_growth, policy_support
FROM reference_industries
QUALIFY ROW_NUMBER() OVER (PARTITION BY lower(industry) ORDER BY industry) = 1
