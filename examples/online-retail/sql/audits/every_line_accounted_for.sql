/*---
description = "Lines and pounds, kept and dropped by reason, add up to the file as the engine counted it."
---*/
WITH parts AS (
    SELECT
        sum(lines) FILTER (WHERE part IN ('kept', 'dropped')) AS lines_by_reason,
        sum(amount) FILTER (WHERE part IN ('kept', 'dropped')) AS amount_by_reason,
        sum(amount) FILTER (WHERE part = 'all') AS amount_known
    FROM data_quality
)
SELECT parts.lines_by_reason, sources.rows_known, parts.amount_by_reason, parts.amount_known
FROM parts
CROSS JOIN luopan.sources AS sources
WHERE sources.source = 'shop_invoice_lines'
    AND (parts.lines_by_reason <> sources.rows_known OR parts.amount_by_reason <> parts.amount_known)
