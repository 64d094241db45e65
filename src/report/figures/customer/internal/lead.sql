/*---
[[sentence]]
en = "Not for the customer."
zh = "内部资料，请勿提供给客户。"
[[sentence]]
en = "{quadrant} since {quadrant_since} ({quadrant_rule})."
zh = "{quadrant}，始于 {quadrant_since}（{quadrant_rule}）。"
[[sentence]]
en = "By the cuts alone it would be {by_cuts}."
zh = "仅按分界线应为{by_cuts}。"
if = "is_held"
[[sentence]]
en = "It may leave within 90 days with a probability of {churn_probability} (a quarter ago {churn_before}); expected loss: {value_at_risk} of yearly margin."
zh = "90 天内流失概率 {churn_probability}（一季度前 {churn_before}），预计流失年毛利 {value_at_risk}。"
if = "has_before"
[[sentence]]
en = "It may leave within 90 days with a probability of {churn_probability}; expected loss: {value_at_risk} of yearly margin."
zh = "90 天内流失概率 {churn_probability}，预计流失年毛利 {value_at_risk}。"
if = "has_no_before"
[[sentence]]
en = "It may grow within 180 days with a probability of {expansion_probability}; expected growth of its yearly value: {expected_expansion}."
zh = "180 天内增长概率 {expansion_probability}，年化金额预期增长 {expected_expansion}。"
[[sentence]]
en = "Playbook {playbook}: {next_action}."
zh = "服务方案（{playbook}）：{next_action}。"
[[sentence]]
en = "Number {rank} of {caller}'s calls of this week."
zh = "在{caller}的本周致电名单中排第 {rank}。"
if = "is_called"
[columns]
quadrant = { as = "word" }
quadrant_since = { as = "date" }
quadrant_rule = { as = "word", words = "rule" }
by_cuts = { as = "word", words = "quadrant" }
is_held = { as = "flag" }
churn_probability = { as = "percent" }
churn_before = { as = "percent" }
has_before = { as = "flag" }
has_no_before = { as = "flag" }
value_at_risk = { as = "money" }
expansion_probability = { as = "percent" }
expected_expansion = { as = "money" }
playbook = { as = "word" }
next_action = { as = "text" }
rank = { as = "count" }
caller = { as = "word", words = "owner" }
is_called = { as = "flag" }
---*/
SELECT
    now.quadrant,
    now.quadrant_since,
    now.quadrant_rule,
    states.by_cuts,
    COALESCE(states.by_cuts <> now.quadrant, FALSE) AS is_held,
    now.churn_probability,
    past.churn_probability AS churn_before,
    past.churn_probability IS NOT NULL AS has_before,
    past.churn_probability IS NULL AS has_no_before,
    now.value_at_risk,
    now.expansion_probability,
    now.expected_expansion,
    plans.playbook,
    CASE WHEN $lang = 'zh' THEN COALESCE(plans.next_action_zh, plans.next_action) ELSE plans.next_action END AS next_action,
    calls.rank,
    calls.owner AS caller,
    COALESCE(calls.fits, FALSE) AS is_called
FROM customer_snapshot AS now
LEFT JOIN quadrant_states AS states ON states.customer_id = now.customer_id
LEFT JOIN history.customer_snapshot AS past ON past.customer_id = now.customer_id AND past.months_ago = 3
LEFT JOIN service_plans AS plans ON plans.customer_id = now.customer_id
LEFT JOIN call_list AS calls ON calls.customer_id = now.customer_id
WHERE now.customer_id = $customer
