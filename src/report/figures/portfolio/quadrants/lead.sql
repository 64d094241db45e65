/*---
[[sentence]]
en = "{stars} stars, {star_share} of the customers, bring {star_revenue_share} of the revenue; {dogs} dogs, {dog_share} of the customers, bring {dog_revenue_share}."
zh = "{stars} 家明星客户（占客户数 {star_share}）贡献 {star_revenue_share} 的开票额；{dogs} 家瘦狗客户（占 {dog_share}）贡献 {dog_revenue_share}。"
[[sentence]]
en = "Since the last set {rose} customers with {rose_revenue} of yearly revenue rose, and {fell} with {fell_revenue} fell."
zh = "与上一期相比，{rose} 家客户上升（年开票额 {rose_revenue}），{fell} 家下降（{fell_revenue}）。"
if = "has_moves"
[[sentence]]
en = "Not all of that was their own doing: {by_model} of these moves came with a new model version."
zh = "并非都是客户自身变化：其中 {by_model} 家因模型更新而变动。"
if = "has_model_moves"
[[sentence]]
en = "{by_settings} of these moves came with other settings, not with the customers."
zh = "其中 {by_settings} 家因设置调整而变动，并非客户自身变化。"
if = "has_settings_moves"
[[sentence]]
en = "Nobody changed quadrant since the last set."
zh = "与上一期相比，没有客户变动象限。"
if = "is_still"
[[sentence]]
en = "This is the first set: who moves can be told from the next one on."
zh = "这是第一期数据，象限变动从下一期起可见。"
if = "is_first"
[[sentence]]
en = "Over the last quarter {q_rose} rose ({q_rose_revenue}) and {q_fell} fell ({q_fell_revenue}); {q_new} customers joined, and {q_left} left with {q_left_revenue}."
zh = "近一个季度：{q_rose} 家上升（{q_rose_revenue}），{q_fell} 家下降（{q_fell_revenue}）；新增 {q_new} 家，流失 {q_left} 家（{q_left_revenue}）。"
if = "has_quarter"
[columns]
stars = { as = "count" }
star_share = { as = "percent" }
star_revenue_share = { as = "percent" }
dogs = { as = "count" }
dog_share = { as = "percent" }
dog_revenue_share = { as = "percent" }
rose = { as = "count" }
rose_revenue = { as = "money" }
fell = { as = "count" }
fell_revenue = { as = "money" }
by_model = { as = "count" }
by_settings = { as = "count" }
q_rose = { as = "count" }
q_rose_revenue = { as = "money" }
q_fell = { as = "count" }
q_fell_revenue = { as = "money" }
q_new = { as = "count" }
q_left = { as = "count" }
q_left_revenue = { as = "money" }
has_moves = { as = "flag" }
has_model_moves = { as = "flag" }
has_settings_moves = { as = "flag" }
is_still = { as = "flag" }
is_first = { as = "flag" }
has_quarter = { as = "flag" }
---*/
WITH places (quadrant, place) AS (VALUES ('star', 4), ('cash_cow', 3), ('question_mark', 2), ('dog', 1)),
portfolio AS (
    SELECT
        MAX(customers) FILTER (WHERE quadrant = 'star') AS stars,
        MAX(customer_share) FILTER (WHERE quadrant = 'star') AS star_share,
        MAX(revenue_share) FILTER (WHERE quadrant = 'star') AS star_revenue_share,
        MAX(customers) FILTER (WHERE quadrant = 'dog') AS dogs,
        MAX(customer_share) FILTER (WHERE quadrant = 'dog') AS dog_share,
        MAX(revenue_share) FILTER (WHERE quadrant = 'dog') AS dog_revenue_share
    FROM quadrant_summary
),
moved AS (
    SELECT
        COUNT(*) AS moved,
        COUNT(*) FILTER (WHERE now.place > before.place) AS rose,
        COALESCE(SUM(revenue_12m) FILTER (WHERE now.place > before.place), 0) AS rose_revenue,
        COUNT(*) FILTER (WHERE now.place < before.place) AS fell,
        COALESCE(SUM(revenue_12m) FILTER (WHERE now.place < before.place), 0) AS fell_revenue,
        COUNT(*) FILTER (WHERE cause = 'model') AS by_model,
        COUNT(*) FILTER (WHERE cause = 'settings') AS by_settings
    FROM quadrant_moves
    LEFT JOIN places AS now ON now.quadrant = to_quadrant
    LEFT JOIN places AS before ON before.quadrant = from_quadrant
),
quarter AS (
    SELECT
        COUNT(*) FILTER (WHERE to_place > from_place) AS q_rose,
        COALESCE(SUM(revenue_12m) FILTER (WHERE to_place > from_place), 0) AS q_rose_revenue,
        COUNT(*) FILTER (WHERE to_place < from_place) AS q_fell,
        COALESCE(SUM(revenue_12m) FILTER (WHERE to_place < from_place), 0) AS q_fell_revenue,
        COUNT(*) FILTER (WHERE is_new) AS q_new,
        COUNT(*) FILTER (WHERE is_left) AS q_left,
        COALESCE(SUM(revenue_12m) FILTER (WHERE is_left), 0) AS q_left_revenue
    FROM (
        SELECT
            a.place AS to_place,
            b.place AS from_place,
            ago.customer_id IS NULL AS is_new,
            today.customer_id IS NULL AS is_left,
            COALESCE(today.revenue_12m, ago.revenue_12m) AS revenue_12m
        FROM customer_snapshot AS today
        FULL JOIN (SELECT * FROM history.customer_snapshot WHERE months_ago = 3) AS ago
            ON ago.customer_id = today.customer_id
        LEFT JOIN places AS a ON a.quadrant = today.quadrant
        LEFT JOIN places AS b ON b.quadrant = ago.quadrant
    )
),
sets AS (
    SELECT
        (SELECT COUNT(*) FROM previous.customer_snapshot) > 0 AS has_previous,
        (SELECT COUNT(*) FROM history.customer_snapshot WHERE months_ago = 3) > 0 AS has_quarter
)
SELECT
    stars, star_share, star_revenue_share, dogs, dog_share, dog_revenue_share,
    rose, rose_revenue, fell, fell_revenue, by_model, by_settings,
    q_rose, q_rose_revenue, q_fell, q_fell_revenue, q_new, q_left, q_left_revenue,
    moved > 0 AS has_moves,
    by_model > 0 AS has_model_moves,
    by_settings > 0 AS has_settings_moves,
    has_previous AND moved = 0 AS is_still,
    NOT has_previous AS is_first,
    has_quarter
FROM portfolio
CROSS JOIN moved
CROSS JOIN quarter
CROSS JOIN sets
