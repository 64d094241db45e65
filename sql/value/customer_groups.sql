/*---
description = "The groups that figures are given for: one row per customer that ever signed, and kind of group."
grain = ["customer_id", "group_kind"]
tags = ["value"]
[columns]
group_kind = { type = "text", description = "all, cohort, industry, region, employees, product_series, product_version, channel" }
group_name = { type = "text", description = "Its group of that kind; unknown where nobody says" }
---*/
-- As the CRM describes a customer now: who changed its version or its region counts with its past in the new one.
-- By employees, not by users under contract as in customer_peers: National Bureau of Statistics of China, classes of industrial enterprises (2017).
WITH described AS (
    SELECT
        purchases.customer_id,
        purchases.first_signed_on,
        account.customer_id IS NOT NULL AS has_account,
        lower(account.industry) AS industry,
        account.region,
        account.employees,
        account.product_series,
        account.product_version,
        account.channel_partner_id
    FROM customer_purchases AS purchases
    LEFT JOIN customers AS account ON account.customer_id = purchases.customer_id
),
kinds AS (
    SELECT column1 AS group_kind
    FROM (VALUES ('all'), ('cohort'), ('industry'), ('region'), ('employees'), ('product_series'), ('product_version'),
                 ('channel')) AS listed
)
SELECT
    described.customer_id,
    kinds.group_kind,
    COALESCE(CASE kinds.group_kind
        WHEN 'all' THEN 'all'
        WHEN 'cohort' THEN CAST(date_part('year', described.first_signed_on) AS VARCHAR)
        WHEN 'industry' THEN described.industry
        WHEN 'region' THEN described.region
        WHEN 'employees' THEN CASE WHEN described.employees < 20 THEN 'micro'
                                   WHEN described.employees < 300 THEN 'small'
                                   WHEN described.employees < 1000 THEN 'medium'
                                   WHEN described.employees >= 1000 THEN 'large' END
        WHEN 'product_series' THEN described.product_series
        -- Versions are numbered alike in all series.
        WHEN 'product_version' THEN described.product_series || ' ' || described.product_version
        -- An account without a partner was sold to directly; without an account nobody knows.
        WHEN 'channel' THEN CASE WHEN described.has_account THEN COALESCE(described.channel_partner_id, 'direct') END
    END, 'unknown') AS group_name
FROM described
CROSS JOIN kinds
