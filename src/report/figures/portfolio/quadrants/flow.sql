/*---
title = "Who moved since the last set, and the money with them"
title_zh = "与上一期相比的象限流动及金额"
note = "Only those who moved, joined or left; the width is their revenue of 12 months (of those who left, what it was)."
note_zh = "仅含变动、新增与流失的客户；宽度为近 12 个月开票额（已流失客户取上一期数值）。"
chart = "flow"
empty = "Nobody moved since the last set, or there is none before this one."
empty_zh = "与上一期相比没有客户变动，或尚无上一期数据。"
[columns]
from_quadrant = { en = "From", zh = "变动前", as = "word", words = "quadrant", chart = "from" }
to_quadrant = { en = "To", zh = "变动后", as = "word", words = "quadrant", chart = "to" }
customers = { en = "Customers", zh = "客户数", as = "count" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money", chart = "size" }
---*/
SELECT from_quadrant, to_quadrant, customers, revenue_12m
FROM quadrant_migration
WHERE from_quadrant <> to_quadrant
  -- On the first night everybody is new.
  AND (SELECT COUNT(*) FROM previous.customer_snapshot) > 0
ORDER BY revenue_12m DESC, from_quadrant, to_quadrant
