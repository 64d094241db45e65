/*---
description = "What the lake delivered tonight, and what is wrong with it: one row per source."
grain = ["source"]
[columns]
source = { type = "text", null = false, description = "The source" }
status = { type = "text", null = false, description = "ok, warn, fail or absent" }
finding = { type = "text", null = false, description = "In plain words" }
kind = { type = "text", null = false, description = "event, history or static" }
rows_known = { type = "int", description = "Rows known on the as-of day, doubles taken out" }
doubled_rows = { type = "int", description = "Known rows that another of the same key replaces" }
orphan_rows = { type = "int", description = "Rows whose id no link knows; null where rows have no such id" }
orphan_example_id = { type = "text", description = "One such id" }
last_known_at = { type = "timestamp", description = "The newest row" }
age_days = { type = "int", description = "Its age on the as-of day" }
freshness = { type = "text", description = "fresh, warn or fail; null where nothing was promised" }
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
    kind,
    rows_known,
    doubled_rows,
    orphan_rows,
    example_id AS orphan_example_id,
    last_known_at,
    age_days,
    freshness
FROM checked
