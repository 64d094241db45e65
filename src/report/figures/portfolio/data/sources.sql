/*---
title = "What was delivered, how fresh, and what is wrong with it"
title_zh = "数据源：时效与质量"
note = "Orphans are rows whose number no link knows: they count for nobody. Doubled rows are told once."
note_zh = "孤立行指编号无法关联到任何客户的行，不计入任何客户；重复行只计一次。"
[columns]
source = { en = "Source", zh = "数据源", as = "word" }
status = { en = "State", zh = "状态", as = "word" }
freshness = { en = "Freshness", zh = "时效", as = "word" }
age_days = { en = "Newest row, days old", zh = "最新数据距今（天）", as = "count" }
rows_known = { en = "Rows", zh = "行数", as = "count" }
doubled_rows = { en = "Doubled", zh = "重复行", as = "count" }
orphan_rows = { en = "Orphans", zh = "孤立行", as = "count" }
orphan_share = { en = "Share of orphans", zh = "孤立行占比", as = "percent" }
orphan_example_id = { en = "For example", zh = "示例编号", as = "text" }
finding = { en = "In words", zh = "说明", as = "text" }
---*/
SELECT
    source,
    status,
    freshness,
    age_days,
    rows_known,
    doubled_rows,
    orphan_rows,
    CAST(orphan_rows AS DOUBLE) / NULLIF(rows_known, 0) AS orphan_share,
    orphan_example_id,
    CASE WHEN $lang = 'zh' THEN COALESCE(finding_zh, finding) ELSE finding END AS finding
FROM data_quality
ORDER BY CASE status WHEN 'fail' THEN 1 WHEN 'absent' THEN 2 WHEN 'warn' THEN 3 ELSE 4 END, source
