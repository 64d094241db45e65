/*---
[[sentence]]
en = "How well we work together, as far as figures can tell: {health_score} of 100 points."
zh = "合作健康度（就数据所见）：{health_score} 分（满分 100）。"
[[sentence]]
en = "A quarter ago it was {quarter_ago}."
zh = "一季度前为 {quarter_ago} 分。"
[[sentence]]
en = "A year ago it was {year_ago}."
zh = "一年前为 {year_ago} 分。"
[[sentence]]
en = "There is most to gain in: {lowest} ({lowest_points} of 100 points)."
zh = "最值得改进的一项：{lowest}（{lowest_points} 分）。"
if = "has_room"
[[sentence]]
en = "Your colleagues signed in less often than in the quarter before."
zh = "贵司同事的登录次数少于上一季度。"
if = "low_logins"
[[sentence]]
en = "Many licensed users do not work in the core modules yet, or no longer."
zh = "不少签约用户尚未使用或不再使用核心模块。"
if = "low_core_modules"
[[sentence]]
en = "You asked our support more often than companies of your size, or our answers did not satisfy you."
zh = "与同规模企业相比，贵司提交的工单较多，或对我们的答复不够满意。"
if = "low_tickets"
[[sentence]]
en = "Our executives and yours met too seldom in the last half year."
zh = "近半年双方高层见面较少。"
if = "low_executives"
[[sentence]]
en = "In your last answers to our surveys you were not content with us."
zh = "在最近的调查中，贵司对我们不够满意。"
if = "low_intent"
[[sentence]]
en = "Every part stands well."
zh = "各项均良好。"
if = "is_all_well"
[[sentence]]
en = "We do not know enough yet to say how well we work together."
zh = "目前数据不足，暂无法评价合作健康度。"
if = "is_unknown"
[columns]
health_score = { as = "score" }
quarter_ago = { as = "score" }
year_ago = { as = "score" }
lowest = { as = "word", words = "component" }
lowest_points = { as = "score" }
has_room = { as = "flag" }
low_logins = { as = "flag" }
low_core_modules = { as = "flag" }
low_tickets = { as = "flag" }
low_executives = { as = "flag" }
low_intent = { as = "flag" }
is_all_well = { as = "flag" }
is_unknown = { as = "flag" }
---*/
-- The sentence that says what a low component means knows those of models/health.toml; of any other only its name is said.
WITH parts AS (
    SELECT component, points
    FROM score_components
    WHERE customer_id = $customer AND score = 'health' AND points IS NOT NULL AND weight > 0
    ORDER BY points, component
    LIMIT 1
),
lowest AS (
    SELECT component, points, points < 80 AS has_room FROM parts
),
past AS (
    SELECT
        MAX(health_score) FILTER (WHERE months_ago = 3) AS quarter_ago,
        MAX(health_score) FILTER (WHERE months_ago = 12) AS year_ago
    FROM history.customer_snapshot
    WHERE customer_id = $customer
)
SELECT
    now.health_score,
    past.quarter_ago,
    past.year_ago,
    lowest.component AS lowest,
    lowest.points AS lowest_points,
    COALESCE(lowest.has_room, FALSE) AS has_room,
    COALESCE(lowest.has_room AND lowest.component = 'logins', FALSE) AS low_logins,
    COALESCE(lowest.has_room AND lowest.component = 'core_modules', FALSE) AS low_core_modules,
    COALESCE(lowest.has_room AND lowest.component = 'tickets', FALSE) AS low_tickets,
    COALESCE(lowest.has_room AND lowest.component = 'executives', FALSE) AS low_executives,
    COALESCE(lowest.has_room AND lowest.component = 'intent', FALSE) AS low_intent,
    COALESCE(NOT lowest.has_room, FALSE) AS is_all_well,
    now.health_score IS NULL AS is_unknown
FROM customer_snapshot AS now
CROSS JOIN past
LEFT JOIN lowest ON TRUE
WHERE now.customer_id = $customer
