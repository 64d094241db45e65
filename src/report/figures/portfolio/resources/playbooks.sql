/*---
title = "Playbooks: how many customers, and which visits are overdue"
title_zh = "服务方案执行：客户数与逾期拜访"
note = "Overdue: the rhythm of the playbook, counted from the last meeting in the CRM. Never met: no meeting is known."
note_zh = "逾期按服务方案的拜访间隔、自 CRM 中最近一次拜访起算；从未拜访为 CRM 中无记录。"
chart = "bars"
[columns]
playbook = { en = "Playbook", zh = "服务方案", as = "word", chart = "x" }
service_tier = { en = "Service", zh = "服务等级", as = "word" }
assign_to = { en = "Led by", zh = "主责角色", as = "word", words = "role" }
customers = { en = "Customers", zh = "客户数", as = "count", chart = "y" }
overdue = { en = "Visit overdue", zh = "拜访逾期", as = "count", chart = "y" }
never_met = { en = "Never met", zh = "从未拜访", as = "count" }
visit_every_days = { en = "Every (days)", zh = "间隔（天）", as = "days" }
budget_cap_12m = { en = "Budget a year", zh = "年预算上限", as = "money" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money" }
---*/
SELECT
    plan.playbook,
    plan.service_tier,
    plan.assign_to,
    COUNT(*) AS customers,
    COUNT(*) FILTER (WHERE plan.visit_due_on < $as_of_date) AS overdue,
    COUNT(*) FILTER (WHERE plan.last_visit_on IS NULL) AS never_met,
    plan.visit_every_days,
    SUM(plan.budget_cap_12m) AS budget_cap_12m,
    SUM(customer.value_at_risk) AS value_at_risk
FROM service_plans AS plan
JOIN customer_snapshot AS customer ON customer.customer_id = plan.customer_id
GROUP BY plan.playbook, plan.service_tier, plan.assign_to, plan.visit_every_days
ORDER BY value_at_risk DESC NULLS LAST, plan.playbook, plan.service_tier, plan.assign_to, plan.visit_every_days
