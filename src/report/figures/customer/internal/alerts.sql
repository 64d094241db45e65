/*---
title = "Open alerts"
title_zh = "未关闭的预警"
empty = "No alert is open."
empty_zh = "没有未关闭的预警。"
[columns]
severity = { en = "Severity", zh = "级别", as = "word" }
since = { en = "Since", zh = "始于", as = "date" }
description = { en = "What", zh = "预警", as = "text" }
evidence = { en = "Figures", zh = "依据", as = "text", words = "quadrant,health_band,module,competitor" }
owner_role = { en = "For", zh = "负责", as = "word", words = "role" }
next_step = { en = "Next step", zh = "下一步", as = "text" }
---*/
SELECT
    severity,
    since,
    CASE WHEN $lang = 'zh' THEN COALESCE(description_zh, description) ELSE description END AS description,
    CASE WHEN $lang = 'zh' THEN COALESCE(evidence_zh, evidence) ELSE evidence END AS evidence,
    owner_role,
    CASE WHEN $lang = 'zh' THEN COALESCE(next_step_zh, next_step) ELSE next_step END AS next_step
FROM alerts
WHERE customer_id = $customer AND status = 'open'
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, since, alert
