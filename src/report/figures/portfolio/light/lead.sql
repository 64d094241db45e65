/*---
[[sentence]]
en = "{core} of {customers} customers are core: they bring {core_margin_share} of the margin."
zh = "{customers} 家客户中核心客户 {core} 家，贡献 {core_margin_share} 的毛利。"
[[sentence]]
en = "Contracts of {ending} a year end within 90 days and are not renewed yet."
zh = "90 天内到期且尚未续签的合同年化金额 {ending}。"
[columns]
customers = { as = "count" }
core = { as = "count" }
core_margin_share = { as = "percent" }
ending = { as = "money" }
---*/
SELECT
    SUM(customers) AS customers,
    SUM(customers) FILTER (WHERE group_name = 'core') AS core,
    MAX(margin_share) FILTER (WHERE group_name = 'core') AS core_margin_share,
    SUM(ending_90d_value) AS ending
FROM light_summary
