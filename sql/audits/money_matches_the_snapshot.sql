/*---
description = "Each customer's money speaks of the snapshot's customers with the snapshot's figures, and adds up in itself."
---*/
SELECT
    COALESCE(snapshot.customer_id, money.customer_id) AS customer_id,
    CASE WHEN money.customer_id IS NULL THEN 'missing'
         WHEN snapshot.customer_id IS NULL THEN 'not in the snapshot'
         WHEN (money.yearly_value IS DISTINCT FROM snapshot.value_in_force)
           OR money.revenue_12m <> snapshot.revenue_12m
           OR money.margin_12m <> snapshot.margin_12m
           OR (money.tcv IS DISTINCT FROM snapshot.tcv)
           OR (money.ltv IS DISTINCT FROM snapshot.ltv)
           OR money.overdue_amount <> COALESCE(snapshot.overdue_amount, 0) THEN 'another figure than the snapshot'
         ELSE 'costs, margin and open amounts do not add up' END AS finding
FROM customer_money AS money
FULL JOIN customer_snapshot AS snapshot ON snapshot.customer_id = money.customer_id
WHERE money.customer_id IS NULL
   OR snapshot.customer_id IS NULL
   OR (money.yearly_value IS DISTINCT FROM snapshot.value_in_force)
   OR money.revenue_12m <> snapshot.revenue_12m
   OR money.margin_12m <> snapshot.margin_12m
   OR (money.tcv IS DISTINCT FROM snapshot.tcv)
   OR (money.ltv IS DISTINCT FROM snapshot.ltv)
   OR money.overdue_amount <> COALESCE(snapshot.overdue_amount, 0)
   OR money.margin_12m
      <> money.revenue_12m - money.cost_12m - COALESCE(money.cost_to_serve_12m, 0) - money.implementation_12m
   OR money.margin_after_capital_12m <> money.margin_12m - money.capital_cost_12m
   OR money.overdue_amount > money.open_amount
