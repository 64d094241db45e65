/*---
description = "What the vendor expects of each industry."
grain = ["industry"]
---*/
SELECT industry, outlook_growth, policy_support
FROM reference_industries
