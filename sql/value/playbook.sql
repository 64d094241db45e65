/*---
description = "What to do about each customer: a first, plain answer from its quadrant and its health."
grain = ["customer_id"]
---*/
SELECT
    quadrant.customer_id,
    CASE
        WHEN quadrant.quadrant IN ('star', 'cash_cow') AND health.band = 'churn_alert' THEN 'rescue'
        WHEN quadrant.quadrant = 'star' AND health.band = 'at_risk' THEN 'defend'
        WHEN quadrant.quadrant = 'star' THEN 'grow'
        WHEN quadrant.quadrant = 'cash_cow' AND health.band = 'at_risk' THEN 'defend'
        WHEN quadrant.quadrant = 'cash_cow' THEN 'maintain'
        -- Nobody buys more of what does not work.
        WHEN quadrant.quadrant = 'question_mark' AND health.band IN ('at_risk', 'churn_alert') THEN 'repair'
        WHEN quadrant.quadrant = 'question_mark' THEN 'develop'
        WHEN quadrant.quadrant = 'dog' AND health.band = 'churn_alert' THEN 'let_go'
        WHEN quadrant.quadrant = 'dog' THEN 'serve_lightly'
    END AS playbook
FROM quadrant
LEFT JOIN health ON health.customer_id = quadrant.customer_id
