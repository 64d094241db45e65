/*---
title = "Which partners grow"
title_zh = "伙伴增长"
note = "The 15 partners with the most growth expected within 180 days."
note_zh = "180 天预期增长最多的 15 家伙伴。"
chart = "bars"
empty = "Nothing is sold by partners."
empty_zh = "没有渠道伙伴销售的客户。"
[columns]
channel = { en = "Partner", zh = "渠道伙伴", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
joined_12m = { en = "Joined, 12 months", zh = "近一年新增", as = "count" }
upsell_12m = { en = "Sold more, 12 months", zh = "近一年增购", as = "money", chart = "y" }
expected_expansion = { en = "Expected growth, 180 days", zh = "180 天预期增长", as = "money", chart = "y" }
whitespace_value = { en = "Whitespace", zh = "空白空间", as = "money", help = "What the modules recommended would pay a year if all were bought", help_zh = "推荐模块全部购买时的年付金额" }
---*/
SELECT channel, customers, joined_12m, upsell_12m, expected_expansion, whitespace_value
FROM channel_figures
WHERE channel <> 'direct'
ORDER BY expected_expansion DESC NULLS LAST, channel
LIMIT 15
