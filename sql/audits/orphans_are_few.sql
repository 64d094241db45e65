/*---
description = "Hardly any rows belong to nobody: more than one in twenty means that links are missing."
severity = "warn"
---*/
SELECT source, rows_known, orphan_rows, example_id
FROM orphans
WHERE orphan_rows * 20 > rows_known
