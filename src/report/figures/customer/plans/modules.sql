/*---
title = "Modules that companies like yours work with"
title_zh = "同类企业常用的模块"
note = "You do not have these yet; the share says how many companies like yours do."
note_zh = "贵司尚未使用；比例为同类企业中使用该模块的占比。"
empty = "There is no module to recommend at the moment."
empty_zh = "目前没有可推荐的模块。"
[columns]
module = { en = "Module", zh = "模块", as = "word" }
alike = { en = "Compared with", zh = "比较对象", as = "word", words = "alike_you" }
confidence = { en = "Of these have it", zh = "其中使用", as = "percent" }
base_share = { en = "Of all customers", zh = "全部客户中", as = "percent" }
in_talks = { en = "In talks already", zh = "已在洽谈", as = "flag" }
---*/
-- What it gave up, or decided against within a year, is not offered on paper again.
SELECT
    module,
    if_kind AS alike,
    confidence,
    confidence / NULLIF(lift, 0) AS base_share,
    open_opportunity AS in_talks
FROM whitespace
WHERE customer_id = $customer AND NOT previously_had AND COALESCE(last_lost_on < $as_of_date - 365, TRUE)
ORDER BY rank
LIMIT 3
