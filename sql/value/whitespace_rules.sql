/*---
description = "The rule that speaks best for a module that a customer in force does not have: one row per customer and such module."
grain = ["customer_id", "then_module"]
tags = ["potential"]
---*/
-- Of the rules that fit the customer, the one with the highest confidence_low: a rule of few customers shall not beat one
-- of many by luck. Rules are put into that order once: of the millions that fit, only a number is compared.
WITH known AS (
    SELECT DISTINCT holdings.customer_id, peers.industry, peers.size_class
    FROM module_holdings AS holdings
    JOIN customer_peers AS peers ON peers.customer_id = holdings.customer_id
),
rules AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY confidence_low DESC, if_kind DESC, if_name, then_module) AS place
    FROM module_rules
    WHERE recommends
),
fits AS (
    SELECT holdings.customer_id, rules.then_module, rules.place
    FROM module_holdings AS holdings
    JOIN rules ON rules.if_kind = 'module' AND rules.if_module = holdings.module
    UNION ALL
    SELECT holdings.customer_id, rules.then_module, rules.place
    FROM module_holdings AS holdings
    JOIN known ON known.customer_id = holdings.customer_id
    JOIN rules ON rules.if_kind = 'industry_module' AND rules.if_module = holdings.module
              AND rules.if_industry = known.industry
    UNION ALL
    SELECT known.customer_id, rules.then_module, rules.place
    FROM known
    JOIN rules ON rules.if_kind = 'industry' AND rules.if_industry = known.industry
    UNION ALL
    SELECT known.customer_id, rules.then_module, rules.place
    FROM known
    CROSS JOIN rules
    WHERE rules.if_kind = 'all'
    UNION ALL
    SELECT known.customer_id, rules.then_module, rules.place
    FROM known
    JOIN rules ON rules.if_kind = 'size' AND rules.if_size = known.size_class
),
first AS (
    SELECT customer_id, then_module, MIN(place) AS place
    FROM fits
    GROUP BY customer_id, then_module
)
SELECT first.customer_id, rules.* EXCLUDE (place)
FROM first
JOIN rules ON rules.place = first.place
LEFT JOIN module_holdings AS holdings
    ON holdings.customer_id = first.customer_id AND holdings.module = first.then_module
WHERE holdings.customer_id IS NULL
