/*---
description = "Which customers a customer in force is like: by industry, and by users under contract."
grain = ["customer_id"]
tags = ["potential"]
[columns]
industry = { type = "text", description = "Its industry, in lower case" }
licensed_users = { type = "int", description = "Users under contract" }
size_class = { type = "text", description = "By users under contract, which prices and needs go with: 1-9, 10-49, 50-199 or 200+" }
---*/
SELECT
    customers.customer_id,
    NULLIF(lower(trim(account.industry)), '') AS industry,
    contract.licensed_users,
    CASE WHEN contract.licensed_users < $size_small_users
         THEN concat('1-', CAST($size_small_users - 1 AS TEXT))
         WHEN contract.licensed_users < $size_medium_users
         THEN concat(CAST($size_small_users AS TEXT), '-', CAST($size_medium_users - 1 AS TEXT))
         WHEN contract.licensed_users < $size_large_users
         THEN concat(CAST($size_medium_users AS TEXT), '-', CAST($size_large_users - 1 AS TEXT))
         WHEN contract.licensed_users IS NOT NULL
         THEN concat(CAST($size_large_users AS TEXT), '+') END AS size_class
FROM customers_in_force AS customers
JOIN contract_features AS contract ON contract.customer_id = customers.customer_id
LEFT JOIN customers AS account ON account.customer_id = customers.customer_id
