/*---
description = "The company in figures, whole and by group: what customers bring, whether they stay, grow, recommend us and are served in time."
description_zh = "公司整体及各分组的经营指标：客户带来的收入、留存、增长、推荐意愿与服务时效。"
grain = ["group_kind", "group_name"]
[columns]
group_kind = { type = "text", null = false, description = "all, or by what: cohort (year of the first contract), industry, region, employees (micro under 20, small under 300, medium under 1000, large), product_series, product_version, channel", description_zh = "分组方式：全部、首签年份、行业、地区、员工规模、产品系列、产品版本、渠道" }
group_name = { type = "text", null = false, description = "The group, as the CRM describes its customers today; unknown where it does not say", description_zh = "分组名称（按 CRM 当前资料；缺失为 unknown）" }
customers = { type = "int", null = false, description = "Customers in force", description_zh = "在约客户数" }
customers_year_ago = { type = "int", null = false, description = "Customers in force 12 months before, as known today", description_zh = "12 个月前在约客户数（按今日所知）" }
new_customers_12m = { type = "int", null = false, description = "In force now and not then", description_zh = "近 12 个月新增客户数" }
lost_customers_12m = { type = "int", null = false, description = "In force then and not now", description_zh = "近 12 个月流失客户数" }
logo_churn_rate_12m = { type = "double", description = "Lost / in force then (0-1); like the retentions null while the lake does not reach back a year", description_zh = "客户数流失率（0-1）" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Billed in 12 months to the customers in force: those who left are not in it", description_zh = "在约客户近 12 个月开票额（不含已流失客户）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Their revenue minus cost, cost to serve and implementation", description_zh = "在约客户近 12 个月毛利" }
margin_rate = { type = "double", description = "Margin / revenue; may be below 0", description_zh = "毛利率（可为负）" }
cost_to_serve_rate = { type = "double", description = "Cost of support / revenue, of the customers in force; null where support knows none of them", description_zh = "在约客户服务成本占收入比例；服务系统未关联任何客户为空" }
yearly_value_now = { type = "decimal(18,2)", null = false, description = "Yearly recurring value in force", description_zh = "有效合同年化经常性金额" }
yearly_value_year_ago = { type = "decimal(18,2)", null = false, description = "The same 12 months before", description_zh = "12 个月前年化经常性金额" }
nrr_12m = { type = "double", description = "Net revenue retention: yearly value now of the customers in force a year ago / their value then", description_zh = "净收入留存率 NRR" }
grr_12m = { type = "double", description = "Gross revenue retention: the same, each customer at most at its value then (0-1)", description_zh = "总收入留存率 GRR（0-1）" }
renewals_due_12m = { type = "int", null = false, description = "Contracts that came up for renewal in 12 months", description_zh = "近 12 个月到期应续合同数" }
renewals_won_12m = { type = "int", null = false, description = "Those of them that were renewed", description_zh = "其中已续签合同数" }
renewal_rate_12m = { type = "double", description = "Renewed / came up, by yearly value before (0-1)", description_zh = "按金额续约率（0-1）" }
repurchase_rate_24m = { type = "double", description = "Share of the customers in force that bought again in 24 months, renewals aside (0-1)", description_zh = "近 24 个月复购客户占比（0-1）" }
upsell_12m = { type = "decimal(18,2)", null = false, description = "Users, upgrades and growth at renewals signed in 12 months by the customers in force, yearly value", description_zh = "近 12 个月增购金额（用户、升级、续约增长）" }
cross_sell_12m = { type = "decimal(18,2)", null = false, description = "Modules added in 12 months by the customers in force, yearly value", description_zh = "近 12 个月交叉销售金额（新增模块）" }
collection_days = { type = "double", description = "Days sales outstanding of the customers in force: open / revenue of 12 months x 365; those who left are not in it", description_zh = "在约客户应收账款周转天数 DSO（不含已流失客户）" }
capital_cost_12m = { type = "decimal(18,2)", null = false, description = "Cost of the money that the customers in force tied up in 12 months; those who left are not in it", description_zh = "在约客户近 12 个月占用资金成本（不含已流失客户）" }
nps = { type = "double", description = "Net promoter score (-100 to 100): share of 9-10 minus share of 0-6, newest answer of 12 months of each who ever signed", description_zh = "净推荐值 NPS（-100 至 100）" }
nps_answers = { type = "int", null = false, description = "How many answered", description_zh = "NPS 答复客户数" }
module_adoption = { type = "double", description = "Modules used in 4 weeks / modules held, of the customers in force (0-1)", description_zh = "模块使用率（0-1）" }
tickets_12m = { type = "int", description = "Tickets opened in 12 months; null where support knows none of them", description_zh = "近 12 个月工单数；服务系统未关联任何客户为空" }
answered_in_time_share = { type = "double", description = "Share of them first answered within the target of their severity, of those of which it is known (0-1)", description_zh = "首次响应达标率（0-1）" }
top_tenth_share = { type = "double", description = "Revenue share of the tenth of the customers with the most (0-1)", description_zh = "收入最高的十分之一客户的收入占比（0-1）" }
customers_for_80_percent = { type = "int", description = "Fewest customers that together bring 80 % of the revenue", description_zh = "贡献 80% 收入的最少客户数" }
customers_for_80_percent_share = { type = "double", description = "These as a share of the customers (0-1)", description_zh = "其占客户数比例（0-1）" }
gini = { type = "double", description = "Gini coefficient of revenue: 0 all alike, near 1 all on one", description_zh = "收入基尼系数" }
hhi = { type = "double", description = "Herfindahl index: sum of squared revenue shares (0-1)", description_zh = "收入集中度 HHI（0-1）" }
---*/
-- Every customer is in one group of each kind, so a kind's counts and sums add up to those of `all`. A group may be
-- small: its counts stand beside its figures, and what has nothing to be divided by is null.
-- Retention is null where the year begins before the lake tells of those who left (lake_reach): it would flatter.
-- NRR, GRR and logo churn as subscription vendors report them (Mehta, Steinman & Murphy, "Customer Success", 2016).
WITH reach AS (
    SELECT CASE WHEN known_since <= $as_of_date - INTERVAL '12 months' THEN TRUE ELSE FALSE END AS knows_the_year
    FROM lake_reach
)
SELECT
    sums.group_kind,
    sums.group_name,
    sums.customers,
    sums.customers_year_ago,
    sums.gained_customers AS new_customers_12m,
    sums.lost_customers AS lost_customers_12m,
    CASE WHEN reach.knows_the_year
         THEN CAST(sums.lost_customers AS DOUBLE) / NULLIF(sums.customers_year_ago, 0) END AS logo_churn_rate_12m,
    CAST(sums.revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(sums.margin_12m AS DECIMAL(18, 2)) AS margin_12m,
    CASE WHEN sums.revenue_12m > 0
         THEN CAST(sums.margin_12m AS DOUBLE) / CAST(sums.revenue_12m AS DOUBLE) END AS margin_rate,
    CASE WHEN sums.revenue_12m > 0
         THEN CAST(sums.cost_to_serve_12m AS DOUBLE) / CAST(sums.revenue_12m AS DOUBLE) END AS cost_to_serve_rate,
    CAST(sums.yearly_value_now AS DECIMAL(18, 2)) AS yearly_value_now,
    CAST(sums.yearly_value_year_ago AS DECIMAL(18, 2)) AS yearly_value_year_ago,
    CASE WHEN reach.knows_the_year
         THEN CAST(sums.retained_value AS DOUBLE) / NULLIF(CAST(sums.yearly_value_year_ago AS DOUBLE), 0) END AS nrr_12m,
    CASE WHEN reach.knows_the_year
         THEN CAST(sums.kept_value AS DOUBLE) / NULLIF(CAST(sums.yearly_value_year_ago AS DOUBLE), 0) END AS grr_12m,
    sums.renewals_due_12m,
    sums.renewals_won_12m,
    CASE WHEN reach.knows_the_year
         THEN CAST(sums.won_value_12m AS DOUBLE) / NULLIF(CAST(sums.due_value_12m AS DOUBLE), 0) END AS renewal_rate_12m,
    CAST(sums.returning_customers AS DOUBLE) / NULLIF(sums.customers, 0) AS repurchase_rate_24m,
    CAST(sums.upsell_12m AS DECIMAL(18, 2)) AS upsell_12m,
    CAST(sums.cross_sell_12m AS DECIMAL(18, 2)) AS cross_sell_12m,
    CASE WHEN sums.revenue_12m > 0
         THEN 365 * CAST(sums.open_amount AS DOUBLE) / CAST(sums.revenue_12m AS DOUBLE) END AS collection_days,
    CAST(sums.capital_cost_12m AS DECIMAL(18, 2)) AS capital_cost_12m,
    100.0 * (sums.promoters - sums.detractors) / NULLIF(sums.nps_answers, 0) AS nps,
    sums.nps_answers,
    CAST(sums.modules_used_28d AS DOUBLE) / NULLIF(sums.modules_held, 0) AS module_adoption,
    sums.tickets_12m,
    CAST(sums.in_time_tickets_12m AS DOUBLE) / NULLIF(sums.answered_tickets_12m, 0) AS answered_in_time_share,
    concentration.top_tenth_share,
    concentration.customers_for_80_percent,
    CAST(concentration.customers_for_80_percent AS DOUBLE) / NULLIF(sums.customers, 0) AS customers_for_80_percent_share,
    concentration.gini,
    concentration.hhi
FROM group_sums AS sums
CROSS JOIN reach
LEFT JOIN group_concentration AS concentration
    ON concentration.group_kind = sums.group_kind AND concentration.group_name = sums.group_name
