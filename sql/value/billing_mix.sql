/*---
description = "What the billing of 12 months was for, and what was billed in the 12 months before."
grain = ["customer_id"]
tags = ["value", "revenue"]
[columns]
revenue_12m_before = { type = "decimal(18,2)", description = "Billed in the 12 months before the last 12, credit notes taken off; null where the lake's invoices do not reach so far back" }
license_share = { type = "double", description = "Share of the billing of 12 months that was licences (0-1)" }
subscription_share = { type = "double", description = "Share that was subscriptions (0-1)" }
service_fee_share = { type = "double", description = "Share that was service fees (0-1)" }
customization_share = { type = "double", description = "Share that was customization projects (0-1)" }
addition_share = { type = "double", description = "Share that was modules, users and upgrades (0-1)" }
---*/
-- Of billing, not of the value in force: that knows neither licences nor projects. Each kind after its credit notes;
-- one that was credited more than it was billed brought nothing. What names no contract that we know is in the whole and
-- in no kind.
WITH billed AS (
    SELECT
        invoices.customer_id,
        CASE WHEN contracts.contract_type IN ('module', 'users', 'upgrade') THEN 'addition'
             ELSE COALESCE(contracts.contract_type, 'other') END AS kind,
        COALESCE(SUM(invoices.amount) FILTER (WHERE invoices.invoiced_at >= $as_of - INTERVAL '12 months'), 0)
            AS amount,
        COALESCE(SUM(invoices.amount) FILTER (WHERE invoices.invoiced_at < $as_of - INTERVAL '12 months'), 0) AS before
    FROM invoices
    LEFT JOIN contracts ON contracts.contract_id = invoices.contract_id
    WHERE invoices.invoiced_at >= $as_of - INTERVAL '24 months'
    GROUP BY 1, 2
),
added AS (
    SELECT
        customer_id,
        SUM(before) AS before,
        CAST(SUM(GREATEST(amount, 0)) AS DOUBLE) AS whole,
        CAST(COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE kind = 'license'), 0) AS DOUBLE) AS licenses,
        CAST(COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE kind = 'subscription'), 0) AS DOUBLE) AS subscriptions,
        CAST(COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE kind = 'service_fee'), 0) AS DOUBLE) AS service_fees,
        CAST(COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE kind = 'customization'), 0) AS DOUBLE) AS customizations,
        CAST(COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE kind = 'addition'), 0) AS DOUBLE) AS additions
    FROM billed
    GROUP BY customer_id
),
-- Where invoices begin later than two years ago, the year before is not known: nobody was billed 0 in it.
reach AS (
    SELECT CASE WHEN MIN(invoiced_at) < $as_of - INTERVAL '23 months' THEN TRUE ELSE FALSE END AS knows_the_year_before
    FROM invoices
)
SELECT
    customers.customer_id,
    CASE WHEN reach.knows_the_year_before THEN CAST(COALESCE(before, 0) AS DECIMAL(18, 2)) END AS revenue_12m_before,
    licenses / NULLIF(whole, 0) AS license_share,
    subscriptions / NULLIF(whole, 0) AS subscription_share,
    service_fees / NULLIF(whole, 0) AS service_fee_share,
    customizations / NULLIF(whole, 0) AS customization_share,
    additions / NULLIF(whole, 0) AS addition_share
FROM customers_in_force AS customers
CROSS JOIN reach
LEFT JOIN added ON added.customer_id = customers.customer_id
