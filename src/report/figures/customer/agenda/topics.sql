/*---
title = "Proposals for our meeting"
title_zh = "会议议题建议"
note = "What the figures of the last months suggest to talk about, the most important first."
note_zh = "根据近几个月的数据提出，按重要性排列。"
empty = "Nothing in the figures calls for a discussion: time to talk about your plans."
empty_zh = "数据中没有需要特别讨论的事项，可重点交流贵司的规划。"
[columns]
number = { en = "No.", zh = "序号", as = "count" }
topic = { en = "Topic", zh = "议题", as = "word", words = "agenda_topic" }
module = { en = "Module", zh = "模块", as = "word" }
why = { en = "Why", zh = "原因", as = "text" }
who = { en = "Who", zh = "参与方", as = "word", words = "agenda_who" }
---*/
WITH signals AS (SELECT * FROM customer_signals WHERE customer_id = $customer),
service AS (SELECT * FROM customer_service WHERE customer_id = $customer),
modules AS (SELECT * FROM customer_modules WHERE customer_id = $customer),
ending AS (
    SELECT COUNT(*) AS agreements, MIN(ends_on) AS first_end_on
    FROM customer_agreements
    WHERE customer_id = $customer AND is_recurring AND NOT is_renewed AND days_to_end <= 120
),
logins AS (
    SELECT 100 - CAST(round(100.0 * SUM(logins_91d) / NULLIF(SUM(logins_91d_before), 0)) AS BIGINT) AS fell_by FROM modules
),
busiest AS (
    SELECT module, licensed_users, active_share, CAST(round(active_users_91d) AS BIGINT) AS users
    FROM modules
    WHERE active_share IS NOT NULL
    ORDER BY active_users_91d DESC, module
    LIMIT 1
),
-- Three are enough for a meeting; those that were in steady use first.
idle AS (
    SELECT module, last_used_on, ROW_NUMBER() OVER (ORDER BY fell_idle DESC, is_core DESC NULLS LAST, module) AS nth
    FROM modules
    WHERE NOT used_28d OR fell_idle
),
-- What it gave up, or decided against within a year, is not offered on paper again; and nothing is while it is doing badly.
offered AS (
    SELECT module, CAST(CAST(round(100 * confidence) AS BIGINT) AS TEXT) AS share, if_kind
    FROM whitespace
    WHERE customer_id = $customer AND NOT previously_had AND COALESCE(last_lost_on < $as_of_date - 365, TRUE)
      AND (SELECT COUNT(*) FROM signals WHERE health_band = 'churn_alert') = 0
    ORDER BY rank
    LIMIT 1
),
topics AS (
    SELECT 10 AS place, 'complaints' AS topic, CAST(NULL AS TEXT) AS module, 'support' AS who, last_complaint_on AS day,
        concat('Complaints in the last 90 days: ', complaints_90d, '; the last on {day}') AS en,
        concat('近 90 天投诉 ', complaints_90d, ' 次，最近一次为 {day}') AS zh
    FROM signals WHERE complaints_90d > 0
    UNION ALL
    SELECT 20, 'renewal', NULL, 'account_manager', first_end_on,
        concat('Agreements that end within 120 days and are not renewed: ', agreements, '; the first ends on {day}'),
        concat('120 天内到期且尚未续签的合同 ', agreements, ' 份，最早于 {day} 到期')
    FROM ending WHERE agreements > 0
    UNION ALL
    SELECT 30, 'open_requests', NULL, 'support', NULL,
        concat('Requests not yet solved: ', open_tickets, '; the oldest is ', oldest_open_days, ' days old'),
        concat('尚未解决的工单 ', open_tickets, ' 个，最久已 ', oldest_open_days, ' 天')
    FROM service WHERE open_tickets > 0
    UNION ALL
    SELECT 40, 'satisfaction', NULL, 'success', nps_on,
        concat('Would you recommend us? Your last answer was ', nps, ' of 10, on {day}'),
        concat('最近一次推荐意愿评分为 ', nps, '（满分 10，{day}）')
    FROM service WHERE nps <= 6
    UNION ALL
    SELECT 41, 'solutions', NULL, 'support', NULL,
        concat('You rated our solutions ', round(ticket_csat_12m, 1), ' of 5 (ratings: ', ticket_csat_answers_12m, ')'),
        concat('工单解决满意度 ', round(ticket_csat_12m, 1), '（满分 5，共 ', ticket_csat_answers_12m, ' 次评价）')
    FROM service WHERE ticket_csat_12m < 3.5 AND ticket_csat_answers_12m >= 3
    UNION ALL
    SELECT 50, 'use_falls', NULL, 'success', NULL,
        concat('Logins of the last 13 weeks were ', fell_by, ' % fewer than in the 13 weeks before'),
        concat('近 13 周登录次数较上一季度减少 ', fell_by, '%')
    FROM logins WHERE fell_by >= 15
    UNION ALL
    SELECT 60 + nth, 'idle_module', module, 'success', last_used_on,
        CASE WHEN last_used_on IS NULL THEN 'Nobody has used it within a year' ELSE 'Nobody has used it since {day}' END,
        CASE WHEN last_used_on IS NULL THEN '近一年无人使用' ELSE '{day} 之后无人使用' END
    FROM idle WHERE nth <= 3
    UNION ALL
    SELECT 70, CASE WHEN active_share < 0.4 THEN 'few_users' ELSE 'licences_full' END, module, 'success', NULL,
        concat('In a usual week ', users, ' of ', licensed_users, ' licensed users work in your busiest module'),
        concat('最常用的模块一般每周有 ', users, ' 人使用，签约用户 ', licensed_users, ' 人')
    FROM busiest WHERE active_share < 0.4 OR active_share >= 0.9
    UNION ALL
    SELECT 75, 'invoices', NULL, 'finance', NULL,
        concat('By our books an invoice is unpaid, due since ', overdue_days_max, ' days: please compare with yours'),
        concat('我方账上有发票逾期 ', overdue_days_max, ' 天未付，烦请核对')
    FROM signals WHERE overdue_amount > 0 AND overdue_days_max > 0
    UNION ALL
    SELECT 80, 'executives', NULL, 'executives', NULL,
        'No meeting with your executives in the last half year',
        '近半年未与贵司高层会面'
    FROM customer_potential WHERE customer_id = $customer AND executive_meetings_180d = 0
    UNION ALL
    SELECT 90, 'new_module', module, 'account_manager', NULL,
        CASE if_kind WHEN 'all' THEN concat(share, ' % of all our customers work with it')
            ELSE concat(share, ' % of companies like yours work with it') END,
        CASE if_kind WHEN 'all' THEN concat('我们的全部客户中 ', share, '% 使用')
            ELSE concat('与贵司相近的企业中 ', share, '% 使用') END
    FROM offered
)
SELECT
    CAST(ROW_NUMBER() OVER (ORDER BY place) AS BIGINT) AS number,
    topic,
    module,
    CASE WHEN $lang = 'zh' THEN replace(zh, '{day}', COALESCE(to_char(day, '%Y年%-m月%-d日'), ''))
         ELSE replace(en, '{day}', COALESCE(to_char(day, '%-d %B %Y'), '')) END AS why,
    who
FROM topics
ORDER BY number
