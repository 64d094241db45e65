/*---
description = "What sales hopes to sell to a customer in force, and how it went so far."
grain = ["customer_id"]
tags = ["opportunities"]
[columns]
open_opportunities = { unit = "number", group = "pipeline", description = "Open opportunities", description_zh = "进行中的商机数" }
open_expansion_amount = { unit = "money", group = "pipeline",
    phrase = "Open opportunities for more", description = "Amount of the open opportunities for more",
    phrase_zh = "进行中的增购商机金额", description_zh = "进行中的增购商机金额" }
open_renewals = { unit = "number", group = "renewal_due", description = "Open renewal opportunities", description_zh = "进行中的续约商机数" }
opportunities_365d = { unit = "number", group = "pipeline", description = "Opportunities opened in the last year", description_zh = "近一年新建商机数" }
won_amount_365d = { unit = "money", group = "buying", description = "Amount won in the last year", description_zh = "近一年赢单金额" }
lost_renewals_365d = { unit = "number", group = "renewals", description = "Renewals lost in the last year", description_zh = "近一年丢失的续约数" }
lost_to_competitor_730d = { unit = "number", description = "Opportunities lost to a competitor in the last two years", description_zh = "近两年输给竞争对手的商机数" }
win_rate_730d = { unit = "share", group = "pipeline",
    phrase = "Opportunities of two years that were won", description = "Share of the opportunities of the last two years that were won",
    phrase_zh = "近两年赢单率", description_zh = "近两年赢单率" }
referrals_730d = { unit = "number", description = "Customers it referred to us in the last two years", description_zh = "近两年转介绍次数" }
---*/
WITH hoped AS (
    SELECT
        customer_id,
        -- What has been open for two years is forgotten, not hoped for.
        COUNT(*) FILTER (WHERE closed_at IS NULL AND created_on >= $as_of_date - 730) AS open_opportunities,
        SUM(amount) FILTER (WHERE closed_at IS NULL AND created_on >= $as_of_date - 730 AND kind <> 'renewal')
            AS open_expansion_amount,
        COUNT(*) FILTER (WHERE closed_at IS NULL AND created_on >= $as_of_date - 730 AND kind = 'renewal') AS open_renewals,
        COUNT(*) FILTER (WHERE created_on >= $as_of_date - 365) AS opportunities_365d,
        SUM(amount) FILTER (WHERE won AND closed_on >= $as_of_date - 365) AS won_amount_365d,
        COUNT(*) FILTER (WHERE NOT won AND closed_on >= $as_of_date - 365 AND kind = 'renewal') AS lost_renewals_365d,
        COUNT(*) FILTER (WHERE NOT won AND closed_on >= $as_of_date - 730 AND competitor IS NOT NULL)
            AS lost_to_competitor_730d,
        COUNT(*) FILTER (WHERE won AND closed_on >= $as_of_date - 730) AS won_730d,
        COUNT(*) FILTER (WHERE won IS NOT NULL AND closed_on >= $as_of_date - 730) AS closed_730d
    FROM opportunities
    GROUP BY customer_id
),
referred AS (
    SELECT referred_by_customer_id AS customer_id, COUNT(DISTINCT customer_id) AS referrals_730d
    FROM opportunities
    WHERE referred_by_customer_id <> customer_id AND created_at >= $as_of - INTERVAL '730 days'
    GROUP BY referred_by_customer_id
),
-- No opportunity is 0 only where opportunities are written down at all.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'crm' AND (SELECT COUNT(*) FROM opportunities) > 0
)
SELECT
    customers.customer_id,
    COALESCE(open_opportunities, 0) AS open_opportunities,
    CAST(COALESCE(open_expansion_amount, 0) AS DECIMAL(18, 2)) AS open_expansion_amount,
    COALESCE(open_renewals, 0) AS open_renewals,
    COALESCE(opportunities_365d, 0) AS opportunities_365d,
    CAST(COALESCE(won_amount_365d, 0) AS DECIMAL(18, 2)) AS won_amount_365d,
    COALESCE(lost_renewals_365d, 0) AS lost_renewals_365d,
    COALESCE(lost_to_competitor_730d, 0) AS lost_to_competitor_730d,
    CAST(won_730d AS DOUBLE) / NULLIF(closed_730d, 0) AS win_rate_730d,
    COALESCE(referrals_730d, 0) AS referrals_730d
FROM customers_in_force AS customers
JOIN linked ON linked.customer_id = customers.customer_id
LEFT JOIN hoped ON hoped.customer_id = customers.customer_id
LEFT JOIN referred ON referred.customer_id = customers.customer_id
