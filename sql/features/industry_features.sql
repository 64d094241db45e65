/*---
description = "How customers like this one fare: its industry's outlook, losses and size."
grain = ["customer_id"]
tags = ["industry"]
[columns]
industry_outlook = { unit = "share", group = "industry", description = "Expected yearly growth of the industry", description_zh = "行业预期年增长率" }
industry_policy_support = { unit = "flag", group = "industry", description = "The industry is supported by policy", description_zh = "行业受政策支持" }
industry_loss_rate_365d = { unit = "share", group = "industry",
    phrase = "Customers of its industry that left in a year", description = "Share of the customers in its industry a year ago that have left since",
    phrase_zh = "同行业客户近一年流失率", description_zh = "同行业客户近一年流失率" }
industry_users_rank = { unit = "number", group = "size",
    phrase = "Rank in its industry by users (0 lowest, 1 highest)", description = "Rank among its industry by users under contract (0 lowest - 1 highest)",
    phrase_zh = "用户数在同行业中的位次（0 最低，1 最高）", description_zh = "签约用户数在同行业中的位次（0 最低，1 最高）" }
partner_loss_rate_365d = { unit = "share", group = "channel",
    phrase = "Customers of its channel that left in a year", description = "Share of the customers of its channel partner a year ago that have left since",
    phrase_zh = "同渠道客户近一年流失率", description_zh = "同渠道客户近一年流失率" }
---*/
WITH spans AS (
    SELECT
        customer_id,
        BOOL_OR(in_force) AS in_force,
        BOOL_OR(in_force_365d_ago) AS was_in_force
    FROM contracts
    GROUP BY customer_id
),
peers AS (
    SELECT
        account.customer_id,
        -- Industries are typed by hand: the same name in other case is the same industry.
        lower(account.industry) AS industry,
        account.channel_partner_id,
        spans.in_force,
        COUNT(*) FILTER (WHERE was_in_force) OVER (PARTITION BY lower(account.industry)) AS industry_then,
        COUNT(*) FILTER (WHERE was_in_force AND NOT in_force) OVER (PARTITION BY lower(account.industry))
            AS industry_left,
        COUNT(*) FILTER (WHERE was_in_force) OVER (PARTITION BY channel_partner_id) AS partner_then,
        COUNT(*) FILTER (WHERE was_in_force AND NOT in_force) OVER (PARTITION BY channel_partner_id) AS partner_left
    FROM spans
    JOIN customers AS account ON account.customer_id = spans.customer_id
),
ranked AS (
    SELECT
        account.customer_id,
        PERCENT_RANK() OVER (PARTITION BY lower(account.industry) ORDER BY licensed_users) AS industry_users_rank
    FROM contract_features
    JOIN customers AS account ON account.customer_id = contract_features.customer_id
    WHERE account.industry IS NOT NULL AND licensed_users IS NOT NULL
)
SELECT
    peers.customer_id,
    industries.outlook_growth AS industry_outlook,
    industries.policy_support AS industry_policy_support,
    -- A share of a handful says nothing.
    CASE WHEN peers.industry IS NOT NULL AND industry_then >= 20
         THEN CAST(industry_left AS DOUBLE) / industry_then END AS industry_loss_rate_365d,
    industry_users_rank,
    -- Those sold directly count as one channel.
    CASE WHEN partner_then >= 20 THEN CAST(partner_left AS DOUBLE) / partner_then END AS partner_loss_rate_365d
FROM peers
LEFT JOIN industries ON industries.industry = peers.industry
LEFT JOIN ranked ON ranked.customer_id = peers.customer_id
WHERE peers.in_force
