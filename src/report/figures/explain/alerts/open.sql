/*---
title = "Open alerts"
title_zh = "未关闭的预警"
empty = "No alert is open."
empty_zh = "没有未关闭的预警。"
[columns]
severity = { en = "Severity", zh = "级别", as = "word" }
since = { en = "Since", zh = "始于", as = "date" }
description = { en = "What", zh = "预警", as = "text" }
next_step = { en = "Next step", zh = "下一步", as = "text" }
---*/
SELECT
    severity,
    since,
    CASE WHEN $lang = 'zh' THEN COALESCE(description_zh, description) ELSE description END AS description,
    CASE WHEN $lang = 'zh' THEN COALESCE(next_step_zh, next_step) ELSE next_step END AS next_step
FROM alerts
WHERE customer_id = $customer AND status = 'open'
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, since, alert
