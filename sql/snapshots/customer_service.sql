/*---
description = "How a customer is served and met: support, satisfaction and meetings, one row per customer in force."
description_zh = "客户得到的服务与拜访：支持、满意度与互动，每位有效客户一行。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
tickets_90d = { type = "int", description = "Tickets opened in the last 90 days; null if support does not know the customer, here and below", description_zh = "近 90 天工单数；未关联服务系统为空（下同）" }
tickets_12m = { type = "int", description = "Tickets opened in the last 12 months", description_zh = "近 12 个月工单数" }
tickets_12m_before = { type = "int", description = "Tickets opened in the 12 months before; null, too, where the lake's tickets do not reach so far back, here and below", description_zh = "此前 12 个月工单数；工单数据未覆盖也为空（下同）" }
severity_1_12m = { type = "int", description = "Of the tickets of 12 months, those of severity 1, the worst", description_zh = "近 12 个月 1 级（最严重）工单数" }
severity_2_12m = { type = "int", description = "Those of severity 2", description_zh = "其中 2 级工单数" }
severity_3_12m = { type = "int", description = "Those of severity 3", description_zh = "其中 3 级工单数" }
severity_4_12m = { type = "int", description = "Those of severity 4", description_zh = "其中 4 级工单数" }
open_tickets = { type = "int", description = "Tickets of the last two years that are not yet solved", description_zh = "未解决工单数（近两年）" }
oldest_open_days = { type = "int", description = "Age in days of the oldest of these", description_zh = "其中最久未解决的天数" }
complaints_90d = { type = "int", description = "Complaints in the last 90 days", description_zh = "近 90 天投诉数" }
complaints_12m = { type = "int", description = "Complaints in the last 12 months", description_zh = "近 12 个月投诉数" }
complaints_12m_before = { type = "int", description = "Complaints in the 12 months before", description_zh = "此前 12 个月投诉数" }
answered_12m = { type = "int", description = "Of the tickets of 12 months, those of which it is known whether the first answer came in time", description_zh = "近 12 个月可判定首次响应是否及时的工单数" }
in_time_share_12m = { type = "double", description = "Share of these that was answered within the target of its severity (0-1)", description_zh = "其中首次响应及时率（0-1）" }
in_time_share_12m_before = { type = "double", description = "The same of the 12 months before", description_zh = "此前 12 个月首次响应及时率" }
answer_hours_12m = { type = "double", description = "Median hours to the first answer, nights included, of the tickets of 12 months that got one", description_zh = "近 12 个月首次响应用时中位数（小时，含夜间）" }
answer_hours_12m_before = { type = "double", description = "The same of the 12 months before", description_zh = "此前 12 个月首次响应用时中位数" }
solved_12m = { type = "int", description = "Of the tickets of 12 months, those that are solved, and known how fast", description_zh = "近 12 个月已解决（用时已知）的工单数" }
solution_hours_12m = { type = "double", description = "Median hours to their solution", description_zh = "其解决用时中位数（小时）" }
solution_hours_12m_before = { type = "double", description = "The same of the 12 months before", description_zh = "此前 12 个月解决用时中位数" }
ticket_csat_12m = { type = "double", description = "Mean satisfaction with the tickets of 12 months (1-5)", description_zh = "近 12 个月工单满意度均值（1-5）" }
ticket_csat_answers_12m = { type = "int", description = "How many of these it rated", description_zh = "满意度评价数" }
ticket_csat_12m_before = { type = "double", description = "Mean satisfaction with the tickets of the 12 months before", description_zh = "此前 12 个月工单满意度均值" }
meetings_12m = { type = "int", description = "Meetings of all kinds in 12 months; null if the CRM does not know the customer, or no meeting is written down", description_zh = "近 12 个月互动次数；未关联 CRM 或无互动记录为空" }
reviews_12m = { type = "int", description = "Of these, business reviews", description_zh = "其中业务回顾次数" }
executive_visits_12m = { type = "int", description = "Of these, visits of executives", description_zh = "其中高层拜访次数" }
trainings_12m = { type = "int", description = "Of these, trainings", description_zh = "其中培训次数" }
calls_12m = { type = "int", description = "Of these, calls", description_zh = "其中电话沟通次数" }
last_meeting_on = { type = "date", description = "Day of the last meeting, however long ago", description_zh = "最近一次互动日期（不限时间）" }
last_review_on = { type = "date", description = "Day of the last business review", description_zh = "最近一次业务回顾日期" }
last_executive_visit_on = { type = "date", description = "Day of the last visit of an executive", description_zh = "最近一次高层拜访日期" }
last_training_on = { type = "date", description = "Day of the last training", description_zh = "最近一次培训日期" }
nps = { type = "int", description = "Would recommend us (0-10), last answer of two years", description_zh = "最近一次推荐意愿评分（0-10，近两年）" }
nps_on = { type = "date", description = "Day of that answer", description_zh = "该评分日期" }
nps_before = { type = "int", description = "The answer before that, of two years", description_zh = "上一次推荐意愿评分（近两年）" }
nps_before_on = { type = "date", description = "Day of that answer", description_zh = "上一次评分日期" }
survey_csat = { type = "int", description = "Satisfaction by survey (1-5), last answer of two years", description_zh = "最近一次调查满意度（1-5，近两年）" }
survey_csat_on = { type = "date", description = "Day of that answer", description_zh = "该满意度日期" }
---*/
WITH met AS (
    SELECT
        customer_id,
        MAX(held_on) AS last_meeting_on,
        MAX(held_on) FILTER (WHERE kind = 'qbr') AS last_review_on,
        MAX(held_on) FILTER (WHERE kind = 'executive_visit') AS last_executive_visit_on,
        MAX(held_on) FILTER (WHERE kind = 'training') AS last_training_on
    FROM engagements
    GROUP BY customer_id
),
-- As in survey_features: an opinion of two years ago is no longer one.
answers AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY customer_id, nps IS NULL ORDER BY responded_at DESC, survey_id) AS nth_nps,
        ROW_NUMBER() OVER (PARTITION BY customer_id, csat IS NULL ORDER BY responded_at DESC, survey_id) AS nth_csat
    FROM surveys
    WHERE responded_at >= $as_of - INTERVAL '730 days'
),
answered AS (
    SELECT
        customer_id,
        MAX(nps) FILTER (WHERE nth_nps = 1) AS nps,
        MAX(responded_on) FILTER (WHERE nth_nps = 1 AND nps IS NOT NULL) AS nps_on,
        MAX(nps) FILTER (WHERE nth_nps = 2) AS nps_before,
        MAX(responded_on) FILTER (WHERE nth_nps = 2 AND nps IS NOT NULL) AS nps_before_on,
        MAX(csat) FILTER (WHERE nth_csat = 1) AS csat,
        MAX(responded_on) FILTER (WHERE nth_csat = 1 AND csat IS NOT NULL) AS csat_on
    FROM answers
    GROUP BY customer_id
),
-- Where tickets begin later than two years ago, the year before is not known: nobody asked 0 times in it. A date before
-- there was software is a slip.
reach AS (
    SELECT CASE WHEN MIN(opened_at) < $as_of - INTERVAL '23 months' THEN TRUE ELSE FALSE END AS knows_the_year_before
    FROM tickets
    WHERE opened_at >= TIMESTAMP '1980-01-01 00:00:00'
),
known AS (
    SELECT
        features.*,
        -- The features know whom support knows: there, nothing asked is 0; elsewhere it is unknown.
        features.tickets_365d IS NOT NULL AS is_known,
        features.tickets_365d IS NOT NULL AND reach.knows_the_year_before AS is_known_before
    FROM customer_features AS features
    CROSS JOIN reach
)
SELECT
    known.customer_id,
    known.tickets_90d,
    CASE WHEN is_known THEN COALESCE(year.tickets, 0) END AS tickets_12m,
    CASE WHEN is_known_before THEN COALESCE(before.tickets, 0) END AS tickets_12m_before,
    CASE WHEN is_known THEN COALESCE(year.severity_1, 0) END AS severity_1_12m,
    CASE WHEN is_known THEN COALESCE(year.severity_2, 0) END AS severity_2_12m,
    CASE WHEN is_known THEN COALESCE(year.severity_3, 0) END AS severity_3_12m,
    CASE WHEN is_known THEN COALESCE(year.severity_4, 0) END AS severity_4_12m,
    known.open_tickets,
    known.oldest_open_days,
    known.complaints_90d,
    CASE WHEN is_known THEN COALESCE(year.complaints, 0) END AS complaints_12m,
    CASE WHEN is_known_before THEN COALESCE(before.complaints, 0) END AS complaints_12m_before,
    CASE WHEN is_known THEN COALESCE(year.answered, 0) END AS answered_12m,
    CAST(year.in_time AS DOUBLE) / NULLIF(year.answered, 0) AS in_time_share_12m,
    CASE WHEN is_known_before THEN CAST(before.in_time AS DOUBLE) / NULLIF(before.answered, 0) END
        AS in_time_share_12m_before,
    year.answer_hours AS answer_hours_12m,
    CASE WHEN is_known_before THEN before.answer_hours END AS answer_hours_12m_before,
    CASE WHEN is_known THEN COALESCE(year.solved, 0) END AS solved_12m,
    year.solution_hours AS solution_hours_12m,
    CASE WHEN is_known_before THEN before.solution_hours END AS solution_hours_12m_before,
    year.rating AS ticket_csat_12m,
    CASE WHEN is_known THEN COALESCE(year.rated, 0) END AS ticket_csat_answers_12m,
    CASE WHEN is_known_before THEN before.rating END AS ticket_csat_12m_before,
    effort.visits_12m AS meetings_12m,
    effort.reviews_12m,
    effort.executive_visits_12m,
    effort.trainings_12m,
    effort.calls_12m,
    met.last_meeting_on,
    met.last_review_on,
    met.last_executive_visit_on,
    met.last_training_on,
    answered.nps,
    answered.nps_on,
    answered.nps_before,
    answered.nps_before_on,
    answered.csat AS survey_csat,
    answered.csat_on AS survey_csat_on
FROM known
JOIN customer_effort AS effort ON effort.customer_id = known.customer_id
LEFT JOIN service_years AS year ON year.customer_id = known.customer_id AND year.years_ago = 0
LEFT JOIN service_years AS before ON before.customer_id = known.customer_id AND before.years_ago = 1
LEFT JOIN met ON met.customer_id = known.customer_id
LEFT JOIN answered ON answered.customer_id = known.customer_id
