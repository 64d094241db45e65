/*---
description = "How regularly a customer buys, and how overdue the next purchase is by that customer's own measure."
grain = ["customer_id"]
tags = ["rfm"]
[columns]
tenure_days = { type = "int", description = "Days since the first purchase in the data, at most 180: the oldest cutoffs know no more" }
purchase_days = { type = "int", description = "Different days with a purchase, last 180 days" }
mean_gap_days = { type = "double", description = "Mean days between two days with a purchase, null after only one" }
longest_gap_days = { type = "int", description = "Longest such gap, days" }
last_gap_days = { type = "int", description = "Days between the last two days with a purchase" }
overdue_ratio = { type = "double", description = "Days since the last purchase, in mean gaps: 2 = twice as long as usual" }
overdue_longest_ratio = { type = "double", description = "Days since the last purchase, in longest gaps: above 1 = never waited so long" }
active_months_180d = { type = "int", description = "Of the last six 30-day spells, those with a purchase" }
---*/
WITH days AS (
    SELECT DISTINCT customer_id, invoiced_on
    FROM invoices
    WHERE NOT is_return
), gaps AS (
    SELECT
        customer_id,
        invoiced_on,
        invoiced_on - lag(invoiced_on) OVER (PARTITION BY customer_id ORDER BY invoiced_on) AS gap_days,
        row_number() OVER (PARTITION BY customer_id ORDER BY invoiced_on DESC) AS place
    FROM days
), rhythm AS (
    SELECT
        customer_id,
        max(invoiced_on) AS last_on,
        count(*) FILTER (WHERE invoiced_on >= $as_of_date - 180) AS purchase_days,
        sum(gap_days) AS gaps_days,
        count(gap_days) AS gaps,
        max(gap_days) AS longest_gap_days,
        max(gap_days) FILTER (WHERE place = 1) AS last_gap_days,
        count(DISTINCT ($as_of_date - invoiced_on - 1) / 30) FILTER (WHERE invoiced_on >= $as_of_date - 180)
            AS active_months_180d
    FROM gaps
    GROUP BY customer_id
)
SELECT
    rhythm.customer_id,
    least($as_of_date - active_customers.first_purchase_on, 180) AS tenure_days,
    rhythm.purchase_days,
    CAST(rhythm.gaps_days AS DOUBLE) / nullif(rhythm.gaps, 0) AS mean_gap_days,
    rhythm.longest_gap_days,
    rhythm.last_gap_days,
    CAST(($as_of_date - rhythm.last_on) * rhythm.gaps AS DOUBLE) / rhythm.gaps_days AS overdue_ratio,
    CAST($as_of_date - rhythm.last_on AS DOUBLE) / rhythm.longest_gap_days AS overdue_longest_ratio,
    rhythm.active_months_180d
FROM rhythm
JOIN active_customers ON active_customers.customer_id = rhythm.customer_id
