/*---
[[sentence]]
en = "In a usual week {active_users} of {licensed_users} licensed users work with the busiest module, {busiest} ({active_share})."
zh = "一般每周有 {active_users} 人使用最常用的模块“{busiest}”，占签约用户 {licensed_users} 人的 {active_share}。"
[[sentence]]
en = "{used} of {modules} modules were opened in the last four weeks."
zh = "近四周使用了 {modules} 个模块中的 {used} 个。"
if = "is_known"
[[sentence]]
en = "There is room for more: we gladly help to bring more of your colleagues to work with it."
zh = "签约用户的使用率还有提升空间，我们乐意协助推广。"
if = "has_room"
[[sentence]]
en = "The licences are nearly used up."
zh = "签约用户即将用满。"
if = "is_full"
[[sentence]]
en = "Your use is not reported to us, so we cannot say how the product is used."
zh = "暂无贵司的使用数据，无法说明使用情况。"
if = "is_unknown"
[columns]
active_users = { as = "count" }
licensed_users = { as = "count" }
busiest = { as = "word", words = "module" }
active_share = { as = "percent" }
used = { as = "count" }
modules = { as = "count" }
is_known = { as = "flag" }
has_room = { as = "flag" }
is_full = { as = "flag" }
is_unknown = { as = "flag" }
---*/
WITH found AS (
    SELECT
        COUNT(*) AS modules,
        COUNT(logins_91d) > 0 AS is_known,
        COUNT(*) FILTER (WHERE used_28d) AS used
    FROM customer_modules
    WHERE customer_id = $customer
),
busiest AS (
    SELECT module, licensed_users, active_users_91d, active_share
    FROM customer_modules
    WHERE customer_id = $customer AND active_users_91d > 0
    ORDER BY active_users_91d DESC, module
    LIMIT 1
)
SELECT
    CAST(round(busiest.active_users_91d) AS BIGINT) AS active_users,
    busiest.licensed_users,
    busiest.module AS busiest,
    busiest.active_share,
    found.used,
    found.modules,
    found.is_known,
    COALESCE(busiest.active_share < 0.4, FALSE) AS has_room,
    COALESCE(busiest.active_share >= 0.9, FALSE) AS is_full,
    NOT found.is_known AS is_unknown
FROM found
LEFT JOIN busiest ON TRUE
