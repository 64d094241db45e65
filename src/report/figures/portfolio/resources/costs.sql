/*---
title = "What each quadrant costs us"
title_zh = "各象限的服务投入"
note = "Twelve months. Minutes count only the customers whom support knows; discounts only contracts of which a usual price is known."
note_zh = "近 12 个月。户均分钟数仅计服务系统中有记录的客户；折扣仅计有通常价格可比的合同。"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word" }
customers = { en = "Customers", zh = "客户数", as = "count" }
requests_12m = { en = "Requests", zh = "服务请求", as = "count" }
minutes_per_customer = { en = "Minutes per customer", zh = "户均支持分钟", as = "number" }
cost_to_serve_12m = { en = "Cost of support", zh = "支持成本", as = "money" }
visits_12m = { en = "Visits", zh = "拜访次数", as = "count" }
executive_visits_12m = { en = "By executives", zh = "高层拜访", as = "count" }
priced_contracts_12m = { en = "Contracts priced", zh = "可比价合同", as = "count" }
discount_12m = { en = "Discounts", zh = "折扣金额", as = "money" }
discount_rate = { en = "Discount", zh = "折扣率", as = "percent" }
margin_12m = { en = "Margin", zh = "毛利", as = "money" }
effort_to_margin = { en = "Support to margin", zh = "支持 / 毛利", as = "number", help = "Share of support over share of margin: 2 is twice the support that its margin stands for", help_zh = "支持工时占比 / 毛利占比，2 表示投入为毛利占比的两倍" }
---*/
SELECT
    quadrant,
    customers,
    requests_12m,
    minutes_per_customer,
    cost_to_serve_12m,
    visits_12m,
    executive_visits_12m,
    priced_contracts_12m,
    discount_12m,
    discount_rate,
    margin_12m,
    effort_to_margin
FROM resource_use
ORDER BY margin_12m DESC, quadrant
