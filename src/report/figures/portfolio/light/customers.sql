/*---
title = "The customers who earn most, and what to do"
title_zh = "毛利最高的客户与下一步"
note = "By margin of 12 months; the 200 highest."
note_zh = "按近 12 个月毛利排序，取前 200 家。"
rows = 200
[columns]
customer_id = { en = "Customer", zh = "客户", as = "text" }
group_name = { en = "Group", zh = "分组", as = "word", words = "light_group" }
previous_group = { en = "Before", zh = "上一期分组", as = "word", words = "light_group" }
profit_score = { en = "Profit", zh = "盈利得分", as = "score" }
willingness_score = { en = "Willingness", zh = "意愿得分", as = "score" }
margin_12m = { en = "Margin, 12 months", zh = "近 12 个月毛利", as = "money" }
next_end_on = { en = "Contract ends", zh = "合同到期", as = "date" }
why = { en = "Why", zh = "原因", as = "text" }
next_step = { en = "Next step", zh = "下一步", as = "text" }
---*/
SELECT
    customer_id, group_name, previous_group, profit_score, willingness_score, margin_12m, next_end_on,
    CASE WHEN $lang = 'zh' THEN COALESCE(why_zh, why) ELSE why END AS why,
    CASE WHEN $lang = 'zh' THEN COALESCE(next_step_zh, next_step) ELSE next_step END AS next_step
FROM light_customers
ORDER BY margin_12m DESC, customer_id
LIMIT 200
