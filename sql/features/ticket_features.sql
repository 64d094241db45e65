/*---
description = "What a customer in force asks of support, and how well it is served."
grain = ["customer_id"]
tags = ["tickets"]
[columns]
tickets_30d = { unit = "number", group = "tickets", description = "Tickets in the last 30 days", description_zh = "近 30 天工单数" }
tickets_90d = { unit = "number", group = "tickets", description = "Tickets in the last 90 days", description_zh = "近 90 天工单数" }
tickets_365d = { unit = "number", group = "tickets", description = "Tickets in the last year", description_zh = "近一年工单数" }
tickets_change_90d = { unit = "difference", group = "tickets",
    phrase = "Tickets in 90 days", description = "Tickets of the last 90 days minus those of the 90 before",
    phrase_zh = "近 90 天工单数较前 90 天", description_zh = "近 90 天工单数较前 90 天的增减" }
severe_tickets_90d = { unit = "number", group = "tickets", description = "Severe tickets (1 or 2) in the last 90 days", description_zh = "近 90 天严重工单数（1、2 级）" }
complaints_90d = { unit = "number", group = "complaints", description = "Complaints in the last 90 days", description_zh = "近 90 天投诉数" }
complaints_365d = { unit = "number", group = "complaints", description = "Complaints in the last year", description_zh = "近一年投诉数" }
open_tickets = { unit = "number", group = "open_tickets", description = "Tickets not yet solved", description_zh = "未解决工单数" }
oldest_open_days = { unit = "days", group = "open_tickets",
    phrase = "Oldest open ticket has waited", description = "Age in days of the oldest ticket not yet solved",
    phrase_zh = "最久未解决工单已等待", description_zh = "最久未解决工单的天数" }
response_hours_90d = { unit = "hours", group = "service",
    phrase = "Average wait for the first answer in 90 days", description = "Hours until the first answer, average of the last 90 days",
    phrase_zh = "近 90 天平均首次响应", description_zh = "近 90 天平均首次响应小时数" }
resolution_hours_90d = { unit = "hours", group = "service",
    phrase = "Average time to a solution in 90 days", description = "Hours until solved, average of the last 90 days",
    phrase_zh = "近 90 天平均解决用时", description_zh = "近 90 天平均解决小时数" }
reopened_rate_365d = { unit = "number", group = "service", description = "Reopenings per solved ticket in the last year", description_zh = "近一年每单重开次数" }
ticket_csat_90d = { unit = "number", group = "satisfaction", description = "Satisfaction with solved tickets (1-5), last 90 days", description_zh = "近 90 天工单满意度（1-5）" }
ticket_csat_365d = { unit = "number", group = "satisfaction", description = "Satisfaction with solved tickets (1-5), last year", description_zh = "近一年工单满意度（1-5）" }
---*/
WITH asked AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE opened_on >= $as_of_date - 30) AS tickets_30d,
        COUNT(*) FILTER (WHERE opened_on >= $as_of_date - 90) AS tickets_90d,
        COUNT(*) FILTER (WHERE opened_on >= $as_of_date - 365) AS tickets_365d,
        COUNT(*) FILTER (WHERE opened_on < $as_of_date - 90 AND opened_on >= $as_of_date - 180) AS tickets_90d_before,
        COUNT(*) FILTER (WHERE is_severe AND opened_on >= $as_of_date - 90) AS severe_tickets_90d,
        COUNT(*) FILTER (WHERE is_complaint AND opened_on >= $as_of_date - 90) AS complaints_90d,
        COUNT(*) FILTER (WHERE is_complaint AND opened_on >= $as_of_date - 365) AS complaints_365d,
        COUNT(*) FILTER (WHERE is_open) AS open_tickets,
        MIN(opened_on) FILTER (WHERE is_open) AS oldest_open_on,
        AVG(response_minutes) FILTER (WHERE opened_on >= $as_of_date - 90) / 60 AS response_hours_90d,
        AVG(resolution_minutes) FILTER (WHERE opened_on >= $as_of_date - 90) / 60 AS resolution_hours_90d,
        AVG(reopened_count) FILTER (WHERE opened_on >= $as_of_date - 365) AS reopened_rate_365d,
        AVG(csat) FILTER (WHERE opened_on >= $as_of_date - 90) AS ticket_csat_90d,
        AVG(csat) FILTER (WHERE opened_on >= $as_of_date - 365) AS ticket_csat_365d
    FROM tickets
    -- A ticket that was never closed in two years is forgotten, not open.
    WHERE opened_at >= $as_of - INTERVAL '730 days'
    GROUP BY customer_id
),
-- Who is known to support and never asked has 0 tickets; who is not known there is unknown. And so is everybody where
-- tickets are not written down at all, or were not yet.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'support' AND (SELECT COUNT(*) FROM tickets) > 0
)
SELECT
    customers.customer_id,
    COALESCE(tickets_30d, 0) AS tickets_30d,
    COALESCE(tickets_90d, 0) AS tickets_90d,
    COALESCE(tickets_365d, 0) AS tickets_365d,
    COALESCE(tickets_90d - tickets_90d_before, 0) AS tickets_change_90d,
    COALESCE(severe_tickets_90d, 0) AS severe_tickets_90d,
    COALESCE(complaints_90d, 0) AS complaints_90d,
    COALESCE(complaints_365d, 0) AS complaints_365d,
    COALESCE(open_tickets, 0) AS open_tickets,
    $as_of_date - oldest_open_on AS oldest_open_days,
    response_hours_90d,
    resolution_hours_90d,
    reopened_rate_365d,
    ticket_csat_90d,
    ticket_csat_365d
FROM customers_in_force AS customers
JOIN linked ON linked.customer_id = customers.customer_id
LEFT JOIN asked ON asked.customer_id = customers.customer_id
