/*---
description = "The agreements of each customer in force add up to the yearly value and total contract value that customer_money tells, and end when customer_signals says."
---*/
WITH added AS (
    SELECT
        customer_id,
        SUM(amount) AS amount,
        COALESCE(SUM(yearly_value) FILTER (WHERE is_recurring), 0) AS yearly_value,
        COUNT(DISTINCT module) AS modules,
        MIN(ends_on) FILTER (WHERE is_recurring) AS first_end_on,
        MIN(ends_on) FILTER (WHERE is_recurring AND NOT is_renewed) AS renewal_due_on,
        MIN(days_to_end) AS days_to_end
    FROM customer_agreements
    GROUP BY customer_id
)
SELECT
    COALESCE(money.customer_id, added.customer_id) AS customer_id,
    added.yearly_value,
    money.yearly_value AS yearly_value_of_money,
    added.amount,
    money.tcv,
    added.modules,
    money.modules_in_force,
    added.renewal_due_on,
    signals.renewal_due_on AS renewal_due_on_of_signals,
    added.days_to_end
FROM customer_money AS money
FULL JOIN added ON added.customer_id = money.customer_id
LEFT JOIN customer_signals AS signals ON signals.customer_id = money.customer_id
WHERE money.customer_id IS NULL
   OR added.customer_id IS NULL
   OR added.yearly_value <> money.yearly_value
   OR added.amount <> money.tcv
   OR added.modules <> money.modules_in_force
   OR (added.first_end_on IS DISTINCT FROM signals.first_end_on)
   OR (added.renewal_due_on IS DISTINCT FROM signals.renewal_due_on)
   OR added.days_to_end < 0
