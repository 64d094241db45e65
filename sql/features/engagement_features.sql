/*---
description = "How often we meet a customer in force, and with whom."
grain = ["customer_id"]
tags = ["engagement"]
[columns]
engagements_90d = { unit = "number", group = "meetings", description = "Meetings in the last 90 days", description_zh = "近 90 天互动次数" }
engagements_365d = { unit = "number", group = "meetings", description = "Meetings in the last year", description_zh = "近一年互动次数" }
executive_meetings_180d = { unit = "number", group = "meetings", description = "Meetings with executives in the last half year", description_zh = "近半年高层互动次数" }
business_reviews_365d = { unit = "number", group = "meetings", description = "Business reviews in the last year", description_zh = "近一年业务回顾次数" }
trainings_365d = { unit = "number", group = "meetings", description = "Trainings in the last year", description_zh = "近一年培训次数" }
days_since_engagement = { unit = "days", group = "meetings",
    phrase = "Since the last meeting", description = "Days since the last meeting",
    phrase_zh = "距最近一次互动", description_zh = "距最近一次互动的天数" }
---*/
WITH met AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE held_on >= $as_of_date - 90) AS engagements_90d,
        COUNT(*) FILTER (WHERE held_on >= $as_of_date - 365) AS engagements_365d,
        COUNT(*) FILTER (WHERE is_executive AND held_on >= $as_of_date - 180) AS executive_meetings_180d,
        COUNT(*) FILTER (WHERE kind = 'qbr' AND held_on >= $as_of_date - 365) AS business_reviews_365d,
        COUNT(*) FILTER (WHERE kind = 'training' AND held_on >= $as_of_date - 365) AS trainings_365d,
        MAX(held_on) AS last_held_on
    FROM (SELECT *, customer_level = 'executive' OR kind = 'executive_visit' AS is_executive FROM engagements) AS meetings
    GROUP BY customer_id
),
-- Nobody met is 0 only where meetings are written down at all.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'crm' AND (SELECT COUNT(*) FROM engagements) > 0
)
SELECT
    customers.customer_id,
    COALESCE(engagements_90d, 0) AS engagements_90d,
    COALESCE(engagements_365d, 0) AS engagements_365d,
    COALESCE(executive_meetings_180d, 0) AS executive_meetings_180d,
    COALESCE(business_reviews_365d, 0) AS business_reviews_365d,
    COALESCE(trainings_365d, 0) AS trainings_365d,
    $as_of_date - last_held_on AS days_since_engagement
FROM customers_in_force AS customers
JOIN linked ON linked.customer_id = customers.customer_id
LEFT JOIN met ON met.customer_id = customers.customer_id
