/*---
description = "What a customer buys: breadth, packs, prices and whether it is still trying new products."
grain = ["customer_id"]
tags = ["assortment"]
[columns]
products_180d = { type = "int", unit = "number", group = "breadth", description = "Different products bought in the last 180 days", description_zh = "近 180 天购买的不同商品数" }
lines_per_order_180d = { type = "double", unit = "number", group = "basket", description = "Invoice lines per purchase", description_zh = "每次购买的发票行数" }
units_per_line_180d = { type = "double", unit = "number", group = "basket",
    phrase = "Units per invoice line", description = "Units per line: a shop buys dozens, a household ones",
    phrase_zh = "每行件数", description_zh = "每行件数：店铺成打进货，个人单件购买" }
price_per_unit_180d = { type = "double", unit = "money", group = "basket", description = "Mean price paid per unit, pounds", description_zh = "平均单价（英镑）" }
new_product_share_180d = { type = "double", unit = "share", group = "breadth",
    phrase = "New ones among the products of 180 days", description = "Of the products of the last 180 days, the part never bought before them, 0-1, null for a new customer",
    phrase_zh = "近 180 天新品占比", description_zh = "近 180 天购买的商品中首次购买的占比（0-1），新客户为空" }
repeat_product_share_180d = { type = "double", unit = "share", group = "breadth",
    phrase = "Products bought more than once in 180 days", description = "Of the products of the last 180 days, the part bought in more than one purchase, 0-1",
    phrase_zh = "近 180 天复购商品占比", description_zh = "近 180 天购买的商品中买过不止一次的占比（0-1）" }
top_product_share_180d = { type = "double", unit = "share", group = "breadth",
    phrase = "Money that went into the one largest product", description = "Part of the money that went into the one largest product, 0-1",
    phrase_zh = "第一大商品金额占比", description_zh = "金额最大的一种商品所占金额比例（0-1）" }
---*/
WITH product_orders AS (
    SELECT
        customer_id,
        product,
        invoice,
        min(invoiced_on) AS invoiced_on,
        count(*) AS lines,
        sum(quantity) AS units,
        sum(amount) AS amount
    FROM invoice_lines
    WHERE dropped_because IS NULL AND NOT is_return
    GROUP BY customer_id, product, invoice
), products AS (
    SELECT
        customer_id,
        product,
        min(invoiced_on) AS first_on,
        count(*) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS orders,
        sum(lines) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS lines,
        sum(units) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS units,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS amount
    FROM product_orders
    GROUP BY customer_id, product
), baskets AS (
    SELECT
        customer_id,
        count(*) AS products,
        sum(lines) AS lines,
        sum(units) AS units,
        sum(amount) AS amount,
        max(amount) AS top_amount,
        count(*) FILTER (WHERE first_on >= $as_of_date - 180) AS new_products,
        count(*) FILTER (WHERE orders > 1) AS repeated_products
    FROM products
    WHERE orders > 0
    GROUP BY customer_id
)
SELECT
    baskets.customer_id,
    baskets.products AS products_180d,
    CAST(baskets.lines AS DOUBLE) / purchase_windows.orders_180d AS lines_per_order_180d,
    CAST(baskets.units AS DOUBLE) / baskets.lines AS units_per_line_180d,
    CAST(baskets.amount AS DOUBLE) / baskets.units AS price_per_unit_180d,
    CASE
        WHEN active_customers.first_purchase_on < $as_of_date - 180
            THEN CAST(baskets.new_products AS DOUBLE) / baskets.products
    END AS new_product_share_180d,
    CAST(baskets.repeated_products AS DOUBLE) / baskets.products AS repeat_product_share_180d,
    CAST(baskets.top_amount AS DOUBLE) / nullif(CAST(baskets.amount AS DOUBLE), 0) AS top_product_share_180d
FROM baskets
JOIN active_customers ON active_customers.customer_id = baskets.customer_id
JOIN purchase_windows ON purchase_windows.customer_id = baskets.customer_id
