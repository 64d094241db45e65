/*---
title = "Whom to call this week"
title_zh = "本周致电名单"
note = "As many customers per account manager as there is time for, the most money first. What a call keeps rests on the assumed share of leavers whom a call in time holds, less the cost of the call. At most 5,000."
note_zh = "按每位客户经理本周可致电次数安排，金额大者优先。预计挽回按假设的挽回比例计算，已扣除致电成本；最多 5,000 家。"
list = true
empty = "No call this week is expected to keep more than it costs."
empty_zh = "本周没有预计收益高于成本的致电对象。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
rank = { en = "Place in the list", zh = "本人名单序号", as = "count" }
expected_kept = { en = "Expected to keep", zh = "预计挽回", as = "money" }
value_at_risk = { en = "Expected loss", zh = "预计流失毛利", as = "money" }
churn_probability = { en = "Risk to leave, 90 days", zh = "90 天流失概率", as = "percent" }
first_end_on = { en = "Contract ends", zh = "合同到期", as = "date" }
churn_reasons = { en = "Why", zh = "原因", as = "text" }
next_action = { en = "Next step", zh = "下一步", as = "text" }
---*/
SELECT
    call.customer_id,
    COALESCE(customer.customer_name, call.customer_id) AS customer_name,
    NULLIF(call.owner, 'nobody') AS owner,
    call.rank,
    call.expected_kept,
    call.value_at_risk,
    call.churn_probability,
    call.first_end_on,
    CASE WHEN $lang = 'zh' THEN COALESCE(call.churn_reasons_zh, call.churn_reasons) ELSE call.churn_reasons END
        AS churn_reasons,
    CASE WHEN $lang = 'zh' THEN COALESCE(call.next_action_zh, call.next_action) ELSE call.next_action END AS next_action
FROM call_list AS call
JOIN customer_snapshot AS customer ON customer.customer_id = call.customer_id
WHERE call.fits
ORDER BY call.expected_kept DESC, call.customer_id
LIMIT 5000
