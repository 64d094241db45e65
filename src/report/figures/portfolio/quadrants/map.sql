/*---
title = "The map: worth now against worth to come"
title_zh = "客户地图：当前价值与未来价值"
note = "A point is a customer: the farther right, the more it is worth now; the higher, the more it may be worth; the larger, the more it is billed in a year. The lines are the cuts between quadrants."
note_zh = "每个点是一家客户：越靠右当前价值越高，越靠上未来价值越高，点越大年开票额越高；两条直线为象限分界。"
rows = 50
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
x = { en = "Worth now", zh = "当前价值", as = "score" }
y = { en = "Worth to come", zh = "未来价值", as = "score" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
churn_probability = { en = "Risk to leave, 90 days", zh = "90 天流失概率", as = "percent" }
health_score = { en = "Health", zh = "健康度", as = "score" }
quadrant = { en = "Quadrant", zh = "象限", as = "word" }
industry = { en = "Industry", zh = "行业", as = "word" }
region = { en = "Region", zh = "区域", as = "word" }
channel = { en = "Channel", zh = "渠道", as = "word" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
quadrant_rule = { en = "Placed by", zh = "判定依据", as = "word", words = "rule", hidden = true }
quadrant_since = { en = "In this quadrant since", zh = "进入象限日期", as = "date", hidden = true }
health_band = { en = "Health band", zh = "健康等级", as = "word", hidden = true }
value_at_risk = { en = "Margin expected to be lost in 90 days", zh = "90 天预计流失毛利", as = "money", hidden = true }
expected_expansion = { en = "Growth expected in 180 days", zh = "180 天预期增长", as = "money", hidden = true }
churn_reasons = { en = "What raises the risk", zh = "流失风险主因", as = "text", hidden = true }
playbook = { en = "Playbook", zh = "服务方案", as = "word", hidden = true }
next_action = { en = "Next step", zh = "下一步", as = "text", hidden = true }
---*/
SELECT
    customer.customer_id,
    COALESCE(customer.customer_name, customer.customer_id) AS customer_name,
    state.x,
    state.y,
    customer.revenue_12m,
    customer.churn_probability,
    customer.health_score,
    customer.quadrant,
    customer.industry,
    customer.region,
    COALESCE(customer.channel_partner_id, 'direct') AS channel,
    customer.owner,
    customer.quadrant_rule,
    customer.quadrant_since,
    customer.health_band,
    customer.value_at_risk,
    customer.expected_expansion,
    CASE WHEN $lang = 'zh' THEN COALESCE(customer.churn_reasons_zh, customer.churn_reasons) ELSE customer.churn_reasons END
        AS churn_reasons,
    customer.playbook,
    CASE WHEN $lang = 'zh' THEN COALESCE(plan.next_action_zh, plan.next_action) ELSE plan.next_action END AS next_action
FROM customer_snapshot AS customer
LEFT JOIN quadrant_states AS state ON state.customer_id = customer.customer_id
LEFT JOIN service_plans AS plan ON plan.customer_id = customer.customer_id
ORDER BY customer.revenue_12m DESC, customer.customer_id
