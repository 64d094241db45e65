/*---
description = "What a customer buys: breadth, packs, prices and whether it is still trying new products."
grain = ["customer_id"]
tags = ["assortment"]
[columns]
products_180d = { type = "int", description = "Different products bought in the last 180 days" }
lines_per_order_180d = { type = "double", description = "Invoice lines per purchase" }
units_per_line_180d = { type = "double", description = "Units per line: a shop buys dozens, a household ones" }
price_per_unit_180d = { type = "double", description = "Mean price paid per unit, pounds" }
new_product_share_180d = { type = "double", description = "Of the products of the last 180 days, the part never bought before them, 0-1, null for a new customer" }
repeat_product_share_180d = { type = "double", description = "Of the products of the last 180 days, the part bought in more than one purchase, 0-1" }
top_product_share_180d = { type = "double", description = "Part of the money that went into the one largest product, 0-1" }
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
