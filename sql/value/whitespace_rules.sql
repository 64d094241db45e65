/*---
description = "The rule that speaks best for a module that a customer in force does not have: one row per customer and such module."
grain = ["customer_id", "then_module"]
tags = ["potential"]
---*/
-- Of the rules that fit the customer, the one with the highest confidence_low: a rule of few customers shall not beat one
-- of many by luck.
WITH known AS (
    SELECT DISTINCT holdings.customer_id, peers.industry, peers.size_class
    FROM module_holdings AS holdings
    JOIN customer_peers AS peers ON peers.customer_id = holdings.customer_id
),
rules AS (SELECT * FROM module_rules WHERE recommends),
fits AS (
    SELECT holdings.customer_id, rules.if_kind, rules.if_name, rules.then_module
    FROM module_holdings AS holdings
    JOIN rules ON rules.if_kind = 'module' AND rules.if_module = holdings.module
    UNION ALL
    SELECT holdings.customer_id, rules.if_kind, rules.if_name, rules.then_module
    FROM module_holdings AS holdings
    JOIN known ON known.customer_id = holdings.customer_id
    JOIN rules ON rules.if_kind = 'industry_module' AND rules.if_module = holdings.module
              AND rules.if_industry = known.industry
    UNION ALL
    SELECT known.customer_id, rules.if_kind, rules.if_name, rules.then_module
    FROM known
    JOIN rules ON rules.if_kind = 'industry' AND rules.if_industry = known.industry
    UNION ALL
    SELECT known.customer_id, rules.if_kind, rules.if_name, rules.then_module
    FROM known
    CROSS JOIN rules
    WHERE rules.if_kind = 'all'
    UNION ALL
    SELECT known.customer_id, rules.if_kind, rules.if_name, rules.then_module
    FROM known
    JOIN rules ON rules.if_kind = 'size' AND rules.if_size = known.size_class
)
SELECT fits.customer_id, rules.*
FROM fits
JOIN rules ON rules.if_kind = fits.if_kind AND rules.if_name = fits.if_name AND rules.then_module = fits.then_module
LEFT JOIN module_holdings AS holdings
    ON holdings.customer_id = fits.customer_id AND holdings.module = fits.then_module
WHERE holdings.customer_id IS NULL
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY fits.customer_id, rules.then_module
    ORDER BY rules.confidence_low DESC, rules.if_kind DESC, rules.if_name) = 1
