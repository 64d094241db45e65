/*---
description = "Whether the customer left within the last month, as the file says."
grain = ["customer_id"]
# A label must say how far ahead it looks. This one looks nowhere: feature and outcome stand in one row, and the month
# is the file's own. With dates in the data it would read `future.customers`, as in examples/online-retail.
horizon_days = 30
---*/
SELECT customer_id, churned FROM customers
