/*---
description = "Whether a customer in force pays later than it used to: one row per customer with invoices due."
grain = ["customer_id"]
tags = ["value"]
[columns]
invoices_due_90d = { type = "int", description = "Invoices due in the last 90 days" }
invoices_due_90d_before = { type = "int", description = "Invoices due in the 90 days before" }
invoices_due_365d_before = { type = "int", description = "Invoices due in the year before the last 90 days" }
late_days_90d = { type = "double", description = "Average days late of the invoices due in the last 90 days; unpaid ones up to today; null under two" }
late_days_90d_before = { type = "double", description = "The same of the 90 days before" }
late_days_365d_before = { type = "double", description = "The same of the year before the last 90 days" }
payment_slower_days = { type = "double", description = "By how many days later it pays than in the year before" }
payment_slower_days_90d = { type = "double", description = "By how many days later it pays than in the 90 days before" }
---*/
-- Average days delinquent, as credit managers count them, per invoice and not by money. One invoice says nothing, so it
-- takes two on either side. An unpaid invoice counts what it is late by now: the real delay is that or more.
WITH due AS (
    SELECT
        customer_id,
        COUNT(days_late) FILTER (WHERE due_on >= $as_of_date - 90) AS now_due,
        SUM(days_late) FILTER (WHERE due_on >= $as_of_date - 90) AS now_late,
        COUNT(days_late) FILTER (WHERE due_on < $as_of_date - 90 AND due_on >= $as_of_date - 180) AS quarter_due,
        SUM(days_late) FILTER (WHERE due_on < $as_of_date - 90 AND due_on >= $as_of_date - 180) AS quarter_late,
        COUNT(days_late) FILTER (WHERE due_on < $as_of_date - 90 AND due_on >= $as_of_date - 455) AS year_due,
        SUM(days_late) FILTER (WHERE due_on < $as_of_date - 90 AND due_on >= $as_of_date - 455) AS year_late
    FROM receivables
    WHERE due_on < $as_of_date
    GROUP BY customer_id
),
averages AS (
    SELECT
        *,
        CASE WHEN now_due >= 2 THEN CAST(now_late AS DOUBLE) / now_due END AS now_days,
        CASE WHEN quarter_due >= 2 THEN CAST(quarter_late AS DOUBLE) / quarter_due END AS quarter_days,
        CASE WHEN year_due >= 2 THEN CAST(year_late AS DOUBLE) / year_due END AS year_days
    FROM due
)
SELECT
    customers.customer_id,
    now_due AS invoices_due_90d,
    quarter_due AS invoices_due_90d_before,
    year_due AS invoices_due_365d_before,
    now_days AS late_days_90d,
    quarter_days AS late_days_90d_before,
    year_days AS late_days_365d_before,
    now_days - year_days AS payment_slower_days,
    now_days - quarter_days AS payment_slower_days_90d
FROM customers_in_force AS customers
JOIN averages ON averages.customer_id = customers.customer_id
