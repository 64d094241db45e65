/*---
[[sentence]]
en = "Probability that its yearly value grows within 180 days: {expansion_probability}; expected growth: {expected_expansion}."
zh = "180 天内年化金额增长的概率：{expansion_probability}；预期增长：{expected_expansion}。"
[[sentence]]
en = "Open opportunities for more: {open_expansion_amount}."
zh = "进行中的增购商机：{open_expansion_amount}。"
if = "has_opportunities"
[[sentence]]
en = "{room_for_users} of its {employees} employees do not work with us yet."
zh = "{employees} 名员工中有 {room_for_users} 名尚未使用我们的产品。"
[[sentence]]
en = "There is no forecast of its growth tonight."
zh = "本期没有增长预测。"
if = "is_unscored"
[columns]
expansion_probability = { as = "percent" }
expected_expansion = { as = "money" }
open_expansion_amount = { as = "money" }
has_opportunities = { as = "flag" }
room_for_users = { as = "count" }
employees = { as = "count" }
is_unscored = { as = "flag" }
---*/
SELECT
    expansion_probability,
    expected_expansion,
    open_expansion_amount,
    COALESCE(open_expansion_amount > 0, FALSE) AS has_opportunities,
    room_for_users,
    employees,
    expansion_probability IS NULL AS is_unscored
FROM customer_potential
WHERE customer_id = $customer
