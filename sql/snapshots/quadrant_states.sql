/*---
description = "Where each customer stands on the map of worth, since when, and what put it there."
description_zh = "每位客户在价值图上的位置、起始日期与成因。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
x = { type = "decimal(9,4)", description = "Worth now (0-100): the first axis", description_zh = "当前价值（0-100）：横轴" }
y = { type = "decimal(9,4)", description = "Worth to come (0-100): the second axis", description_zh = "未来价值（0-100）：纵轴" }
x_cut = { type = "decimal(9,4)", description = "Where high begins on the first axis, for this customer", description_zh = "该客户横轴的高低分界" }
y_cut = { type = "decimal(9,4)", description = "Where high begins on the second axis, for this customer", description_zh = "该客户纵轴的高低分界" }
quadrant = { type = "text", description = "star, cash_cow, question_mark or dog", description_zh = "象限：star 明星、cash_cow 现金牛、question_mark 问号、dog 瘦狗" }
quadrant_rule = { type = "text", description = "What decided it: cuts, margin (not far enough beyond a cut), minimum_stay (moved too lately), or the name of a rule", description_zh = "判定依据：cuts 分界线、margin 未越过缓冲区、minimum_stay 停留时间不足，或规则名称" }
by_cuts = { type = "text", description = "The quadrant by the cuts alone", description_zh = "仅按分界线所在的象限" }
rules_held = { type = "text", description = "All rules that hold for it, in order of precedence", description_zh = "所有成立的规则（按优先级）" }
quadrant_since = { type = "date", description = "First day in this quadrant without a break", description_zh = "进入当前象限的日期" }
former_quadrant = { type = "text", description = "The quadrant before this one; null if it was in no other since there are sets", description_zh = "此前所在象限；有记录以来未变动则为空" }
by_cuts_since = { type = "date", description = "First day on this side of the cuts without a break", description_zh = "按分界线进入当前象限的日期" }
former_by_cuts = { type = "text", description = "Where the cuts alone had put it before", description_zh = "此前仅按分界线所在的象限" }
---*/
SELECT
    quadrant.customer_id,
    quadrant.x,
    quadrant.y,
    quadrant.x_cut,
    quadrant.y_cut,
    quadrant.quadrant,
    quadrant.quadrant_rule,
    quadrant.by_cuts,
    quadrant.rules_held,
    CASE WHEN quadrant.quadrant = before.quadrant THEN COALESCE(before.quadrant_since, $as_of_date)
         WHEN quadrant.quadrant IS NOT NULL THEN $as_of_date END AS quadrant_since,
    CASE WHEN quadrant.quadrant = before.quadrant THEN before.former_quadrant ELSE before.quadrant END AS former_quadrant,
    CASE WHEN quadrant.by_cuts = before.by_cuts THEN COALESCE(before.by_cuts_since, $as_of_date)
         WHEN quadrant.by_cuts IS NOT NULL THEN $as_of_date END AS by_cuts_since,
    CASE WHEN quadrant.by_cuts = before.by_cuts THEN before.former_by_cuts ELSE before.by_cuts END AS former_by_cuts
FROM quadrant
LEFT JOIN previous.quadrant_states AS before ON before.customer_id = quadrant.customer_id
