/*---
description = "Counts of a rule nest, shares are between 0 and 1, and its lift is what its counts say."
---*/
SELECT
    if_kind, if_name, then_module, customers, customers_with_if, customers_with_then, customers_with_both,
    support, confidence, confidence_low, base_share, lift
FROM module_rules
WHERE customers_with_both > customers_with_if
   OR customers_with_both > customers_with_then
   OR customers_with_if > customers
   OR customers_with_then > customers
   OR customers_with_both <= 0
   OR NOT (support > 0 AND support <= confidence AND confidence <= 1)
   OR NOT (confidence_low >= 0 AND confidence_low < confidence)
   OR NOT (base_share > 0 AND base_share <= 1)
   -- customers_with_both x customers = lift x customers_with_if x customers_with_then
   OR NOT (abs(lift * customers_with_if * customers_with_then / customers / customers_with_both - 1) < 0.000001)
   OR (recommends AND if_kind <> 'all' AND NOT (lift > 1))
