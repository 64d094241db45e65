/*---
description = "How each customer is served: the playbook of its quadrant and health, with rhythm, budget, route and next step."
description_zh = "每位客户的服务方式：按其象限与健康度选定的策略，含联系频率、预算、工单路由与下一步动作。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
playbook = { type = "text", description = "The playbook of models/playbooks.toml whose rule holds first", description_zh = "适用的服务方案" }
playbooks_held = { type = "text", description = "All whose rules hold, in order of precedence", description_zh = "所有成立的方案（按优先级）" }
service_tier = { type = "text", description = "Level of service", description_zh = "服务等级" }
ticket_route = { type = "text", description = "Where its tickets go: expert_group, standard_queue or self_service", description_zh = "工单路由：expert_group 专家组、standard_queue 标准队列、self_service 自助" }
visit_every_days = { type = "int", description = "Rhythm of visits and calls", description_zh = "拜访周期（天）" }
last_visit_on = { type = "date", description = "Last meeting in the CRM", description_zh = "最近一次拜访" }
visit_due_on = { type = "date", description = "When the next is due; before today: overdue", description_zh = "下次应拜访日期，早于今日即已逾期" }
budget_cap_12m = { type = "decimal(18,2)", description = "What may be spent on it in a year: a share of its margin before one-off work; nothing where there is none", description_zh = "年度投入上限（按经常性毛利的比例）" }
assign_to = { type = "text", description = "Role that leads", description_zh = "负责角色" }
owner = { type = "text", description = "Its account manager", description_zh = "客户经理" }
next_action = { type = "text", description = "Next best action", description_zh = "下一步动作（英文）" }
next_action_zh = { type = "text", description = "The same in Chinese", description_zh = "下一步动作" }
---*/
WITH visits AS (
    SELECT customer_id, MAX(held_on) AS last_visit_on
    FROM engagements
    GROUP BY customer_id
)
SELECT
    plan.customer_id,
    plan.rule AS playbook,
    plan.rules_held AS playbooks_held,
    plan.service_tier,
    plan.ticket_route,
    plan.visit_every_days,
    visits.last_visit_on,
    -- Who was never visited is due today.
    COALESCE(visits.last_visit_on + CAST(plan.visit_every_days AS INT),
             CASE WHEN plan.visit_every_days IS NOT NULL THEN $as_of_date END) AS visit_due_on,
    CAST(plan.budget_share * CAST(GREATEST(finance.recurring_margin_12m, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS budget_cap_12m,
    plan.assign_to,
    account.owner,
    plan.next_action,
    plan.next_action_zh
FROM playbooks AS plan
JOIN customer_finance AS finance ON finance.customer_id = plan.customer_id
LEFT JOIN visits ON visits.customer_id = plan.customer_id
LEFT JOIN customers AS account ON account.customer_id = plan.customer_id
