/*---
description = "Recency, frequency and money over the last 30, 90, 180 and 365 days, and how they move."
grain = ["customer_id"]
tags = ["rfm"]
[columns]
days_since_purchase = { type = "int", unit = "days", group = "recency",
    phrase = "Since the last purchase", description = "Days since the last purchase: recency",
    phrase_zh = "距最近一次购买", description_zh = "距最近一次购买的天数：近度" }
orders_30d = { type = "int", unit = "number", group = "frequency", description = "Purchases (invoices) in the last 30 days", description_zh = "近 30 天购买次数（发票数）" }
orders_90d = { type = "int", unit = "number", group = "frequency", description = "Purchases in the last 90 days", description_zh = "近 90 天购买次数" }
orders_180d = { type = "int", unit = "number", group = "frequency",
    phrase = "Purchases in the last 180 days", description = "Purchases in the last 180 days: frequency",
    phrase_zh = "近 180 天购买次数", description_zh = "近 180 天购买次数：频度" }
orders_365d = { type = "int", unit = "number", group = "frequency",
    phrase = "Purchases in the last 365 days", description = "Purchases in the last 365 days, null where the data begin later than that",
    phrase_zh = "近 365 天购买次数", description_zh = "近 365 天购买次数，数据不足一年时为空" }
revenue_30d = { type = "decimal(18,2)", unit = "money", group = "money", description = "Net revenue of the last 30 days, pounds", description_zh = "近 30 天净销售额（英镑）" }
revenue_90d = { type = "decimal(18,2)", unit = "money", group = "money", description = "Net revenue of the last 90 days, pounds", description_zh = "近 90 天净销售额（英镑）" }
revenue_180d = { type = "decimal(18,2)", unit = "money", group = "money",
    phrase = "Net revenue of the last 180 days, pounds", description = "Net revenue of the last 180 days, pounds: money",
    phrase_zh = "近 180 天净销售额（英镑）", description_zh = "近 180 天净销售额（英镑）：金额" }
revenue_365d = { type = "decimal(18,2)", unit = "money", group = "money",
    phrase = "Net revenue of the last 365 days, pounds", description = "Net revenue of the last 365 days, null where the data begin later",
    phrase_zh = "近 365 天净销售额（英镑）", description_zh = "近 365 天净销售额，数据不足一年时为空" }
order_value_180d = { type = "double", unit = "money", group = "basket", description = "Mean purchase before returns, pounds, last 180 days", description_zh = "近 180 天平均每次购买金额（退货前，英镑）" }
largest_order_share_180d = { type = "double", unit = "share", group = "basket",
    phrase = "Of 180 days of purchases, the largest one", description = "Part of 180 days of purchases that came in the largest one, 0-1",
    phrase_zh = "近 180 天购买额中最大一次占比", description_zh = "近 180 天购买额中最大一次所占比例（0-1）" }
orders_change_90d = { type = "int", unit = "difference", group = "trend",
    phrase = "Purchases in 90 days", description = "Purchases in the last 90 days less those in the 90 before",
    phrase_zh = "近 90 天购买次数较前 90 天", description_zh = "近 90 天购买次数较前 90 天的增减" }
revenue_change_90d = { type = "double", unit = "number", group = "trend", description = "Revenue of the last 90 days against the 90 before: -1 all gone, 0 as before, 1 all new", description_zh = "近 90 天销售额与前 90 天相比：-1 全部消失，0 持平，1 全为新增" }
---*/
WITH data AS (
    SELECT min(invoiced_on) AS begins_on FROM invoices
), sums AS (
    SELECT
        customer_id,
        max(invoiced_on) FILTER (WHERE NOT is_return) AS last_on,
        count(*) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 30) AS orders_30d,
        count(*) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 90) AS orders_90d,
        count(*) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 180) AS orders_180d,
        count(*) FILTER (WHERE NOT is_return) AS orders_365d,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 30) AS revenue_30d,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 90) AS revenue_90d,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS revenue_180d,
        sum(amount) AS revenue_365d,
        sum(amount) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 180) AS bought_180d,
        max(amount) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 180) AS largest_180d
    FROM invoices
    WHERE invoiced_on >= $as_of_date - 365
    GROUP BY customer_id
), changes AS (
    -- A window without an invoice is a known nought, not a gap in what is known.
    SELECT
        *,
        coalesce(revenue_90d, 0) AS last_quarter,
        revenue_180d - coalesce(revenue_90d, 0) AS quarter_before
    FROM sums
)
SELECT
    changes.customer_id,
    $as_of_date - changes.last_on AS days_since_purchase,
    changes.orders_30d,
    changes.orders_90d,
    changes.orders_180d,
    CASE WHEN data.begins_on <= $as_of_date - 365 THEN changes.orders_365d END AS orders_365d,
    CAST(coalesce(changes.revenue_30d, 0) AS DECIMAL(18, 2)) AS revenue_30d,
    CAST(changes.last_quarter AS DECIMAL(18, 2)) AS revenue_90d,
    CAST(changes.revenue_180d AS DECIMAL(18, 2)) AS revenue_180d,
    CASE WHEN data.begins_on <= $as_of_date - 365 THEN CAST(changes.revenue_365d AS DECIMAL(18, 2)) END AS revenue_365d,
    CAST(changes.bought_180d AS DOUBLE) / changes.orders_180d AS order_value_180d,
    CAST(changes.largest_180d AS DOUBLE) / CAST(changes.bought_180d AS DOUBLE) AS largest_order_share_180d,
    2 * changes.orders_90d - changes.orders_180d AS orders_change_90d,
    -- Bounded, so that a few pounds a quarter ago do not make a change of thousands of per cent.
    CAST(greatest(changes.last_quarter, 0) - greatest(changes.quarter_before, 0) AS DOUBLE)
    / nullif(CAST(greatest(changes.last_quarter, 0) + greatest(changes.quarter_before, 0) AS DOUBLE), 0)
        AS revenue_change_90d
FROM changes
CROSS JOIN data
JOIN active_customers ON active_customers.customer_id = changes.customer_id
