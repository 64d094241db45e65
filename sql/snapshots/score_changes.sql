/*---
description = "Why a score is another than in the last set: the change of each component, split into what its points did and what its weight did. The changes of a customer and score add up to the change of the score."
description_zh = "评分较上一期变化的原因：各组成部分的变化，拆分为得分与权重两部分的影响。同一客户同一评分的各项变化之和等于评分的变化。"
grain = ["customer_id", "score", "component"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
score = { type = "text", null = false, description = "current_value, potential_value, strategic_value or health", description_zh = "评分名称" }
component = { type = "text", null = false, description = "What was judged", description_zh = "评分项" }
value_before = { type = "double", description = "The figure in the last set; null if unknown or a word", description_zh = "上期数值" }
value = { type = "double", description = "The figure now", description_zh = "本期数值" }
points_before = { type = "decimal(9,4)", description = "Its points in the last set; null if unknown", description_zh = "上期得分" }
points = { type = "decimal(9,4)", description = "Its points now", description_zh = "本期得分" }
change = { type = "decimal(9,4)", null = false, description = "Contribution now minus contribution then", description_zh = "贡献变化" }
by_points = { type = "decimal(9,4)", null = false, description = "The part that its points did; all of it where the figure became known or unknown", description_zh = "得分变化带来的部分" }
by_weight = { type = "decimal(9,4)", null = false, description = "The part that its weight did: set anew, or moved because another figure became known or unknown", description_zh = "权重变化带来的部分" }
---*/
WITH both_days AS (
    SELECT
        COALESCE(now.customer_id, before.customer_id) AS customer_id,
        COALESCE(now.score, before.score) AS score,
        COALESCE(now.component, before.component) AS component,
        before.value AS value_before,
        now.value,
        before.points AS points_before,
        now.points,
        before.weight AS weight_before,
        now.weight,
        CAST(COALESCE(now.contribution, 0) - COALESCE(before.contribution, 0) AS DECIMAL(9, 4)) AS change
    FROM score_components AS now
    FULL JOIN previous.score_components AS before
        ON before.customer_id = now.customer_id AND before.score = now.score AND before.component = now.component
),
-- A score that was not there, or is no more, has not changed: who is new, who left.
scored AS (
    SELECT DISTINCT now.customer_id, now.score
    FROM score_components AS now
    JOIN previous.score_components AS before ON before.customer_id = now.customer_id AND before.score = now.score
    WHERE now.contribution IS NOT NULL AND before.contribution IS NOT NULL
),
split AS (
    SELECT
        both_days.*,
        -- w1 p1 - w0 p0 = (w0 + w1) / 2 (p1 - p0) + (p0 + p1) / 2 (w1 - w0), exactly.
        CASE WHEN points IS NULL OR points_before IS NULL THEN change
             ELSE CAST((weight_before + weight) / 2 * CAST(points - points_before AS DOUBLE) AS DECIMAL(9, 4))
        END AS by_points
    FROM both_days
    JOIN scored ON scored.customer_id = both_days.customer_id AND scored.score = both_days.score
    WHERE change <> 0
)
SELECT
    customer_id, score, component, value_before, value, points_before, points, change, by_points,
    CAST(change - by_points AS DECIMAL(9, 4)) AS by_weight
FROM split
