/*---
description = "What sales hopes to sell, and how it ended: one row per opportunity."
grain = ["opportunity_id"]
---*/
SELECT
    lower(opportunity_id) AS opportunity_id,
    identities.customer_id,
    lower(kind) AS kind,
    lower(module) AS module,
    amount,
    created_at,
    CAST(created_at AS DATE) AS created_on,
    closed_at,
    CAST(closed_at AS DATE) AS closed_on,
    won,
    competitor,
    referrers.customer_id AS referred_by_customer_id
FROM crm_opportunities
JOIN identities ON identities.source_system = 'crm' AND identities.source_id = lower(crm_opportunities.account_id)
LEFT JOIN identities AS referrers
    ON referrers.source_system = 'crm' AND referrers.source_id = lower(crm_opportunities.referred_by_account_id)
