/*---
description = """Every line of the file, none left out: cleaned, with its amount in exact money and, where the project \
does not use it, the reason why. A line has one reason, the first that holds in the order below."""
tags = ["cleaning"]
[columns]
invoice = { type = "text", description = "C… is a cancellation, A… an adjustment of bad debt" }
product = { type = "text", description = "Stock code, trimmed and in capitals: 85123a and 85123A are one product" }
amount = { type = "decimal(18,2)", description = "Quantity times price in pounds, rounded per line; negative for a return" }
dropped_because = { type = "text", description = "in_both_sheets | no_price | not_a_product | no_customer, null for a line in use" }
---*/
WITH lines AS (
    SELECT
        "Invoice" AS invoice,
        upper(trim("StockCode")) AS product,
        CAST("Customer ID" AS VARCHAR) AS customer_id,
        "Country" AS country,
        CAST("InvoiceDate" AS DATE) AS invoiced_on,
        CAST(date_part('hour', "InvoiceDate") AS BIGINT) AS invoiced_hour,
        "Quantity" AS quantity,
        -- The cheapest price is 0.001, hence three places.
        CAST("Price" AS DECIMAL(12, 3)) AS price,
        sheet
    FROM shop_invoice_lines
)
SELECT
    invoice,
    product,
    customer_id,
    country,
    invoiced_on,
    invoiced_hour,
    quantity,
    price,
    CAST(round(price * CAST(quantity AS DECIMAL(12, 0)), 2) AS DECIMAL(18, 2)) AS amount,
    invoice LIKE 'C%' AS is_return,
    CASE
        -- Both sheets hold 1 to 9 December 2010, line for line. The second sheet's copy stays: told apart by
        -- sheet and day, because a line that stands twice within one sheet is real.
        WHEN sheet = 'Year 2009-2010' AND invoiced_on >= DATE '2010-12-01' THEN 'in_both_sheets'
        -- Write-offs, breakages, samples and gifts at 0; bad debt below 0.
        WHEN price <= 0 THEN 'no_price'
        -- Products have five digits and perhaps a letter, or one of these codes. The rest is postage (POST, DOT,
        -- C2), manual entries (M), discounts (D), fees, vouchers, samples, tests and bank charges.
        WHEN NOT (
            regexp_like(product, '^[0-9]{5}') OR product LIKE 'DCGS%' OR product IN ('PADS', 'SP1002')
        ) THEN 'not_a_product'
        WHEN customer_id IS NULL THEN 'no_customer'
    END AS dropped_because
FROM lines
