/*---
description = "What both models say of each customer, and nothing else: the work that the peer does."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer" }
churn_probability = { type = "double", description = "Of leaving within 90 days" }
growth_probability = { type = "double", description = "Of growing within 180 days" }
expected_expansion = { type = "double", description = "By how much" }
---*/
SELECT
    customers.customer_id,
    churn.probability AS churn_probability,
    growth.probability AS growth_probability,
    growth.expected AS expected_expansion
FROM customers_in_force AS customers
LEFT JOIN churn_risk AS churn ON churn.customer_id = customers.customer_id
LEFT JOIN growth_potential AS growth ON growth.customer_id = customers.customer_id
