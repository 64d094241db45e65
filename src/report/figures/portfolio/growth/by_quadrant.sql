/*---
title = "Where growth is expected: quadrants"
title_zh = "各象限预期增长"
note = "Growth of yearly value expected within 180 days. Whitespace: what the recommended modules would pay a year if all were bought."
note_zh = "180 天内预期增长的年化金额；空白空间为推荐模块全部购买时的年付金额。"
chart = "bars"
empty = "No growth is forecast."
empty_zh = "尚无增长预测。"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
expected_expansion = { en = "Expected growth", zh = "预期增长", as = "money", chart = "y" }
expansion_share = { en = "Share of it", zh = "预期增长占比", as = "percent" }
growth_rate = { en = "Of their yearly value", zh = "占其年化金额", as = "percent" }
whitespace_value = { en = "Whitespace", zh = "空白空间", as = "money" }
---*/
SELECT
    quadrant,
    customers,
    expected_expansion,
    expansion_share,
    CAST(expected_expansion AS DOUBLE) / NULLIF(CAST(value_in_force AS DOUBLE), 0) AS growth_rate,
    whitespace_value
FROM resource_use
WHERE expected_expansion IS NOT NULL
ORDER BY expected_expansion DESC NULLS LAST, quadrant
