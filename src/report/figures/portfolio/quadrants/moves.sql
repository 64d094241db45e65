/*---
title = "Each customer that moved, and why"
title_zh = "变动客户明细与原因"
note = "Why: what moved it last. A new model version or other settings move customers that did nothing. At most 5,000."
note_zh = "原因取最后一步；模型更新或设置调整会使自身未变的客户换象限；最多 5,000 家。"
list = true
empty = "Nobody moved since the last set, or there is none before this one."
empty_zh = "与上一期相比没有客户变动，或尚无上一期数据。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
from_quadrant = { en = "From", zh = "变动前", as = "word", words = "quadrant" }
to_quadrant = { en = "To", zh = "变动后", as = "word", words = "quadrant" }
cause = { en = "Why", zh = "原因", as = "word" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
x_change = { en = "Worth now (cut)", zh = "当前价值（分界）", as = "text" }
y_change = { en = "Worth to come (cut)", zh = "未来价值（分界）", as = "text" }
---*/
SELECT
    move.customer_id,
    COALESCE(customer.customer_name, move.customer_id) AS customer_name,
    customer.owner,
    move.from_quadrant,
    move.to_quadrant,
    move.cause,
    move.revenue_12m,
    -- One decimal is enough to follow it; the published table has four.
    concat(COALESCE(CAST(CAST(move.previous_x AS DECIMAL(9, 1)) AS VARCHAR), '–'), ' → ',
        COALESCE(CAST(CAST(move.x AS DECIMAL(9, 1)) AS VARCHAR), '–'), ' (',
        COALESCE(CAST(CAST(move.x_cut AS DECIMAL(9, 1)) AS VARCHAR), '–'), ')') AS x_change,
    concat(COALESCE(CAST(CAST(move.previous_y AS DECIMAL(9, 1)) AS VARCHAR), '–'), ' → ',
        COALESCE(CAST(CAST(move.y AS DECIMAL(9, 1)) AS VARCHAR), '–'), ' (',
        COALESCE(CAST(CAST(move.y_cut AS DECIMAL(9, 1)) AS VARCHAR), '–'), ')') AS y_change
FROM quadrant_moves AS move
JOIN customer_snapshot AS customer ON customer.customer_id = move.customer_id
ORDER BY move.revenue_12m DESC, move.customer_id
LIMIT 5000
