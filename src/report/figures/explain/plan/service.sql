/*---
title = "How it is served"
title_zh = "服务安排"
empty = "No playbook holds for it."
empty_zh = "没有适用的服务方案。"
[columns]
service_tier = { en = "Tier", zh = "服务等级", as = "word" }
ticket_route = { en = "Tickets go to", zh = "工单去向", as = "word" }
assign_to = { en = "Led by", zh = "主责角色", as = "word", words = "role" }
visit_every_days = { en = "Visit every", zh = "拜访间隔", as = "days" }
last_visit_on = { en = "Last", zh = "上次拜访", as = "date" }
visit_due_on = { en = "Due", zh = "应于", as = "date" }
budget_cap_12m = { en = "Budget a year", zh = "年度预算上限", as = "money" }
---*/
SELECT service_tier, ticket_route, assign_to, visit_every_days, last_visit_on, visit_due_on, budget_cap_12m
FROM service_plans
WHERE customer_id = $customer AND playbook IS NOT NULL
