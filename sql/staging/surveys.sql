/*---
description = "What customers answered when asked: one row per survey."
grain = ["survey_id"]
---*/
SELECT
    lower(survey_id) AS survey_id,
    identities.customer_id,
    responded_at,
    CAST(responded_at AS DATE) AS responded_on,
    CASE WHEN nps BETWEEN 0 AND 10 THEN nps END AS nps,
    CASE WHEN csat BETWEEN 1 AND 5 THEN csat END AS csat
FROM crm_surveys
JOIN identities ON identities.source_system = 'crm' AND identities.source_id = lower(crm_surveys.account_id)
-- A time before there was software is a slip.
WHERE responded_at >= TIMESTAMP '1980-01-01T00:00:00Z'
