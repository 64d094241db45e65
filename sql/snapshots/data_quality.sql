/*---
description = "What the lake delivered tonight, and what is wrong with it: one row per source."
description_zh = "今晚数据湖提供了什么、有何问题：每个数据源一行。"
grain = ["source"]
[columns]
source = { type = "text", null = false, description = "The source", description_zh = "数据源" }
status = { type = "text", null = false, description = "ok, warn, fail or absent", description_zh = "状态：ok 正常、warn 警告、fail 不合格、absent 未提供" }
finding = { type = "text", null = false, description = "In plain words", description_zh = "结论（英文）" }
finding_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "结论" }
kind = { type = "text", null = false, description = "event, history or static", description_zh = "数据类型：event 事件、history 历史、static 静态" }
rows_known = { type = "int", description = "Rows known on the as-of day, doubles taken out", description_zh = "截至数据日已知的行数（已去重）" }
doubled_rows = { type = "int", description = "Known rows that another of the same key replaces", description_zh = "被同键其他行取代的重复行数" }
orphan_rows = { type = "int", description = "Rows whose id no link knows; null where rows have no such id", description_zh = "编号无法关联到客户的行数；无此类编号则为空" }
orphan_example_id = { type = "text", description = "One such id", description_zh = "无法关联的编号示例" }
last_known_at = { type = "timestamp", description = "The newest row", description_zh = "最新一行的时间" }
age_days = { type = "int", description = "Its age on the as-of day", description_zh = "最新一行距数据日的天数" }
freshness = { type = "text", description = "fresh, warn or fail; null where nothing was promised", description_zh = "时效：fresh 及时、warn 警告、fail 过期；未约定则为空" }
---*/
WITH checked AS (
    SELECT sources.*, orphans.orphan_rows, orphans.example_id
    FROM luopan.sources AS sources
    LEFT JOIN orphans ON orphans.source = sources.source
)
SELECT
    source,
    CASE WHEN NOT present THEN 'absent'
         WHEN freshness = 'fail' THEN 'fail'
         -- One row in a hundred may be an orphan before anybody need look.
         WHEN freshness = 'warn' OR orphan_rows * 100 > rows_known THEN 'warn'
         ELSE 'ok' END AS status,
    COALESCE(NULLIF(concat_ws('; ',
        CASE WHEN NOT present THEN 'not delivered: what depends on it is unknown' END,
        CASE WHEN freshness IN ('warn', 'fail') THEN concat('newest row is ', CAST(age_days AS TEXT), ' days old') END,
        CASE WHEN doubled_rows > 0 THEN concat(CAST(doubled_rows AS TEXT), ' doubled rows left out') END,
        CASE WHEN orphan_rows > 0
             THEN concat(CAST(orphan_rows AS TEXT), ' rows belong to nobody, such as those of ', example_id) END
    ), ''), 'nothing to remark') AS finding,
    COALESCE(NULLIF(concat_ws('；',
        CASE WHEN NOT present THEN '未提供：依赖它的结果均未知' END,
        CASE WHEN freshness IN ('warn', 'fail') THEN concat('最新一行距今 ', CAST(age_days AS TEXT), ' 天') END,
        CASE WHEN doubled_rows > 0 THEN concat('已剔除 ', CAST(doubled_rows AS TEXT), ' 行重复数据') END,
        CASE WHEN orphan_rows > 0
             THEN concat(CAST(orphan_rows AS TEXT), ' 行无法关联到客户，例如编号 ', example_id) END
    ), ''), '无异常') AS finding_zh,
    kind,
    rows_known,
    doubled_rows,
    orphan_rows,
    example_id AS orphan_example_id,
    last_known_at,
    age_days,
    freshness
FROM checked
