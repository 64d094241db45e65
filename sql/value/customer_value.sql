/*---
description = "All that is known of a customer's money: one row per customer in force."
grain = ["customer_id"]
tags = ["value"]
[columns]
arpu = { type = "decimal(18,2)", description = "Average revenue per user: revenue_12m / users under contract" }
---*/
SELECT
    finance.*,
    CAST(CAST(finance.revenue_12m AS DOUBLE) / features.licensed_users AS DECIMAL(18, 2)) AS arpu,
    lifetime.* EXCEPT (customer_id),
    segments.* EXCEPT (customer_id)
FROM customer_finance AS finance
JOIN customer_features AS features ON features.customer_id = finance.customer_id
JOIN customer_lifetime AS lifetime ON lifetime.customer_id = finance.customer_id
JOIN customer_segments AS segments ON segments.customer_id = finance.customer_id
