/*---
description = "The vendor's modules: one row each."
grain = ["module"]
---*/
SELECT lower(module) AS module, is_core, category, list_price
FROM reference_modules
QUALIFY ROW_NUMBER() OVER (PARTITION BY lower(module) ORDER BY module) = 1
