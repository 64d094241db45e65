/*---
title = "Open alerts"
title_zh = "未解除的预警"
note = "High severity first, then the customers with the most money at risk; at most 5,000."
note_zh = "先按级别，再按预计流失毛利排序，最多 5,000 条。"
list = true
empty = "No alert is open."
empty_zh = "当前没有预警。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
severity = { en = "Severity", zh = "级别", as = "word" }
description = { en = "What is wrong", zh = "预警内容", as = "text" }
evidence = { en = "Evidence", zh = "依据", as = "text", words = "quadrant,health_band,module,competitor" }
since = { en = "Since", zh = "起始日期", as = "date" }
is_new = { en = "New", zh = "新增", as = "flag" }
value_at_risk = { en = "Expected loss", zh = "预计流失毛利", as = "money" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
owner_role = { en = "For", zh = "负责角色", as = "word", words = "role" }
next_step = { en = "Next step", zh = "下一步", as = "text" }
---*/
SELECT
    alert.customer_id,
    COALESCE(customer.customer_name, alert.customer_id) AS customer_name,
    alert.severity,
    CASE WHEN $lang = 'zh' THEN COALESCE(alert.description_zh, alert.description, alert.alert)
         ELSE COALESCE(alert.description, alert.alert) END AS description,
    CASE WHEN $lang = 'zh' THEN COALESCE(alert.evidence_zh, alert.evidence) ELSE alert.evidence END AS evidence,
    alert.since,
    alert.is_new,
    customer.value_at_risk,
    alert.owner,
    alert.owner_role,
    CASE WHEN $lang = 'zh' THEN COALESCE(alert.next_step_zh, alert.next_step) ELSE alert.next_step END AS next_step
FROM alerts AS alert
JOIN customer_snapshot AS customer ON customer.customer_id = alert.customer_id
WHERE alert.status = 'open'
ORDER BY
    CASE alert.severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
    customer.value_at_risk DESC NULLS LAST,
    alert.alert_id
LIMIT 5000
