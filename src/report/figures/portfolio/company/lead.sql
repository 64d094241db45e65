/*---
[[sentence]]
en = "The yearly value in force is {yearly_value}, {change} against {since}: new customers brought {new}, the others grew by {expansion} and shrank by {contraction}, and {lost} left."
zh = "当前年化经常性金额 {yearly_value}，较 {since} {change}：新客户带来 {new}，老客户增长 {expansion}、缩减 {contraction}，流失 {lost}。"
[[sentence]]
en = "Of every 100 of yearly value a year ago {nrr} is still there with its growth (NRR; a year before {nrr_before}), and {grr} without it (GRR; {grr_before})."
zh = "净收入留存率 NRR {nrr}（上年同期 {nrr_before}），总收入留存率 GRR {grr}（{grr_before}）。"
[[sentence]]
en = "{logo} of the customers left in 12 months (a year before {logo_before})."
zh = "近 12 个月客户流失率 {logo}（上年同期 {logo_before}）。"
[[sentence]]
en = "The tenth of the customers with the most revenue brings {top_share} of it; {few} of {customers} customers bring 80 %."
zh = "开票额最高的十分之一客户贡献 {top_share}；{customers} 家客户中 {few} 家贡献 80%。"
[[sentence]]
en = "Support answered {in_time} of its tickets in time; the net promoter score of {nps_answers} answers is {nps}."
zh = "支持响应达标率 {in_time}；{nps_answers} 份答复的净推荐值 NPS 为 {nps}。"
[columns]
yearly_value = { as = "money" }
change = { as = "change" }
since = { as = "date" }
new = { as = "money" }
expansion = { as = "money" }
contraction = { as = "money" }
lost = { as = "money" }
nrr = { as = "percent" }
nrr_before = { as = "percent" }
grr = { as = "percent" }
grr_before = { as = "percent" }
logo = { as = "percent" }
logo_before = { as = "percent" }
top_share = { as = "percent" }
few = { as = "count" }
customers = { as = "count" }
in_time = { as = "percent" }
nps_answers = { as = "count" }
nps = { as = "score" }
---*/
WITH months AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY month DESC) AS months_back FROM company_months
),
bridge AS (
    SELECT
        MIN(month) AS since,
        MAX(yearly_value) FILTER (WHERE months_back = 1) AS yearly_value,
        MAX(yearly_value_before) FILTER (WHERE months_back = 12) AS yearly_value_before,
        SUM(new_value) AS new,
        SUM(expansion_value) AS expansion,
        -SUM(contraction_value) AS contraction,
        -SUM(lost_value) AS lost
    FROM months
    WHERE months_back <= 12
),
rates AS (
    SELECT
        MAX(nrr_12m) FILTER (WHERE months_back = 1) AS nrr,
        MAX(nrr_12m) FILTER (WHERE months_back = 13) AS nrr_before,
        MAX(grr_12m) FILTER (WHERE months_back = 1) AS grr,
        MAX(grr_12m) FILTER (WHERE months_back = 13) AS grr_before,
        MAX(logo_churn_12m) FILTER (WHERE months_back = 1) AS logo,
        MAX(logo_churn_12m) FILTER (WHERE months_back = 13) AS logo_before
    FROM months
),
company AS (
    SELECT
        MAX(top_tenth_share) AS top_share,
        MAX(customers_for_80_percent) AS few,
        MAX(customers) AS customers,
        MAX(answered_in_time_share) AS in_time,
        MAX(nps_answers) AS nps_answers,
        MAX(nps) AS nps
    FROM company_figures
    WHERE group_kind = 'all'
)
SELECT
    yearly_value,
    CAST(yearly_value AS DOUBLE) / NULLIF(CAST(yearly_value_before AS DOUBLE), 0) - 1 AS change,
    since,
    new,
    expansion,
    contraction,
    lost,
    nrr,
    nrr_before,
    grr,
    grr_before,
    logo,
    logo_before,
    top_share,
    few,
    customers,
    in_time,
    nps_answers,
    nps
FROM bridge
CROSS JOIN rates
CROSS JOIN company
