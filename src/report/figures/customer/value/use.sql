/*---
title = "What was used"
title_zh = "使用情况"
note = "A quarter is 13 weeks; requests to support are those of 90 days. Active users are those of the busiest module in a usual week."
note_zh = "一季度按 13 周计，工单按 90 天计；活跃用户为最常用模块的一般周用户数。"
empty = "There are no figures of your use yet."
empty_zh = "暂无使用数据。"
[columns]
measure = { en = "Measure", zh = "指标", as = "word" }
this_quarter = { en = "This quarter", zh = "本季度", as = "count" }
quarter_before = { en = "Quarter before", zh = "上一季度", as = "count" }
to_quarter = { en = "Change", zh = "环比", as = "change" }
year_before = { en = "A year before", zh = "去年同期", as = "count" }
to_year = { en = "Change in a year", zh = "同比", as = "change" }
---*/
-- Who signed first in this quarter used nothing before it: that is no figure to compare with.
WITH is_new AS (
    SELECT 1 AS one FROM customer_signals WHERE customer_id = $customer AND days_as_customer < 91
),
uses AS (
    SELECT 0 AS moment, logins_91d AS logins, active_users_91d AS users FROM customer_modules WHERE customer_id = $customer
    UNION ALL
    SELECT 3 AS moment, logins_91d_before AS logins, active_users_91d_before AS users
    FROM customer_modules
    WHERE customer_id = $customer AND (SELECT COUNT(*) FROM is_new) = 0
    UNION ALL
    SELECT 12 AS moment, logins_91d AS logins, active_users_91d AS users
    FROM history.customer_modules
    WHERE customer_id = $customer AND months_ago = 12
),
states AS (
    SELECT 0 AS moment, licensed_users FROM customer_snapshot WHERE customer_id = $customer
    UNION ALL
    SELECT months_ago AS moment, licensed_users
    FROM history.customer_snapshot
    WHERE customer_id = $customer AND months_ago IN (3, 12)
),
requests AS (
    SELECT 0 AS moment, tickets_90d FROM customer_service WHERE customer_id = $customer
    UNION ALL
    SELECT months_ago AS moment, tickets_90d
    FROM history.customer_service
    WHERE customer_id = $customer AND months_ago IN (3, 12)
),
told AS (
    SELECT 1 AS place, 'logins' AS measure, moment, SUM(logins) AS figure FROM uses GROUP BY moment
    UNION ALL
    SELECT 2 AS place, 'active_users' AS measure, moment, CAST(round(MAX(users)) AS BIGINT) AS figure
    FROM uses
    GROUP BY moment
    UNION ALL
    SELECT 3 AS place, 'modules_in_use' AS measure, moment, COUNT(*) FILTER (WHERE logins > 0) AS figure
    FROM uses
    GROUP BY moment
    HAVING COUNT(logins) > 0
    UNION ALL
    SELECT 4 AS place, 'licensed_users' AS measure, moment, licensed_users AS figure FROM states
    UNION ALL
    SELECT 5 AS place, 'requests' AS measure, moment, tickets_90d AS figure FROM requests
),
spread AS (
    SELECT
        place,
        measure,
        MAX(figure) FILTER (WHERE moment = 0) AS this_quarter,
        MAX(figure) FILTER (WHERE moment = 3) AS quarter_before,
        MAX(figure) FILTER (WHERE moment = 12) AS year_before
    FROM told
    GROUP BY place, measure
)
SELECT
    measure,
    this_quarter,
    quarter_before,
    CAST(this_quarter AS DOUBLE) / NULLIF(quarter_before, 0) - 1 AS to_quarter,
    year_before,
    CAST(this_quarter AS DOUBLE) / NULLIF(year_before, 0) - 1 AS to_year
FROM spread
WHERE this_quarter IS NOT NULL
ORDER BY place
