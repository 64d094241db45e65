/*---
description = """Where every line of the file went. `all` is the file; the lines and pounds of `dropped` and `kept` add up \
to it to the last penny; `note` says something else worth knowing."""
grain = ["part", "item"]
[columns]
part = { type = "text", null = false, description = "all | dropped | kept | note" }
item = { type = "text", null = false, description = "What is counted" }
lines = { type = "int", null = false, description = "Invoice lines" }
customers = { type = "int", null = false, description = "Different customers on them" }
amount = { type = "decimal(18,2)", null = false, description = "Quantity times price, pounds" }
meaning = { type = "text", null = false, description = "What it is and why" }
---*/
WITH fates AS (
    SELECT
        CASE WHEN dropped_because IS NULL THEN 'kept' ELSE 'dropped' END AS part,
        CASE
            WHEN dropped_because IS NOT NULL THEN dropped_because
            WHEN is_return THEN 'returns'
            ELSE 'purchases'
        END AS item,
        customer_id,
        amount
    FROM invoice_lines
    UNION ALL
    SELECT 'all', 'known_lines', customer_id, amount FROM invoice_lines
    UNION ALL
    SELECT 'note', 'customers_in_several_countries', invoice_lines.customer_id, invoice_lines.amount
    FROM invoice_lines
    JOIN customers ON customers.customer_id = invoice_lines.customer_id AND customers.countries > 1
    WHERE invoice_lines.dropped_because IS NULL
    UNION ALL
    SELECT 'note', 'customers_with_returns_only', invoice_lines.customer_id, invoice_lines.amount
    FROM invoice_lines
    LEFT JOIN customers ON customers.customer_id = invoice_lines.customer_id
    WHERE invoice_lines.dropped_because IS NULL AND customers.customer_id IS NULL
)
SELECT
    part,
    item,
    count(*) AS lines,
    count(DISTINCT customer_id) AS customers,
    CAST(sum(amount) AS DECIMAL(18, 2)) AS amount,
    CASE item
        WHEN 'known_lines' THEN 'Every line of both sheets known on this day'
        WHEN 'in_both_sheets' THEN '1 to 9 December 2010 stand in both sheets; the copy in the first one is dropped'
        WHEN 'no_price' THEN 'Price of 0 or less: write-offs, breakages, gifts, bad debt'
        WHEN 'not_a_product' THEN 'Postage, manual entries, discounts, fees, vouchers, samples, tests'
        WHEN 'no_customer' THEN 'Products sold or returned without a customer number: real money, nobody to score'
        WHEN 'purchases' THEN 'Products bought by known customers'
        WHEN 'returns' THEN 'Cancellations by known customers: they lower revenue on the day they are made'
        WHEN 'customers_in_several_countries' THEN 'Kept lines of customers in more than one country: the newest counts'
        WHEN 'customers_with_returns_only' THEN 'Kept lines of customers who only returned: bought before the file begins'
    END AS meaning
FROM fates
GROUP BY part, item
