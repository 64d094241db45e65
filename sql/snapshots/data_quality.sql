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
files_skipped = { type = "int", description = "Bad files that were left out (on_bad_file = \"skip\"); those of a later month's folder are not counted", description_zh = "跳过的损坏文件数（on_bad_file = \"skip\"）；不含之后月份目录中的文件" }
skipped_example = { type = "text", description = "One such file", description_zh = "被跳过的文件示例" }
missing_months = { type = "int", description = "Months without a file between months with one", description_zh = "前后均有文件而自身缺失的月份数" }
missing_month_example = { type = "text", description = "The first of them", description_zh = "首个缺失月份" }
files_lacking_columns = { type = "int", description = "Files without a declared column that may be null: it is null in all of their rows", description_zh = "缺少可空列的文件数（该列在其中均为空）" }
rows_without_known_at = { type = "int", description = "Rows that do not say when they were known, and are left out", description_zh = "缺少知悉时间而被剔除的行数" }
unexpected_nulls = { type = "int", description = "Nulls in known rows, in columns that were declared to have none", description_zh = "不允许为空的列中的空值数（已知行内）" }
implausible_rows = { type = "int", description = "Known rows with a value that cannot be (sql/staging/implausible.sql); null where none is checked", description_zh = "含不可能值的已知行数（sql/staging/implausible.sql）；未检查则为空" }
implausible_example_id = { type = "text", description = "One such row", description_zh = "含不可能值的行示例" }
---*/
WITH checked AS (
    SELECT
        sources.*,
        orphans.orphan_rows,
        orphans.example_id,
        implausible.implausible_rows,
        implausible.example_id AS implausible_example_id
    FROM luopan.sources AS sources
    LEFT JOIN orphans ON orphans.source = sources.source
    LEFT JOIN implausible ON implausible.source = sources.source
)
SELECT
    source,
    CASE WHEN NOT present THEN 'absent'
         WHEN freshness = 'fail' THEN 'fail'
         WHEN freshness = 'warn' OR files_skipped > 0 OR missing_months > 0 OR files_lacking_columns > 0 THEN 'warn'
         -- One row in a hundred may be an orphan, or have something amiss, before anybody need look.
         WHEN orphan_rows * 100 > rows_known THEN 'warn'
         WHEN (COALESCE(implausible_rows, 0) + rows_without_known_at + unexpected_nulls) * 100 > rows_known THEN 'warn'
         ELSE 'ok' END AS status,
    COALESCE(NULLIF(concat_ws('; ',
        CASE WHEN NOT present THEN 'not delivered: what depends on it is unknown' END,
        CASE WHEN freshness IN ('warn', 'fail') THEN concat('newest row is ', CAST(age_days AS TEXT), ' days old') END,
        CASE WHEN files_skipped > 0 THEN concat('bad files left out: ', CAST(files_skipped AS TEXT), ', such as ', skipped_example) END,
        CASE WHEN missing_months > 0 THEN concat('months without a file: ', CAST(missing_months AS TEXT), ', such as ', missing_month_example) END,
        CASE WHEN files_lacking_columns > 0 THEN concat('files without a column that they should have: ', CAST(files_lacking_columns AS TEXT)) END,
        CASE WHEN doubled_rows > 0 THEN concat(CAST(doubled_rows AS TEXT), ' doubled rows left out') END,
        CASE WHEN rows_without_known_at > 0
             THEN concat(CAST(rows_without_known_at AS TEXT), ' rows do not say when they were known') END,
        CASE WHEN unexpected_nulls > 0 THEN concat(CAST(unexpected_nulls AS TEXT), ' nulls where none were declared') END,
        CASE WHEN implausible_rows > 0
             THEN concat(CAST(implausible_rows AS TEXT), ' rows have a value that cannot be, such as ', implausible_example_id) END,
        CASE WHEN orphan_rows > 0
             THEN concat(CAST(orphan_rows AS TEXT), ' rows belong to nobody, such as those of ', example_id) END
    ), ''), 'nothing to remark') AS finding,
    COALESCE(NULLIF(concat_ws('；',
        CASE WHEN NOT present THEN '未提供：依赖它的结果均未知' END,
        CASE WHEN freshness IN ('warn', 'fail') THEN concat('最新一行距今 ', CAST(age_days AS TEXT), ' 天') END,
        CASE WHEN files_skipped > 0 THEN concat('已跳过 ', CAST(files_skipped AS TEXT), ' 个损坏文件，例如 ', skipped_example) END,
        CASE WHEN missing_months > 0 THEN concat('缺少 ', CAST(missing_months AS TEXT), ' 个月的文件，例如 ', missing_month_example) END,
        CASE WHEN files_lacking_columns > 0 THEN concat(CAST(files_lacking_columns AS TEXT), ' 个文件缺少列') END,
        CASE WHEN doubled_rows > 0 THEN concat('已剔除 ', CAST(doubled_rows AS TEXT), ' 行重复数据') END,
        CASE WHEN rows_without_known_at > 0
             THEN concat(CAST(rows_without_known_at AS TEXT), ' 行缺少知悉时间') END,
        CASE WHEN unexpected_nulls > 0 THEN concat('不允许为空的列中有 ', CAST(unexpected_nulls AS TEXT), ' 个空值') END,
        CASE WHEN implausible_rows > 0
             THEN concat(CAST(implausible_rows AS TEXT), ' 行含不可能的值，例如 ', implausible_example_id) END,
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
    freshness,
    files_skipped,
    skipped_example,
    missing_months,
    missing_month_example,
    files_lacking_columns,
    rows_without_known_at,
    unexpected_nulls,
    implausible_rows,
    implausible_example_id
FROM checked
