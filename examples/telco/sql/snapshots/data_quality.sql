/*---
description = "What is odd in the file, counted."
grain = ["item"]
[columns]
item = { type = "text", null = false, description = "What is counted" }
customers = { type = "int", null = false, description = "Customers it holds for" }
meaning = { type = "text", null = false, description = "What it is, and what was made of it" }
---*/
SELECT 'all' AS item, count(*) AS customers, 'Every customer of the file' AS meaning
FROM customers
UNION ALL
SELECT 'no_bill_yet', count(*), 'TotalCharges is blank: in the first month, and no bill written. Unknown, not 0'
FROM customers
WHERE total_charges IS NULL
UNION ALL
SELECT 'no_internet', count(*), 'No internet service: six columns that ask for extras are null'
FROM customers
WHERE internet = 'none'
UNION ALL
SELECT 'no_telephone', count(*), 'No phone service: whether there are several lines is null'
FROM customers
WHERE NOT has_phone
UNION ALL
SELECT 'bill_has_changed', count(*), 'TotalCharges is more than a tenth away from months times MonthlyCharges: the price changed on the way'
FROM customers
WHERE abs(total_charges - monthly_charge * tenure_months) > monthly_charge * tenure_months / 10
