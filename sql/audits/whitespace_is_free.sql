/*---
description = "No module is recommended to a customer that has it, each by a rule that stands, and the figures of potential are those of whitespace."
---*/
SELECT whitespace.customer_id, whitespace.module, 'has it already, by contract or use' AS finding
FROM whitespace
JOIN module_holdings AS holdings
    ON holdings.customer_id = whitespace.customer_id AND holdings.module = whitespace.module

UNION ALL
SELECT whitespace.customer_id, whitespace.module, 'no rule recommends it'
FROM whitespace
LEFT JOIN module_rules AS rules
    ON rules.if_kind = whitespace.if_kind AND rules.if_name = whitespace.if_name
   AND rules.then_module = whitespace.module AND rules.recommends
WHERE rules.then_module IS NULL

UNION ALL
SELECT potential.customer_id, potential.best_module, 'potential counts other modules than whitespace'
FROM customer_potential AS potential
LEFT JOIN (
    SELECT customer_id, COUNT(*) AS modules, MAX(rank) AS last_rank, SUM(expected_yearly_value) AS value
    FROM whitespace
    GROUP BY customer_id
) AS offered ON offered.customer_id = potential.customer_id
WHERE COALESCE(potential.whitespace_modules, 0) <> COALESCE(offered.modules, 0)
   OR COALESCE(offered.last_rank, 0) <> COALESCE(offered.modules, 0)
   OR COALESCE(potential.whitespace_value, 0) <> COALESCE(offered.value, 0)
