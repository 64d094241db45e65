/*---
title = "The best next module of each customer"
title_zh = "各客户首选推荐模块"
note = "Modules that a customer's peers (customers like it) have and it has not. Peers spend: what these spend on the module on average, those without it counted as 0; it orders the list and is no forecast. At most 5,000."
note_zh = "同类客户已有而该客户没有的模块。同类平均支出：同类客户在该模块上的平均支出（未购买者计 0），仅用于排序，不是预测；最多 5,000 家。"
list = true
empty = "No module can be recommended to anybody."
empty_zh = "暂无可推荐的模块。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
quadrant = { en = "Quadrant", zh = "象限", as = "word" }
health_band = { en = "Health", zh = "健康等级", as = "word" }
module = { en = "Module", zh = "推荐模块", as = "word" }
peer_value = { en = "Peers spend", zh = "同类平均支出", as = "money" }
expected_yearly_value = { en = "Would pay a year", zh = "预计年付金额", as = "money" }
reason = { en = "What speaks for it", zh = "推荐理由", as = "text", words = "module,industry" }
open_opportunity = { en = "Open deal", zh = "已有商机", as = "flag" }
last_lost_on = { en = "Lost before", zh = "曾丢单日期", as = "date" }
whitespace_modules = { en = "Modules in all", zh = "可推荐模块数", as = "count" }
whitespace_value = { en = "All of them a year", zh = "全部模块年付金额", as = "money" }
---*/
SELECT
    space.customer_id,
    COALESCE(customer.customer_name, space.customer_id) AS customer_name,
    customer.owner,
    customer.quadrant,
    customer.health_band,
    space.module,
    space.peer_value,
    space.expected_yearly_value,
    CASE WHEN $lang = 'zh' THEN COALESCE(space.reason_zh, space.reason) ELSE space.reason END AS reason,
    space.open_opportunity,
    space.last_lost_on,
    potential.whitespace_modules,
    potential.whitespace_value
FROM whitespace AS space
JOIN customer_snapshot AS customer ON customer.customer_id = space.customer_id
LEFT JOIN customer_potential AS potential ON potential.customer_id = space.customer_id
WHERE space.rank = 1
ORDER BY space.peer_value DESC NULLS LAST, space.customer_id
LIMIT 5000
