/*---
[[sentence]]
en = "All {sources} sources were delivered and are in order."
zh = "{sources} 个数据源均已提供且正常。"
if = "all_in_order"
[[sentence]]
en = "{in_order} of {sources} sources are in order; look at: {not_in_order}."
zh = "{sources} 个数据源中 {in_order} 个正常；请关注：{not_in_order}。"
if = "not_all_in_order"
[[sentence]]
en = "Of {rows} rows {orphans} ({orphan_share}) belong to nobody we know, and {doubled} doubled rows were left out."
zh = "共 {rows} 行数据，其中 {orphans} 行（{orphan_share}）无法关联到客户，剔除重复行 {doubled} 行。"
[[sentence]]
en = "The oldest delivery among those that must be fresh is {stalest_age} days old ({stalest})."
zh = "有时效要求的数据源中，最旧的一个距今 {stalest_age} 天（{stalest}）。"
[[sentence]]
en = "{moves} customers changed quadrant since the last set: {by_data} by their own figures, {by_model} by a new model version, {by_rest} by something else."
zh = "与上一期相比 {moves} 家客户变动象限：自身数据变化 {by_data} 家，模型更新 {by_model} 家，其他原因 {by_rest} 家。"
if = "has_moves"
[[sentence]]
en = "All {audits} audits passed before the set was published."
zh = "发布前 {audits} 项审核全部通过。"
if = "all_audits_passed"
[[sentence]]
en = "{passed} of {audits} audits passed before the set was published; these only warn: {warnings}."
zh = "发布前 {audits} 项审核通过 {passed} 项；以下为警告：{warnings}。"
if = "some_audits_warned"
[columns]
sources = { as = "count" }
in_order = { as = "count" }
not_in_order = { as = "text" }
rows = { as = "count" }
orphans = { as = "count" }
orphan_share = { as = "percent" }
doubled = { as = "count" }
stalest = { as = "word", words = "source" }
stalest_age = { as = "count" }
moves = { as = "count" }
by_data = { as = "count" }
by_model = { as = "count" }
by_rest = { as = "count" }
all_in_order = { as = "flag" }
not_all_in_order = { as = "flag" }
has_moves = { as = "flag" }
audits = { as = "count" }
passed = { as = "count" }
warnings = { as = "text" }
all_audits_passed = { as = "flag" }
some_audits_warned = { as = "flag" }
---*/
WITH quality AS (
    SELECT
        COUNT(*) AS sources,
        COUNT(*) FILTER (WHERE status = 'ok') AS in_order,
        STRING_AGG(CASE WHEN status <> 'ok' THEN REPLACE(source, '_', ' ') END, ', ' ORDER BY source) AS not_in_order,
        SUM(rows_known) AS rows,
        SUM(orphan_rows) AS orphans,
        SUM(doubled_rows) AS doubled,
        SUM(rows_known) FILTER (WHERE orphan_rows IS NOT NULL) AS linked_rows
    FROM data_quality
),
stale AS (
    SELECT source AS stalest, age_days AS stalest_age
    FROM data_quality
    WHERE freshness IS NOT NULL AND age_days IS NOT NULL
    ORDER BY age_days DESC, source
    LIMIT 1
),
moved AS (
    SELECT
        COUNT(*) AS moves,
        COUNT(*) FILTER (WHERE cause = 'data') AS by_data,
        COUNT(*) FILTER (WHERE cause = 'model') AS by_model,
        COUNT(*) FILTER (WHERE cause NOT IN ('data', 'model')) AS by_rest
    FROM quadrant_moves
),
audited AS (
    SELECT
        NULLIF(COUNT(*), 0) AS audits,
        COUNT(*) FILTER (WHERE rows = 0) AS passed,
        STRING_AGG(CASE WHEN rows > 0 THEN description END, '; ' ORDER BY audit) AS warnings
    FROM luopan.audits
)
SELECT
    sources,
    in_order,
    not_in_order,
    rows,
    orphans,
    CAST(orphans AS DOUBLE) / NULLIF(linked_rows, 0) AS orphan_share,
    doubled,
    stalest,
    stalest_age,
    moves,
    by_data,
    by_model,
    by_rest,
    in_order = sources AS all_in_order,
    in_order < sources AS not_all_in_order,
    moves > 0 AS has_moves,
    audits,
    passed,
    warnings,
    audits = passed AS all_audits_passed,
    audits > passed AS some_audits_warned
FROM quality
CROSS JOIN moved
CROSS JOIN audited
LEFT JOIN stale ON true
