/*---
description = """What an active customer is worth today. The file has prices but no costs, so there is no margin and no \
lifetime value here: revenue, net of returns, is all the value that can be known."""
grain = ["customer_id"]
[columns]
revenue_12m = { type = "decimal(18,2)", description = "Net revenue of the last 365 days, pounds; null where the data begin later" }
arpu = { type = "decimal(18,2)", description = "That revenue per month, over the months since the first purchase, at most 12" }
revenue_rank = { type = "int", description = "1 = the largest revenue_12m; equal revenue, equal rank" }
abc_class = { type = "text", description = "A: the customers that carry the first 80 % of revenue_12m, B: the next 15 %, C: the rest" }
---*/
WITH revenue AS (
    SELECT
        windows.customer_id,
        windows.revenue_365d AS revenue_12m,
        windows.orders_365d AS orders_12m,
        windows.revenue_180d,
        timing.return_rate_180d,
        -- Begun months of 30 days: 1 for a customer of yesterday.
        least(($as_of_date - active_customers.first_purchase_on + 29) / 30, 12) AS months
    FROM purchase_windows AS windows
    JOIN returns_and_timing AS timing ON timing.customer_id = windows.customer_id
    JOIN active_customers ON active_customers.customer_id = windows.customer_id
), running AS (
    SELECT
        customer_id,
        revenue_12m,
        sum(greatest(revenue_12m, 0)) OVER (
            ORDER BY revenue_12m DESC NULLS LAST, customer_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - greatest(revenue_12m, 0) AS revenue_above,
        sum(greatest(revenue_12m, 0)) OVER () AS revenue_of_all
    FROM revenue
)
SELECT
    revenue.customer_id,
    revenue.revenue_12m,
    revenue.orders_12m,
    revenue.revenue_180d,
    CAST(round(CAST(revenue.revenue_12m AS DECIMAL(22, 6)) / revenue.months, 2) AS DECIMAL(18, 2)) AS arpu,
    revenue.return_rate_180d,
    CASE
        WHEN revenue.revenue_12m IS NOT NULL
            THEN CAST(rank() OVER (ORDER BY revenue.revenue_12m DESC NULLS LAST) AS BIGINT)
    END AS revenue_rank,
    CASE
        WHEN revenue.revenue_12m IS NULL THEN NULL
        WHEN running.revenue_above * 100 < running.revenue_of_all * 80 THEN 'A'
        WHEN running.revenue_above * 100 < running.revenue_of_all * 95 THEN 'B'
        ELSE 'C'
    END AS abc_class,
    rfm.rfm_segment
FROM revenue
JOIN running ON running.customer_id = revenue.customer_id
JOIN rfm ON rfm.customer_id = revenue.customer_id
