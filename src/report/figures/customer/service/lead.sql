/*---
[[sentence]]
en = "Requests to our support in 12 months: {tickets}; {in_time_share} of the first answers came within the promised time."
zh = "近 12 个月贵司提交工单 {tickets} 个，首次响应及时率 {in_time_share}。"
[[sentence]]
en = "The year before it was {in_time_before}."
zh = "上一年为 {in_time_before}。"
[[sentence]]
en = "You did not need our support in the last 12 months."
zh = "近 12 个月贵司未提交工单。"
if = "is_quiet"
[[sentence]]
en = "Not yet solved: {open_tickets}, the oldest for {oldest_open_days}."
zh = "尚未解决：{open_tickets} 个，最久已 {oldest_open_days}。"
[[sentence]]
en = "You rated our solutions {rating} of 5 (ratings: {ratings})."
zh = "对解决结果的评分为 {rating}（满分 5，共 {ratings} 次）。"
[[sentence]]
en = "Would you recommend us? On {nps_on} you answered {nps} of 10."
zh = "是否愿意推荐我们：{nps_on} 评分 {nps}（满分 10）。"
[[sentence]]
en = "Before that it was {nps_before}."
zh = "上一次为 {nps_before}。"
[columns]
tickets = { as = "count" }
in_time_share = { as = "percent" }
in_time_before = { as = "percent" }
is_quiet = { as = "flag" }
open_tickets = { as = "count" }
oldest_open_days = { as = "days" }
rating = { as = "number" }
ratings = { as = "count" }
nps = { as = "count" }
nps_on = { as = "date" }
nps_before = { as = "count" }
---*/
SELECT
    tickets_12m AS tickets,
    in_time_share_12m AS in_time_share,
    CASE WHEN in_time_share_12m IS NOT NULL THEN in_time_share_12m_before END AS in_time_before,
    COALESCE(tickets_12m = 0, FALSE) AS is_quiet,
    open_tickets,
    oldest_open_days,
    ticket_csat_12m AS rating,
    ticket_csat_answers_12m AS ratings,
    nps,
    nps_on,
    nps_before
FROM customer_service
WHERE customer_id = $customer
