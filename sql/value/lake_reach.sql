/*---
description = "Since when the lake tells of customers who left: one row."
materialized = "view"
[columns]
known_since = { type = "date", description = "Day of the first invoice or ticket, the earlier one; null before there is any" }
---*/
-- Contracts reach back further than that, but often only those of customers who were still here when the lake was first
-- filled: before that day nobody ever left, and every retention would be 100 %. A date before there was
-- software is a slip.
SELECT MIN(day) AS known_since
FROM (
    SELECT MIN(CASE WHEN invoiced_on >= DATE '1980-01-01' THEN invoiced_on END) AS day FROM invoices
    UNION ALL
    SELECT MIN(CASE WHEN opened_on >= DATE '1980-01-01' THEN opened_on END) FROM tickets
) AS firsts
