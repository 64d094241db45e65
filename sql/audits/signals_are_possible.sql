/*---
description = "Signals that cannot be: more in a part of the time than in the whole, an idle module without a name, a trend from one invoice, figures other than the features', days in no quadrant."
---*/
SELECT
    signals.customer_id, signals.complaints_30d, signals.complaints_90d, signals.complaints_180d,
    signals.core_modules_in_use, signals.core_modules_idle, signals.idle_core_module, signals.invoices_due_90d,
    signals.late_days_90d, signals.orders_30d_ago, signals.orders, signals.order_milestone, signals.renewal_due_on
FROM customer_signals AS signals
JOIN customer_features AS features ON features.customer_id = signals.customer_id
WHERE signals.complaints_30d > signals.complaints_90d
   OR signals.complaints_90d > signals.complaints_180d
   OR (signals.complaints_90d IS DISTINCT FROM features.complaints_90d)
   OR (signals.complaints_180d > 0) <> (signals.last_complaint_on IS NOT NULL)
   OR signals.core_modules_idle > signals.core_modules_in_use
   OR signals.core_module_idle_days < 0
   OR signals.days_in_quadrant < 0
   OR (signals.days_in_quadrant IS NULL) <> (signals.quadrant IS NULL)
   OR signals.former_quadrant = signals.quadrant
   OR (signals.core_modules_idle > 0) <> (signals.idle_core_module IS NOT NULL)
   OR (signals.competitor IS NULL) <> (signals.competitor_named_on IS NULL)
   OR (signals.competitor_named_on IS NULL AND signals.lost_to_competitor_180d > 0)
   OR (signals.late_days_90d IS NOT NULL AND signals.invoices_due_90d < 2)
   OR (signals.invoices_due_90d >= 2 AND signals.late_days_90d IS DISTINCT FROM features.late_days_avg_90d)
   OR (signals.growth_3m_yoy IS NOT NULL AND signals.billed_3m_year_before <= 0)
   OR signals.orders_30d_ago > signals.orders
   OR signals.order_milestone <= signals.orders_30d_ago
   OR signals.order_milestone > signals.orders
   OR signals.first_purchase_on > signals.last_purchase_on
   OR signals.last_purchase_on > $as_of_date
   OR signals.renewal_due_on < $as_of_date
   OR signals.first_end_on > signals.renewal_due_on
