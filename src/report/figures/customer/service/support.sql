/*---
title = "Support: requests and answers"
title_zh = "服务支持：工单与响应"
note = "In time: first answered within the hours that we promise for its severity. Hours are those of the clock, nights included; half of the requests took less. Ratings go from 1 to 5."
note_zh = "及时：在该级别承诺的小时数内首次响应。小时按自然时间计（含夜间），为中位数；评分为 1 至 5。"
empty = "Our support does not know you yet."
empty_zh = "贵司尚未使用我们的服务支持。"
[columns]
period = { en = "Period", zh = "期间", as = "word" }
tickets = { en = "Requests", zh = "工单", as = "count" }
complaints = { en = "Complaints", zh = "投诉", as = "count" }
in_time_share = { en = "Answered in time", zh = "响应及时率", as = "percent" }
answer_hours = { en = "Hours to answer", zh = "首次响应（小时）", as = "number" }
solution_hours = { en = "Hours to solution", zh = "解决（小时）", as = "number" }
rating = { en = "Your rating", zh = "贵司评分", as = "number" }
---*/
WITH service AS (
    SELECT service.*, signals.days_as_customer
    FROM customer_service AS service
    LEFT JOIN customer_signals AS signals ON signals.customer_id = service.customer_id
    WHERE service.customer_id = $customer
),
years AS (
    SELECT
        1 AS place,
        'year' AS period,
        tickets_12m AS tickets,
        complaints_12m AS complaints,
        in_time_share_12m AS in_time_share,
        answer_hours_12m AS answer_hours,
        solution_hours_12m AS solution_hours,
        ticket_csat_12m AS rating
    FROM service
    UNION ALL
    SELECT
        2 AS place,
        'year_before' AS period,
        tickets_12m_before AS tickets,
        complaints_12m_before AS complaints,
        in_time_share_12m_before AS in_time_share,
        answer_hours_12m_before AS answer_hours,
        solution_hours_12m_before AS solution_hours,
        ticket_csat_12m_before AS rating
    FROM service
    -- Who was no customer then asked nothing: that is no year to compare with.
    WHERE COALESCE(days_as_customer > 365, TRUE)
)
SELECT period, tickets, complaints, in_time_share, answer_hours, solution_hours, rating
FROM years
WHERE tickets IS NOT NULL
ORDER BY place
