/*---
description = "What the scorecards judge a customer in force by: its features, its money, and what the models expect."
grain = ["customer_id"]
---*/
SELECT
    features.*,
    value.* EXCEPT (customer_id),
    growth.probability AS expansion_probability,
    growth.expected AS expected_expansion,
    -- One for a sponsor, one for each meeting with an executive in half a year, up to three. Where one of both is
    -- unknown the other counts alone, unless it is 0: that there are no ties is known only by both.
    COALESCE(
        CAST(features.executive_sponsor AS BIGINT)
            + CASE WHEN features.executive_meetings_180d > 3 THEN 3 ELSE features.executive_meetings_180d END,
        NULLIF(CAST(features.executive_sponsor AS BIGINT), 0),
        NULLIF(CASE WHEN features.executive_meetings_180d > 3 THEN 3 ELSE features.executive_meetings_180d END, 0)
    ) AS executive_ties
FROM customer_features AS features
JOIN customer_value AS value ON value.customer_id = features.customer_id
LEFT JOIN growth_potential AS growth ON growth.customer_id = features.customer_id
