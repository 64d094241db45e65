/*---
description = "Who stands in another quadrant than in the last set, and why: late rows, the day's data, settings or a model."
description_zh = "与上一期所在象限不同的客户及原因：迟到数据、当日数据、设置或模型。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户编号" }
from_quadrant = { type = "text", null = false, description = "Quadrant in the last set; unscored: had none", description_zh = "上一期所在象限;unscored 表示未评" }
to_quadrant = { type = "text", null = false, description = "Quadrant now; unscored: has none", description_zh = "当前象限;unscored 表示未评" }
cause = { type = "text", null = false, description = "What moved it last: late_data, data, cuts, stay (its minimum stay is over), rule, settings or model", description_zh = "移动原因(最后一步):late_data 迟到数据、data 数据、cuts 分界移动、stay 停留期满、rule 规则、settings 设置、model 模型" }
causes = { type = "text", null = false, description = "Every step that changed its quadrant, in order, separated by commas", description_zh = "依次改变其象限的全部步骤,以逗号分隔" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of 12 months that moved along", description_zh = "随之移动的近12个月收入" }
recurring_margin_12m = { type = "decimal(18,2)", null = false, description = "Its margin before one-off implementation", description_zh = "其近12个月经常性毛利" }
x = { type = "decimal(9,4)", description = "Worth now (0-100)", description_zh = "当前价值(0-100)" }
y = { type = "decimal(9,4)", description = "Worth to come (0-100)", description_zh = "未来价值(0-100)" }
x_cut = { type = "decimal(9,4)", description = "From here on worth now is high", description_zh = "横轴分界" }
y_cut = { type = "decimal(9,4)", description = "From here on worth to come is high", description_zh = "纵轴分界" }
previous_x = { type = "decimal(9,4)", description = "Worth now in the last set; null: it did not keep it", description_zh = "上一期当前价值;未保存则为空" }
previous_y = { type = "decimal(9,4)", description = "Worth to come in the last set", description_zh = "上一期未来价值" }
previous_x_cut = { type = "decimal(9,4)", description = "The cut of worth now in the last set", description_zh = "上一期横轴分界" }
previous_y_cut = { type = "decimal(9,4)", description = "The cut of worth to come in the last set", description_zh = "上一期纵轴分界" }
quadrant_rule = { type = "text", description = "What decides the quadrant now", description_zh = "当前判定依据" }
previous_quadrant_rule = { type = "text", description = "What decided it in the last set", description_zh = "上一期判定依据" }
evidence = { type = "text", null = false, description = "The step that moved it, in figures", description_zh = "以数字说明移动它的那一步(英文)" }
evidence_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "以数字说明移动它的那一步(中文)" }
---*/
-- From the last set to tonight in four steps, each with one thing more of tonight: late rows, the day's data, settings,
-- models. A scenario that was not recomputed differs in nothing from its neighbour: its step did nothing.
WITH there AS (
    SELECT
        COALESCE(MAX(CASE WHEN scenario = 'day_before' THEN 1 END), 0) AS late,
        COALESCE(MAX(CASE WHEN scenario = 'settings_before' THEN 1 END), 0) AS settings,
        COALESCE(MAX(CASE WHEN scenario = 'models_before' THEN 1 END), 0) AS models
    FROM quadrant_recomputed
),
-- All that moved, and where they stood at each step: 0 the last set, 1 with late rows, 2 with the day's data,
-- 3 with the settings, 4 with the models.
moved AS (
    SELECT
        now.customer_id,
        now.revenue_12m,
        now.recurring_margin_12m,
        before.quadrant AS q0,
        before.quadrant_rule AS r0,
        now.quadrant AS q4,
        now.quadrant_rule AS r4
    FROM customer_snapshot AS now
    JOIN previous.customer_snapshot AS before ON before.customer_id = now.customer_id
    WHERE now.quadrant IS DISTINCT FROM before.quadrant
),
last_place AS (
    SELECT moved.*, there.late, there.settings, there.models,
        place.x AS x4, place.y AS y4, place.x_cut AS xc4, place.y_cut AS yc4,
        state.x AS x0, state.y AS y0, state.x_cut AS xc0, state.y_cut AS yc0
    FROM moved
    CROSS JOIN there
    LEFT JOIN quadrant AS place ON place.customer_id = moved.customer_id
    LEFT JOIN previous.quadrant_states AS state ON state.customer_id = moved.customer_id
),
third AS (
    SELECT last_place.*,
        CASE WHEN models = 1 THEN model.quadrant ELSE q4 END AS q3,
        CASE WHEN models = 1 THEN model.quadrant_rule ELSE r4 END AS r3,
        CASE WHEN models = 1 THEN model.x ELSE x4 END AS x3,
        CASE WHEN models = 1 THEN model.y ELSE y4 END AS y3,
        CASE WHEN models = 1 THEN model.x_cut ELSE xc4 END AS xc3,
        CASE WHEN models = 1 THEN model.y_cut ELSE yc4 END AS yc3
    FROM last_place
    LEFT JOIN quadrant_recomputed AS model
        ON model.customer_id = last_place.customer_id AND model.scenario = 'models_before'
),
second AS (
    SELECT third.*,
        CASE WHEN settings = 1 THEN setting.quadrant ELSE q3 END AS q2,
        CASE WHEN settings = 1 THEN setting.quadrant_rule ELSE r3 END AS r2,
        CASE WHEN settings = 1 THEN setting.x ELSE x3 END AS x2,
        CASE WHEN settings = 1 THEN setting.y ELSE y3 END AS y2,
        CASE WHEN settings = 1 THEN setting.x_cut ELSE xc3 END AS xc2,
        CASE WHEN settings = 1 THEN setting.y_cut ELSE yc3 END AS yc2
    FROM third
    LEFT JOIN quadrant_recomputed AS setting
        ON setting.customer_id = third.customer_id AND setting.scenario = 'settings_before'
),
first AS (
    SELECT second.*,
        CASE WHEN late = 1 THEN day.quadrant ELSE q0 END AS q1,
        CASE WHEN late = 1 THEN day.quadrant_rule ELSE r0 END AS r1,
        CASE WHEN late = 1 THEN day.x ELSE x0 END AS x1,
        CASE WHEN late = 1 THEN day.y ELSE y0 END AS y1,
        CASE WHEN late = 1 THEN day.x_cut ELSE xc0 END AS xc1,
        CASE WHEN late = 1 THEN day.y_cut ELSE yc0 END AS yc1
    FROM second
    LEFT JOIN quadrant_recomputed AS day
        ON day.customer_id = second.customer_id AND day.scenario = 'day_before'
),
-- Which steps changed the quadrant, and what within the day's data did: a rule (cuts, margin and minimum stay are none), the cuts alone
-- (its own new scores would have left it where it was), or its own scores.
steps AS (
    SELECT first.*,
        q1 IS DISTINCT FROM q0 AS by_late,
        q2 IS DISTINCT FROM q1 AS by_data,
        q3 IS DISTINCT FROM q2 AS by_settings,
        q4 IS DISTINCT FROM q3 AS by_model,
        CASE WHEN r1 = 'minimum_stay' AND r2 IN ('cuts', 'margin') THEN 'stay'
             WHEN CASE WHEN r2 NOT IN ('cuts', 'margin', 'minimum_stay') THEN r2 ELSE '' END
                  <> CASE WHEN r1 NOT IN ('cuts', 'margin', 'minimum_stay') THEN r1 ELSE '' END THEN 'rule'
             WHEN q1 = CASE WHEN x2 >= xc1 AND y2 >= yc1 THEN 'star'
                            WHEN x2 >= xc1 AND y2 < yc1 THEN 'cash_cow'
                            WHEN x2 < xc1 AND y2 >= yc1 THEN 'question_mark'
                            WHEN x2 < xc1 AND y2 < yc1 THEN 'dog' END THEN 'cuts'
             ELSE 'data' END AS of_data
    FROM first
),
told AS (
    SELECT steps.*,
        CASE WHEN by_model THEN 'model' WHEN by_settings THEN 'settings'
             WHEN by_data THEN of_data ELSE 'late_data' END AS cause,
        concat_ws(',', CASE WHEN by_late THEN 'late_data' END, CASE WHEN by_data THEN of_data END,
            CASE WHEN by_settings THEN 'settings' END, CASE WHEN by_model THEN 'model' END) AS causes
    FROM steps
),
-- The two sides of the step that counts.
sides AS (
    SELECT told.*,
        CASE cause WHEN 'model' THEN q3 WHEN 'settings' THEN q2 WHEN 'late_data' THEN q0 ELSE q1 END AS qa,
        CASE cause WHEN 'model' THEN x3 WHEN 'settings' THEN x2 WHEN 'late_data' THEN x0 ELSE x1 END AS xa,
        CASE cause WHEN 'model' THEN y3 WHEN 'settings' THEN y2 WHEN 'late_data' THEN y0 ELSE y1 END AS ya,
        CASE cause WHEN 'model' THEN xc3 WHEN 'settings' THEN xc2 WHEN 'late_data' THEN xc0 ELSE xc1 END AS xca,
        CASE cause WHEN 'model' THEN yc3 WHEN 'settings' THEN yc2 WHEN 'late_data' THEN yc0 ELSE yc1 END AS yca,
        CASE cause WHEN 'model' THEN r3 WHEN 'settings' THEN r2 WHEN 'late_data' THEN r0 ELSE r1 END AS ra,
        CASE cause WHEN 'model' THEN q4 WHEN 'settings' THEN q3 WHEN 'late_data' THEN q1 ELSE q2 END AS qb,
        CASE cause WHEN 'model' THEN x4 WHEN 'settings' THEN x3 WHEN 'late_data' THEN x1 ELSE x2 END AS xb,
        CASE cause WHEN 'model' THEN y4 WHEN 'settings' THEN y3 WHEN 'late_data' THEN y1 ELSE y2 END AS yb,
        CASE cause WHEN 'model' THEN xc4 WHEN 'settings' THEN xc3 WHEN 'late_data' THEN xc1 ELSE xc2 END AS xcb,
        CASE cause WHEN 'model' THEN yc4 WHEN 'settings' THEN yc3 WHEN 'late_data' THEN yc1 ELSE yc2 END AS ycb,
        CASE cause WHEN 'model' THEN r4 WHEN 'settings' THEN r3 WHEN 'late_data' THEN r1 ELSE r2 END AS rb
    FROM told
),
worded AS (
    SELECT sides.*,
        COALESCE(qa, 'unscored') || ' -> ' || COALESCE(qb, 'unscored') AS step,
        COALESCE(CAST(xa AS TEXT), '?') AS xa_text, COALESCE(CAST(xb AS TEXT), '?') AS xb_text,
        COALESCE(CAST(ya AS TEXT), '?') AS ya_text, COALESCE(CAST(yb AS TEXT), '?') AS yb_text,
        COALESCE(CAST(xca AS TEXT), '?') AS xca_text, COALESCE(CAST(xcb AS TEXT), '?') AS xcb_text,
        COALESCE(CAST(yca AS TEXT), '?') AS yca_text, COALESCE(CAST(ycb AS TEXT), '?') AS ycb_text,
        COALESCE(ra, '?') AS ra_text, COALESCE(rb, '?') AS rb_text
    FROM sides
)
SELECT
    customer_id,
    COALESCE(q0, 'unscored') AS from_quadrant,
    COALESCE(q4, 'unscored') AS to_quadrant,
    cause,
    causes,
    revenue_12m,
    recurring_margin_12m,
    x4 AS x,
    y4 AS y,
    xc4 AS x_cut,
    yc4 AS y_cut,
    x0 AS previous_x,
    y0 AS previous_y,
    xc0 AS previous_x_cut,
    yc0 AS previous_y_cut,
    r4 AS quadrant_rule,
    r0 AS previous_quadrant_rule,
    CASE cause
        WHEN 'model' THEN 'Another model scores: '
        WHEN 'settings' THEN 'By the changed settings: '
        WHEN 'late_data' THEN 'Rows that came late, or can no longer be read, changed the day of the last set: '
        WHEN 'stay' THEN 'Its minimum stay is over: '
        WHEN 'rule' THEN 'Another rule decides (' || ra_text || ' -> ' || rb_text || '): '
        WHEN 'cuts' THEN 'The cuts moved past its scores: '
        ELSE 'Its own figures moved: ' END
        || step || '; x ' || xa_text || ' -> ' || xb_text || ' (cut ' || xca_text || ' -> ' || xcb_text
        || '), y ' || ya_text || ' -> ' || yb_text || ' (cut ' || yca_text || ' -> ' || ycb_text || ')' AS evidence,
    CASE cause
        WHEN 'model' THEN '换用了另一个模型版本:'
        WHEN 'settings' THEN '设置有变:'
        WHEN 'late_data' THEN '迟到或已无法读取的数据改变了上一期当日的结果:'
        WHEN 'stay' THEN '最短停留期已满:'
        WHEN 'rule' THEN '判定规则改变(' || ra_text || ' -> ' || rb_text || '):'
        WHEN 'cuts' THEN '分界移动,越过了它的得分:'
        ELSE '自身数据变化:' END
        || step || ';横轴 ' || xa_text || ' -> ' || xb_text || '(分界 ' || xca_text || ' -> ' || xcb_text
        || '),纵轴 ' || ya_text || ' -> ' || yb_text || '(分界 ' || yca_text || ' -> ' || ycb_text || ')' AS evidence_zh
FROM worded
