/*---
title = "Modules with the most room"
title_zh = "空间最大的模块"
note = "Peers spend: what the peers of those who lack the module spend on it on average, added up. It says where to look, and is no forecast."
note_zh = "同类平均支出：与缺少该模块的客户同类者在该模块上的平均支出合计，不是预测。"
chart = "bars"
empty = "No module can be recommended to anybody."
empty_zh = "暂无可推荐的模块。"
[columns]
module = { en = "Module", zh = "模块", as = "word", chart = "x" }
customers = { en = "Lack it", zh = "缺少的客户", as = "count" }
first_choice = { en = "Best choice of", zh = "首选客户数", as = "count" }
open_opportunities = { en = "Open deal", zh = "已有商机", as = "count" }
peer_value = { en = "Peers spend", zh = "同类平均支出", as = "money", chart = "y" }
expected_yearly_value = { en = "If all bought", zh = "全部购买年付金额", as = "money" }
---*/
SELECT
    module,
    COUNT(*) AS customers,
    COUNT(*) FILTER (WHERE rank = 1) AS first_choice,
    COUNT(*) FILTER (WHERE open_opportunity) AS open_opportunities,
    SUM(peer_value) AS peer_value,
    SUM(expected_yearly_value) AS expected_yearly_value
FROM whitespace
GROUP BY module
ORDER BY peer_value DESC NULLS LAST, module
LIMIT 20
