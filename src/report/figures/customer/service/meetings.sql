/*---
title = "How we met"
title_zh = "双方互动"
empty = "No meeting is written down yet."
empty_zh = "暂无互动记录。"
[columns]
meeting = { en = "Meeting", zh = "互动", as = "word" }
held_12m = { en = "In 12 months", zh = "近 12 个月次数", as = "count" }
last_on = { en = "Last", zh = "最近一次", as = "date" }
---*/
WITH service AS (
    SELECT * FROM customer_service WHERE customer_id = $customer AND meetings_12m IS NOT NULL
),
kinds AS (
    SELECT 1 AS place, 'qbr' AS meeting, reviews_12m AS held_12m, last_review_on AS last_on FROM service
    UNION ALL
    SELECT 2 AS place, 'executive_visit' AS meeting, executive_visits_12m AS held_12m, last_executive_visit_on AS last_on
    FROM service
    UNION ALL
    SELECT 3 AS place, 'training' AS meeting, trainings_12m AS held_12m, last_training_on AS last_on FROM service
    UNION ALL
    SELECT 4 AS place, 'all_meetings' AS meeting, meetings_12m AS held_12m, last_meeting_on AS last_on FROM service
)
SELECT meeting, held_12m, last_on
FROM kinds
ORDER BY place
