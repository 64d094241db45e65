/*---
description = "What a customer in force was billed, what that cost, and where it is heading."
grain = ["customer_id"]
tags = ["revenue"]
[columns]
revenue_180d = { unit = "money", group = "size", description = "Billed in the last 180 days", description_zh = "近 180 天开票额" }
revenue_365d = { unit = "money", group = "size", description = "Billed in the last year", description_zh = "近一年开票额" }
revenue_trend_180d = { unit = "change", group = "billing_trend",
    phrase = "Billing of 180 days against a year before", description = "Change of billing, last 180 days against the same days a year before",
    phrase_zh = "近 180 天开票额同比", description_zh = "近 180 天开票额同比变化" }
revenue_trend_365d = { unit = "change", group = "billing_trend",
    phrase = "Billing of a year against the year before", description = "Change of billing, last year against the year before",
    phrase_zh = "近一年开票额同比", description_zh = "近一年开票额同比变化" }
margin_365d = { unit = "money", group = "size", description = "Billed minus cost in the last year", description_zh = "近一年毛利" }
margin_rate_365d = { unit = "share",
    phrase = "Margin of the last year's billing", description = "Share of the last year's billing that is left after cost",
    phrase_zh = "近一年毛利率", description_zh = "近一年毛利率" }
credited_share_365d = { unit = "share", description = "Share of the last year's billing that was credited back", description_zh = "近一年冲红金额占比" }
days_since_invoice = { unit = "days",
    phrase = "Since the last invoice", description = "Days since the last invoice",
    phrase_zh = "距最近一张发票", description_zh = "距最近一张发票的天数" }
---*/
WITH billed AS (
    SELECT
        customer_id,
        COALESCE(SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 180), 0) AS revenue_180d,
        COALESCE(SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365), 0) AS revenue_365d,
        COALESCE(SUM(cost) FILTER (WHERE invoiced_on >= $as_of_date - 365), 0) AS cost_365d,
        SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 545 AND invoiced_on < $as_of_date - 365)
            AS revenue_180d_year_ago,
        SUM(amount) FILTER (WHERE invoiced_on < $as_of_date - 365) AS revenue_year_ago,
        SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365 AND amount > 0) AS charged_365d,
        COALESCE(SUM(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365 AND amount < 0), 0) AS credited_365d,
        MAX(invoiced_on) FILTER (WHERE amount >= 0) AS last_invoiced_on
    FROM invoices
    WHERE invoiced_at >= $as_of - INTERVAL '730 days'
    GROUP BY customer_id
)
-- A customer in force without an invoice in two years was billed 0: that is the truth, not a gap.
SELECT
    customers.customer_id,
    CAST(COALESCE(revenue_180d, 0) AS DECIMAL(18, 2)) AS revenue_180d,
    CAST(COALESCE(revenue_365d, 0) AS DECIMAL(18, 2)) AS revenue_365d,
    CAST(revenue_180d AS DOUBLE) / NULLIF(CAST(revenue_180d_year_ago AS DOUBLE), 0) - 1 AS revenue_trend_180d,
    CAST(revenue_365d AS DOUBLE) / NULLIF(CAST(revenue_year_ago AS DOUBLE), 0) - 1 AS revenue_trend_365d,
    CAST(COALESCE(revenue_365d - cost_365d, 0) AS DECIMAL(18, 2)) AS margin_365d,
    CAST(revenue_365d - cost_365d AS DOUBLE) / NULLIF(CAST(revenue_365d AS DOUBLE), 0) AS margin_rate_365d,
    CAST(-credited_365d AS DOUBLE) / NULLIF(CAST(charged_365d AS DOUBLE), 0) AS credited_share_365d,
    $as_of_date - last_invoiced_on AS days_since_invoice
FROM customers_in_force AS customers
LEFT JOIN billed ON billed.customer_id = customers.customer_id
