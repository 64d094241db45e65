/*---
title = "Modules that customers like it have"
title_zh = "同类客户常用而该客户没有的模块"
note = "Usual: the share of customers like it that have the module; not how likely this one is to buy. A year: what it would pay. Deal: one is open."
note_zh = "普及率：同类客户中拥有该模块的比例，并非购买概率。预计年付：若购买每年支付的金额。"
empty = "No module to recommend: it has what customers like it have, or its modules are unknown."
empty_zh = "没有可推荐的模块：同类客户常用的都已拥有，或其模块未知。"
[columns]
module = { en = "Module", zh = "模块", as = "word" }
alike = { en = "Compared with", zh = "比较对象", as = "word" }
confidence = { en = "Usual", zh = "普及率", as = "percent" }
base_share = { en = "of all", zh = "全体", as = "percent" }
expected_yearly_value = { en = "A year", zh = "预计年付", as = "money" }
open_opportunity = { en = "Deal", zh = "有商机", as = "flag" }
last_lost_on = { en = "Lost on", zh = "丢单日期", as = "date" }
previously_had = { en = "Dropped", zh = "曾停用", as = "flag" }
---*/
SELECT
    module,
    if_kind AS alike,
    confidence,
    confidence / NULLIF(lift, 0) AS base_share,
    expected_yearly_value,
    open_opportunity,
    last_lost_on,
    previously_had
FROM whitespace
WHERE customer_id = $customer
ORDER BY rank
