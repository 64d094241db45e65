/*---
description = "The customers a run speaks of: those with a contract in force on the as-of day."
grain = ["customer_id"]
---*/
SELECT DISTINCT customer_id
FROM contracts
WHERE in_force
