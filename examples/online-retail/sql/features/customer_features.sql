/*---
description = "Everything a model may know about an active customer: one row each, every column but the key a feature."
grain = ["customer_id"]
[columns]
is_domestic = { type = "bool", unit = "flag", description = "Buys from the United Kingdom", description_zh = "英国本土客户" }
---*/
SELECT
    active_customers.customer_id,
    active_customers.country = 'United Kingdom' AS is_domestic,
    windows.days_since_purchase,
    windows.orders_30d,
    windows.orders_90d,
    windows.orders_180d,
    windows.orders_365d,
    windows.revenue_30d,
    windows.revenue_90d,
    windows.revenue_180d,
    windows.revenue_365d,
    windows.order_value_180d,
    windows.largest_order_share_180d,
    windows.orders_change_90d,
    windows.revenue_change_90d,
    rhythm.tenure_days,
    rhythm.purchase_days,
    rhythm.mean_gap_days,
    rhythm.longest_gap_days,
    rhythm.last_gap_days,
    rhythm.overdue_ratio,
    rhythm.overdue_longest_ratio,
    rhythm.active_months_180d,
    assortment.products_180d,
    assortment.lines_per_order_180d,
    assortment.units_per_line_180d,
    assortment.price_per_unit_180d,
    assortment.new_product_share_180d,
    assortment.repeat_product_share_180d,
    assortment.top_product_share_180d,
    timing.returns_180d,
    timing.return_rate_180d,
    timing.afternoon_share,
    timing.weekend_share,
    timing.autumn_revenue_share,
    timing.revenue_next_90d_last_year,
    timing.revenue_next_180d_last_year
FROM active_customers
JOIN purchase_windows AS windows ON windows.customer_id = active_customers.customer_id
JOIN purchase_rhythm AS rhythm ON rhythm.customer_id = active_customers.customer_id
JOIN assortment ON assortment.customer_id = active_customers.customer_id
JOIN returns_and_timing AS timing ON timing.customer_id = active_customers.customer_id
