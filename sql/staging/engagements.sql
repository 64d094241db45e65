/*---
description = "Meetings with customers: one row each."
grain = ["engagement_id"]
---*/
SELECT
    lower(engagement_id) AS engagement_id,
    identities.customer_id,
    held_at,
    CAST(held_at AS DATE) AS held_on,
    lower(kind) AS kind,
    lower(customer_level) AS customer_level
FROM crm_engagements
JOIN identities ON identities.source_system = 'crm' AND identities.source_id = lower(crm_engagements.account_id)
-- A time before there was software is a slip.
WHERE held_at >= TIMESTAMP '1980-01-01T00:00:00Z'
