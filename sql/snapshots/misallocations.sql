/*---
description = "Quadrants that get far more or far less of a resource than they earn and than they promise, in words and figures."
description_zh = "某项资源的投入远多于或远少于其收益与潜力的象限，附文字说明与数据。"
grain = ["quadrant", "resource"]
[columns]
quadrant = { type = "text", null = false, description = "star, cash_cow, question_mark or dog", description_zh = "象限" }
resource = { type = "text", null = false, description = "support (hours), visits (meetings) or discounts (money), of 12 months", description_zh = "资源：support（支持工时）、visits（拜访）、discounts（折扣）" }
direction = { type = "text", null = false, description = "too_much or too_little", description_zh = "too_much（过多）或 too_little（过少）" }
used = { type = "double", null = false, description = "What it got in 12 months: hours, meetings or money", description_zh = "近 12 个月实际用量（小时、次数或金额）" }
used_share = { type = "double", null = false, description = "Share of all that was given (0-1)", description_zh = "用量占比（0-1）" }
margin_share = { type = "double", description = "Its share of the margin of 12 months", description_zh = "毛利占比" }
expansion_share = { type = "double", description = "Its share of the growth expected within 180 days", description_zh = "预期增长占比" }
fair_share = { type = "double", null = false, description = "The nearer of the two: the smallest change that one of them would justify", description_zh = "应得占比：毛利占比与预期增长占比中较接近用量占比者" }
ratio = { type = "double", description = "used_share / fair_share; null where it neither earns nor promises anything", description_zh = "用量占比 / 应得占比；无毛利且无预期增长时为空" }
to_move = { type = "double", null = false, description = "What it would get more (below 0: less) in a year at its fair share: hours, meetings or money", description_zh = "按应得占比每年应增加的用量（负数为减少）" }
finding = { type = "text", null = false, description = "The finding in words", description_zh = "结论（英文）" }
finding_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "结论（中文）" }
---*/
-- Effort goes where today's money or tomorrow's is. A quadrant has too much only if neither its margin nor the growth
-- expected of it explains it, and too little only if both ask for more: the nearer of the two is its fair share. That more
-- effort brings more money is not said: quadrants are cut by money, effort goes with customers. It is a question, with its
-- size.
WITH given AS (
    SELECT quadrant, 'support' AS resource,
           CAST(support_minutes_12m AS DOUBLE) / 60 AS used, support_share AS used_share,
           CAST(SUM(support_minutes_12m) OVER () AS DOUBLE) / 60 AS everything, margin_share, expansion_share
    FROM resource_use
    UNION ALL
    SELECT quadrant, 'visits', CAST(visits_12m AS DOUBLE), visit_share,
           CAST(SUM(visits_12m) OVER () AS DOUBLE), margin_share, expansion_share
    FROM resource_use
    UNION ALL
    -- A few contracts scatter too much to speak of discounts.
    SELECT quadrant, 'discounts', CAST(discount_12m AS DOUBLE),
           CASE WHEN priced_contracts_12m >= $price_min_contracts THEN discount_share END,
           CAST(SUM(discount_12m) OVER () AS DOUBLE), margin_share, expansion_share
    FROM resource_use
),
-- Where one of the two is unknown the other decides: GREATEST and LEAST pass over a null. Who loses money has no share.
bounds AS (
    SELECT
        given.*,
        GREATEST(margin_share, expansion_share, 0) AS most,
        GREATEST(LEAST(margin_share, expansion_share), 0) AS least,
        CAST($misallocation_ratio AS DOUBLE) AS misallocation_ratio
    FROM given
    WHERE used_share IS NOT NULL AND quadrant <> 'unscored' AND (margin_share IS NOT NULL OR expansion_share IS NOT NULL)
),
judged AS (
    SELECT
        *,
        CASE WHEN used_share > most * misallocation_ratio THEN 'too_much' ELSE 'too_little' END AS direction,
        CASE WHEN used_share > most * misallocation_ratio THEN most ELSE least END AS fair_share
    FROM bounds
    WHERE used_share > most * misallocation_ratio OR used_share * misallocation_ratio < least
),
worded AS (
    SELECT
        *,
        (fair_share - used_share) * everything AS to_move,
        CAST(CAST(abs((fair_share - used_share) * everything) AS DECIMAL(18, 0)) AS TEXT) AS moved,
        CAST(CAST(100 * used_share AS DECIMAL(9, 1)) AS TEXT) AS used_percent,
        COALESCE(CAST(CAST(100 * margin_share AS DECIMAL(9, 1)) AS TEXT), '?') AS margin_percent,
        COALESCE(CAST(CAST(100 * expansion_share AS DECIMAL(9, 1)) AS TEXT), '?') AS expansion_percent
    FROM judged
)
SELECT
    quadrant,
    resource,
    direction,
    used,
    used_share,
    margin_share,
    expansion_share,
    fair_share,
    used_share / NULLIF(fair_share, 0) AS ratio,
    to_move,
    concat(
        CASE quadrant WHEN 'star' THEN 'Stars' WHEN 'cash_cow' THEN 'Cash cows'
                      WHEN 'question_mark' THEN 'Question marks' ELSE 'Dogs' END,
        ' get ', used_percent, ' % of ',
        CASE resource WHEN 'support' THEN 'support hours' WHEN 'visits' THEN 'meetings' ELSE 'discounts' END,
        ', bring ', margin_percent, ' % of the margin and promise ', expansion_percent, ' % of the growth: in proportion ',
        moved, CASE resource WHEN 'support' THEN ' hours' WHEN 'visits' THEN ' meetings' ELSE '' END,
        CASE direction WHEN 'too_much' THEN ' less' ELSE ' more' END, ' a year') AS finding,
    concat(
        CASE quadrant WHEN 'star' THEN '明星客户' WHEN 'cash_cow' THEN '现金牛客户'
                      WHEN 'question_mark' THEN '问号客户' ELSE '瘦狗客户' END,
        '占用', CASE resource WHEN 'support' THEN '支持工时' WHEN 'visits' THEN '拜访' ELSE '折扣' END, '的 ', used_percent,
        '%，带来毛利的 ', margin_percent, '%、预期增长的 ', expansion_percent, '%：按比例每年应',
        CASE direction WHEN 'too_much' THEN '减少 ' ELSE '增加 ' END, moved,
        CASE resource WHEN 'support' THEN ' 小时' WHEN 'visits' THEN ' 次' ELSE '' END) AS finding_zh
FROM worded
