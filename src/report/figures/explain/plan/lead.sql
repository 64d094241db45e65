/*---
[[sentence]]
en = "Playbook: {playbook}."
zh = "服务方案：{playbook}。"
[[sentence]]
en = "Next: {next_action}."
zh = "下一步：{next_action}。"
[[sentence]]
en = "On this week's call list of {caller} it is number {rank}; the call is expected to keep {expected_kept}."
zh = "在{caller}的本周致电名单中排第 {rank}；预计可挽回 {expected_kept}。"
if = "is_called"
[[sentence]]
en = "It is number {rank} of {caller}'s call list: this week's calls do not reach it."
zh = "在{caller}的致电名单中排第 {rank}：超出本周可致电数。"
if = "is_below"
[[sentence]]
en = "It is on no call list: a call is not expected to keep more than it costs."
zh = "不在致电名单中：预计可挽回的金额不高于致电成本。"
if = "is_not_called"
[columns]
playbook = { as = "word" }
next_action = { as = "text" }
caller = { as = "word", words = "owner" }
rank = { as = "count" }
expected_kept = { as = "money" }
is_called = { as = "flag" }
is_below = { as = "flag" }
is_not_called = { as = "flag" }
---*/
SELECT
    plans.playbook,
    CASE WHEN $lang = 'zh' THEN COALESCE(plans.next_action_zh, plans.next_action) ELSE plans.next_action END AS next_action,
    calls.owner AS caller,
    calls.rank,
    calls.expected_kept,
    COALESCE(calls.fits, FALSE) AS is_called,
    COALESCE(NOT calls.fits, FALSE) AS is_below,
    calls.customer_id IS NULL AS is_not_called
FROM service_plans AS plans
LEFT JOIN call_list AS calls ON calls.customer_id = plans.customer_id
WHERE plans.customer_id = $customer
