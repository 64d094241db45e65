/*---
[[sentence]]
en = "In the last 13 weeks your colleagues signed in {logins} times."
zh = "近 13 周贵司同事共登录 {logins} 次。"
if = "has_logins"
[[sentence]]
en = "That is {more_than_quarter} more than in the 13 weeks before."
zh = "较上一季度增加 {more_than_quarter}。"
[[sentence]]
en = "That is {less_than_quarter} less than in the 13 weeks before."
zh = "较上一季度减少 {less_than_quarter}。"
[[sentence]]
en = "Compared with the same weeks a year ago it is {more_than_year} more."
zh = "较去年同期增加 {more_than_year}。"
[[sentence]]
en = "Compared with the same weeks a year ago it is {less_than_year} less."
zh = "较去年同期减少 {less_than_year}。"
[[sentence]]
en = "Modules in use: {modules}."
zh = "使用中的模块：{modules} 个。"
if = "has_logins"
[[sentence]]
en = "New this quarter: {new_module}."
zh = "本季度新启用：{new_module}。"
[[sentence]]
en = "Use grew most in {grown}: {grown_users} users in a usual week, {grown_before} the quarter before."
zh = "增长最多的模块：{grown}，一般每周 {grown_users} 人使用，上一季度为 {grown_before} 人。"
[[sentence]]
en = "Use fell most in {fallen}: {fallen_users} users in a usual week, {fallen_before} the quarter before."
zh = "下降最多的模块：{fallen}，一般每周 {fallen_users} 人使用，上一季度为 {fallen_before} 人。"
[[sentence]]
en = "Requests to support solved in 12 months: {solved} of {tickets}, half of them within {solution_hours} hours."
zh = "近 12 个月的 {tickets} 个工单已解决 {solved} 个，半数在 {solution_hours} 小时内解决。"
[[sentence]]
en = "Trainings in 12 months: {trainings}."
zh = "近 12 个月培训 {trainings} 次。"
if = "was_trained"
[columns]
logins = { as = "count" }
has_logins = { as = "flag" }
more_than_quarter = { as = "percent" }
less_than_quarter = { as = "percent" }
more_than_year = { as = "percent" }
less_than_year = { as = "percent" }
modules = { as = "count" }
new_module = { as = "word", words = "module" }
grown = { as = "word", words = "module" }
grown_users = { as = "count" }
grown_before = { as = "count" }
fallen = { as = "word", words = "module" }
fallen_users = { as = "count" }
fallen_before = { as = "count" }
solved = { as = "count" }
tickets = { as = "count" }
solution_hours = { as = "count" }
trainings = { as = "count" }
was_trained = { as = "flag" }
---*/
WITH uses AS (
    SELECT
        module,
        logins_91d,
        logins_91d_before,
        CAST(round(active_users_91d) AS BIGINT) AS users,
        CAST(round(active_users_91d_before) AS BIGINT) AS users_before
    FROM customer_modules
    WHERE customer_id = $customer
),
totals AS (
    SELECT
        SUM(logins_91d) AS logins,
        SUM(logins_91d_before) AS logins_before,
        COUNT(*) FILTER (WHERE logins_91d > 0) AS modules,
        MIN(module) FILTER (WHERE logins_91d > 0 AND logins_91d_before = 0) AS new_module
    FROM uses
),
a_year_ago AS (
    SELECT SUM(logins_91d) AS logins
    FROM history.customer_modules
    WHERE customer_id = $customer AND months_ago = 12
),
changes AS (
    SELECT
        CAST(totals.logins AS DOUBLE) / NULLIF(totals.logins_before, 0) - 1 AS to_quarter,
        CAST(totals.logins AS DOUBLE) / NULLIF(a_year_ago.logins, 0) - 1 AS to_year
    FROM totals
    CROSS JOIN a_year_ago
),
-- A user more or less, or one in twenty, is chance.
grown AS (
    SELECT module, users, users_before
    FROM uses
    WHERE users - users_before >= 2 AND users_before > 0 AND users >= 1.05 * users_before
    ORDER BY users - users_before DESC, module
    LIMIT 1
),
fallen AS (
    SELECT module, users, users_before
    FROM uses
    WHERE users_before - users >= 2 AND users <= 0.95 * users_before
    ORDER BY users_before - users DESC, module
    LIMIT 1
)
SELECT
    totals.logins,
    COALESCE(totals.logins > 0, FALSE) AS has_logins,
    CASE WHEN changes.to_quarter > 0 THEN changes.to_quarter END AS more_than_quarter,
    CASE WHEN changes.to_quarter < 0 THEN -changes.to_quarter END AS less_than_quarter,
    CASE WHEN changes.to_year > 0 THEN changes.to_year END AS more_than_year,
    CASE WHEN changes.to_year < 0 THEN -changes.to_year END AS less_than_year,
    totals.modules,
    -- In the first quarter everything is new.
    CASE WHEN totals.logins_before > 0 THEN totals.new_module END AS new_module,
    grown.module AS grown,
    grown.users AS grown_users,
    grown.users_before AS grown_before,
    fallen.module AS fallen,
    fallen.users AS fallen_users,
    fallen.users_before AS fallen_before,
    service.solved_12m AS solved,
    service.tickets_12m AS tickets,
    CAST(round(service.solution_hours_12m) AS BIGINT) AS solution_hours,
    service.trainings_12m AS trainings,
    COALESCE(service.trainings_12m > 0, FALSE) AS was_trained
FROM totals
CROSS JOIN changes
LEFT JOIN grown ON TRUE
LEFT JOIN fallen ON TRUE
LEFT JOIN customer_service AS service ON service.customer_id = $customer
