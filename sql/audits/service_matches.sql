/*---
description = "How each customer is served has the snapshot's customers once, with the figures that other tables tell, and is possible."
---*/
SELECT
    COALESCE(snapshot.customer_id, service.customer_id) AS customer_id,
    CASE WHEN service.customer_id IS NULL THEN 'missing'
         WHEN snapshot.customer_id IS NULL THEN 'not in the snapshot'
         WHEN (service.complaints_90d IS DISTINCT FROM signals.complaints_90d)
           OR (service.nps IS DISTINCT FROM snapshot.nps)
           OR service.tickets_12m <> support.tickets_12m
           OR service.answered_12m <> support.answered_tickets_12m
           OR (service.in_time_share_12m
               IS DISTINCT FROM CAST(support.in_time_tickets_12m AS DOUBLE) / NULLIF(support.answered_tickets_12m, 0))
         THEN 'another figure than elsewhere'
         ELSE 'a part is more than the whole' END AS finding
FROM customer_service AS service
FULL JOIN customer_snapshot AS snapshot ON snapshot.customer_id = service.customer_id
LEFT JOIN customer_signals AS signals ON signals.customer_id = snapshot.customer_id
LEFT JOIN customer_support AS support ON support.customer_id = snapshot.customer_id
WHERE service.customer_id IS NULL
   OR snapshot.customer_id IS NULL
   OR (service.complaints_90d IS DISTINCT FROM signals.complaints_90d)
   OR (service.nps IS DISTINCT FROM snapshot.nps)
   OR ((service.tickets_12m IS NULL) <> (support.customer_id IS NULL))
   OR service.tickets_12m <> support.tickets_12m
   OR service.answered_12m <> support.answered_tickets_12m
   OR (service.in_time_share_12m
       IS DISTINCT FROM CAST(support.in_time_tickets_12m AS DOUBLE) / NULLIF(support.answered_tickets_12m, 0))
   OR service.severity_1_12m + service.severity_2_12m + service.severity_3_12m + service.severity_4_12m
      > service.tickets_12m
   OR service.tickets_90d > service.tickets_12m
   OR service.complaints_90d > service.complaints_12m
   OR service.complaints_12m > service.tickets_12m
   OR service.complaints_12m_before > service.tickets_12m_before
   OR service.solved_12m > service.tickets_12m
   OR service.ticket_csat_answers_12m > service.tickets_12m
   OR ((service.open_tickets > 0) <> (service.oldest_open_days IS NOT NULL))
   -- Not BETWEEN alone: a NaN is greater than any number here, and is caught.
   OR NOT COALESCE(service.in_time_share_12m BETWEEN 0 AND 1, TRUE)
   OR NOT COALESCE(service.ticket_csat_12m BETWEEN 1 AND 5, TRUE)
   OR NOT COALESCE(service.answer_hours_12m >= 0, TRUE)
   OR NOT COALESCE(service.solution_hours_12m >= 0, TRUE)
   OR service.reviews_12m + service.executive_visits_12m + service.trainings_12m + service.calls_12m > service.meetings_12m
   OR (service.meetings_12m > 0 AND service.last_meeting_on IS NULL)
   OR service.last_review_on > service.last_meeting_on
   OR service.nps_before_on > service.nps_on
