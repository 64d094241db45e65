/*---
description = "What comes back, and when a customer orders: hour, weekend, season."
grain = ["customer_id"]
tags = ["timing"]
[columns]
returns_180d = { type = "int", unit = "number", group = "returns", description = "Cancellations in the last 180 days", description_zh = "近 180 天退货（取消）次数" }
return_rate_180d = { type = "double", unit = "share", group = "returns",
    phrase = "Money returned of what was bought in 180 days", description = "Money returned per pound bought, last 180 days; above 1 where older purchases came back",
    phrase_zh = "近 180 天退货率", description_zh = "近 180 天每购买一英镑的退货金额；大于 1 为更早购买的退货" }
afternoon_share = { type = "double", unit = "share", group = "timing",
    phrase = "Purchases begun at 13:00 or later", description = "Part of all purchases begun at 13:00 or later, 0-1",
    phrase_zh = "13:00 及以后的购买占比", description_zh = "13:00 及以后的购买所占比例（0-1）" }
weekend_share = { type = "double", unit = "share", group = "timing",
    phrase = "Purchases made on a Saturday or Sunday", description = "Part of all purchases made on a Saturday or Sunday, 0-1",
    phrase_zh = "周末购买占比", description_zh = "周六、周日的购买所占比例（0-1）" }
autumn_revenue_share = { type = "double", unit = "share", group = "season",
    phrase = "Purchases of a year made in September to November", description = "Part of the last 365 days of purchases in September to November, when shops stock up for Christmas, 0-1",
    phrase_zh = "近一年购买额中 9 至 11 月占比", description_zh = "近 365 天购买额中 9 至 11 月所占比例（0-1）：店铺此时为圣诞备货" }
revenue_next_90d_last_year = { type = "decimal(18,2)", unit = "money", group = "season",
    phrase = "Revenue in the 90 days that began a year ago, pounds", description = "Revenue in the 90 days that began a year ago: the same season; null where the data begin later",
    phrase_zh = "去年同期起 90 天销售额（英镑）", description_zh = "去年同期起 90 天的销售额（同一季节）；数据不足时为空" }
revenue_next_180d_last_year = { type = "decimal(18,2)", unit = "money", group = "season",
    phrase = "Revenue in the 180 days that began a year ago, pounds", description = "Revenue in the 180 days that began a year ago, null where the data begin later",
    phrase_zh = "去年同期起 180 天销售额（英镑）", description_zh = "去年同期起 180 天的销售额，数据不足时为空" }
---*/
WITH data AS (
    SELECT min(invoiced_on) AS begins_on FROM invoices
), per_customer AS (
    SELECT
        customer_id,
        count(*) FILTER (WHERE is_return AND invoiced_on >= $as_of_date - 180) AS returns_180d,
        sum(amount) FILTER (WHERE is_return AND invoiced_on >= $as_of_date - 180) AS returned_180d,
        sum(amount) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 180) AS bought_180d,
        sum(amount) FILTER (WHERE NOT is_return AND invoiced_on >= $as_of_date - 365) AS bought_365d,
        sum(amount) FILTER (
            WHERE NOT is_return AND invoiced_on >= $as_of_date - 365
                AND date_part('month', invoiced_on) BETWEEN 9 AND 11
        ) AS bought_in_autumn,
        count(*) FILTER (WHERE NOT is_return) AS orders,
        count(*) FILTER (WHERE NOT is_return AND invoiced_hour >= 13) AS afternoon_orders,
        -- 0 = Sunday, 6 = Saturday
        count(*) FILTER (WHERE NOT is_return AND date_part('dow', invoiced_on) IN (0, 6)) AS weekend_orders,
        sum(amount) FILTER (
            WHERE invoiced_on >= $as_of_date - 365 AND invoiced_on < $as_of_date - 365 + 90
        ) AS next_90d_last_year,
        sum(amount) FILTER (
            WHERE invoiced_on >= $as_of_date - 365 AND invoiced_on < $as_of_date - 365 + 180
        ) AS next_180d_last_year
    FROM invoices
    GROUP BY customer_id
)
SELECT
    per_customer.customer_id,
    per_customer.returns_180d,
    CAST(-coalesce(per_customer.returned_180d, 0) AS DOUBLE) / CAST(per_customer.bought_180d AS DOUBLE)
        AS return_rate_180d,
    CAST(per_customer.afternoon_orders AS DOUBLE) / per_customer.orders AS afternoon_share,
    CAST(per_customer.weekend_orders AS DOUBLE) / per_customer.orders AS weekend_share,
    CASE
        WHEN data.begins_on <= $as_of_date - 365
            THEN CAST(coalesce(per_customer.bought_in_autumn, 0) AS DOUBLE) / CAST(per_customer.bought_365d AS DOUBLE)
    END AS autumn_revenue_share,
    CASE
        WHEN data.begins_on <= $as_of_date - 365
            THEN CAST(coalesce(per_customer.next_90d_last_year, 0) AS DECIMAL(18, 2))
    END AS revenue_next_90d_last_year,
    CASE
        WHEN data.begins_on <= $as_of_date - 365
            THEN CAST(coalesce(per_customer.next_180d_last_year, 0) AS DECIMAL(18, 2))
    END AS revenue_next_180d_last_year
FROM per_customer
CROSS JOIN data
JOIN active_customers ON active_customers.customer_id = per_customer.customer_id
