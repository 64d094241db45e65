/*---
description = "Through whom each customer that ever signed is sold to, now and a year ago: one channel each."
grain = ["customer_id"]
tags = ["value", "channel"]
[columns]
channel = { type = "text", null = false, description = "Its channel partner, or direct" }
channel_year_ago = { type = "text", description = "The same a year ago, as the CRM said; null if it knew no such account then" }
---*/
-- Today's partner answers for a customer's whole year, so that none counts twice; who changed is counted apart.
WITH year_ago AS (
    SELECT account_id, COALESCE(channel_partner_id, 'direct') AS channel
    FROM account_versions
    WHERE valid_from < $as_of - INTERVAL '12 months'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY valid_from DESC) = 1
)
SELECT
    signed.customer_id,
    COALESCE(account.channel_partner_id, 'direct') AS channel,
    year_ago.channel AS channel_year_ago
FROM (SELECT DISTINCT customer_id FROM contracts) AS signed
LEFT JOIN customers AS account ON account.customer_id = signed.customer_id
LEFT JOIN year_ago ON year_ago.account_id = account.account_id
