/*---
description = "How punctually a customer in force pays."
grain = ["customer_id"]
tags = ["payments"]
[columns]
overdue_amount = { unit = "money", group = "payment", description = "Not paid although due", description_zh = "逾期未付金额" }
overdue_share_365d = { unit = "share", group = "payment", description = "Overdue amount as a share of the last year's billing", description_zh = "逾期未付占近一年开票额的比例" }
overdue_days_max = { unit = "days", group = "payment",
    phrase = "Oldest unpaid invoice overdue for", description = "Days the oldest unpaid invoice is overdue",
    phrase_zh = "最久未付发票逾期", description_zh = "最长逾期天数" }
late_days_avg_365d = { unit = "days", group = "payment",
    phrase = "Average delay of payment in a year", description = "Average days late, invoices due in the last year",
    phrase_zh = "近一年平均付款逾期", description_zh = "近一年平均付款逾期天数" }
late_days_avg_90d = { unit = "days", group = "payment",
    phrase = "Average delay of payment in 90 days", description = "Average days late, invoices due in the last 90 days",
    phrase_zh = "近 90 天平均付款逾期", description_zh = "近 90 天平均付款逾期天数" }
late_share_365d = { unit = "share", group = "payment",
    phrase = "Invoices paid more than a week late in a year", description = "Share of invoices due in the last year that were paid more than a week late",
    phrase_zh = "近一年逾期超过一周的发票占比", description_zh = "近一年逾期超过一周的发票比例" }
days_since_payment = { unit = "days", group = "payment",
    phrase = "Since the last payment", description = "Days since the last payment",
    phrase_zh = "距最近一次付款", description_zh = "距最近一次付款的天数" }
---*/
WITH due AS (
    SELECT
        customer_id,
        COALESCE(SUM(open_amount) FILTER (WHERE due_on < $as_of_date), 0) AS overdue_amount,
        SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365) AS charged_365d,
        MAX(days_late) FILTER (WHERE open_amount > 0) AS overdue_days_max,
        SUM(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 365) AS late_days_365d,
        COUNT(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 365) AS due_365d,
        COUNT(*) FILTER (WHERE days_late > 7 AND due_on < $as_of_date AND due_on >= $as_of_date - 365) AS late_365d,
        SUM(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 90) AS late_days_90d,
        COUNT(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 90) AS due_90d,
        MAX(last_paid_on) AS last_paid_on
    FROM receivables
    GROUP BY customer_id
)
SELECT
    customers.customer_id,
    CAST(overdue_amount AS DECIMAL(18, 2)) AS overdue_amount,
    CAST(overdue_amount AS DOUBLE) / NULLIF(CAST(charged_365d AS DOUBLE), 0) AS overdue_share_365d,
    COALESCE(overdue_days_max, 0) AS overdue_days_max,
    CAST(late_days_365d AS DOUBLE) / NULLIF(due_365d, 0) AS late_days_avg_365d,
    CAST(late_days_90d AS DOUBLE) / NULLIF(due_90d, 0) AS late_days_avg_90d,
    CAST(late_365d AS DOUBLE) / NULLIF(due_365d, 0) AS late_share_365d,
    $as_of_date - last_paid_on AS days_since_payment
FROM customers_in_force AS customers
JOIN due ON due.customer_id = customers.customer_id
