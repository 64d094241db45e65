/*---
description = "Each customer as the CRM knows it now: the current version of its account."
grain = ["customer_id"]
materialized = "table"
---*/
SELECT *
FROM account_versions
-- A customer with several accounts is described by the one that was looked after last.
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY valid_from DESC, account_id) = 1
