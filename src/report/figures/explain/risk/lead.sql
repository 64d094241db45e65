/*---
[[sentence]]
en = "Probability to have no contract in force 90 days from now: {churn_probability}."
zh = "90 天后没有有效合同的概率：{churn_probability}。"
[[sentence]]
en = "A quarter ago it was {churn_before}."
zh = "一季度前为 {churn_before}。"
[[sentence]]
en = "Expected loss: {value_at_risk} of yearly margin."
zh = "预计流失毛利：{value_at_risk}。"
[[sentence]]
en = "There is no probability tonight: no version of the model scores, or the customer is outside what it learned."
zh = "本期没有概率：没有可用的模型版本，或该客户不在模型范围内。"
if = "is_unscored"
[columns]
churn_probability = { as = "percent" }
churn_before = { as = "percent" }
value_at_risk = { as = "money" }
is_unscored = { as = "flag" }
---*/
SELECT
    now.churn_probability,
    past.churn_probability AS churn_before,
    now.value_at_risk,
    now.churn_probability IS NULL AS is_unscored
FROM customer_snapshot AS now
LEFT JOIN history.customer_snapshot AS past ON past.customer_id = now.customer_id AND past.months_ago = 3
WHERE now.customer_id = $customer
