/*---
description = "How regularly a customer buys, and how overdue the next purchase is by that customer's own measure."
grain = ["customer_id"]
tags = ["rfm"]
[columns]
tenure_days = { type = "int", unit = "days",
    phrase = "Customer for (at most 180 days are counted)", description = "Days since the first purchase in the data, at most 180: the oldest cutoffs know no more",
    phrase_zh = "首次购买至今（最多计 180 天）", description_zh = "首次购买至今的天数，最多计 180 天：最早的截止日看不到更早的数据" }
purchase_days = { type = "int", unit = "number", group = "frequency", description = "Different days with a purchase, last 180 days", description_zh = "近 180 天有购买的天数" }
mean_gap_days = { type = "double", unit = "days", group = "rhythm",
    phrase = "Average gap between purchases", description = "Mean days between two days with a purchase, null after only one",
    phrase_zh = "平均购买间隔", description_zh = "两个购买日的平均间隔天数，只有一个购买日时为空" }
longest_gap_days = { type = "int", unit = "days", group = "rhythm",
    phrase = "Longest gap between purchases", description = "Longest gap between two days with a purchase, days",
    phrase_zh = "最长购买间隔", description_zh = "两个购买日之间最长的间隔天数" }
last_gap_days = { type = "int", unit = "days", group = "rhythm",
    phrase = "Last gap between purchases", description = "Days between the last two days with a purchase",
    phrase_zh = "最近一次购买间隔", description_zh = "最近两个购买日的间隔天数" }
overdue_ratio = { type = "double", unit = "number", group = "recency",
    phrase = "Time since the last purchase, in average gaps", description = "Days since the last purchase, in mean gaps: 2 = twice as long as usual",
    phrase_zh = "距最近一次购买为平均间隔的倍数", description_zh = "距最近一次购买的天数与平均间隔之比：2 即已是平时的两倍" }
overdue_longest_ratio = { type = "double", unit = "number", group = "recency",
    phrase = "Time since the last purchase, in longest gaps", description = "Days since the last purchase, in longest gaps: above 1 = never waited so long",
    phrase_zh = "距最近一次购买为最长间隔的倍数", description_zh = "距最近一次购买的天数与最长间隔之比：大于 1 即从未等过这么久" }
active_months_180d = { type = "int", unit = "number", group = "frequency",
    phrase = "Of the last six 30-day spells, with a purchase", description = "Of the last six 30-day spells, those with a purchase",
    phrase_zh = "最近六个 30 天中有购买的个数", description_zh = "最近六个 30 天中有购买的个数" }
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
