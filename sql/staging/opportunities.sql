/*---
description = "What sales hopes to sell, and how it ended: one row per opportunity."
grain = ["opportunity_id"]
---*/
SELECT
    lower(opportunity_id) AS opportunity_id,
    identities.customer_id,
    lower(kind) AS kind,
    lower(module) AS module,
    -- An amount that nobody can mean is unknown.
    CASE WHEN amount BETWEEN 0 AND $largest_amount THEN amount END AS amount,
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
-- A time before there was software is a slip.
WHERE created_at >= TIMESTAMP '1980-01-01T00:00:00Z'
