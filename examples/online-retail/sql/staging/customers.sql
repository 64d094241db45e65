/*---
description = """Everyone who has ever bought. Thirteen customers stand in two countries: the country of the newest \
invoice counts, and the number of countries is kept."""
grain = ["customer_id"]
[columns]
country = { type = "text", description = "As written in the file, null where that says Unspecified" }
countries = { type = "int", description = "Countries on the customer's invoices" }
---*/
WITH newest_first AS (
    SELECT
        customer_id,
        country,
        row_number() OVER (PARTITION BY customer_id ORDER BY invoiced_on DESC, invoiced_hour DESC, invoice DESC) AS place
    FROM invoices
), per_customer AS (
    SELECT
        customer_id,
        min(invoiced_on) FILTER (WHERE NOT is_return) AS first_purchase_on,
        max(invoiced_on) FILTER (WHERE NOT is_return) AS last_purchase_on,
        count(DISTINCT country) AS countries
    FROM invoices
    GROUP BY customer_id
)
SELECT
    per_customer.customer_id,
    nullif(newest_first.country, 'Unspecified') AS country,
    per_customer.countries,
    per_customer.first_purchase_on,
    per_customer.last_purchase_on
FROM per_customer
JOIN newest_first ON newest_first.customer_id = per_customer.customer_id AND newest_first.place = 1
-- Some only ever returned what they had bought before the file begins.
WHERE per_customer.first_purchase_on IS NOT NULL
