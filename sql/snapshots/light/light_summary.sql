/*---
description = "The two groups in figures."
description_zh = "两类客户的汇总数据。"
grain = ["group_name"]
tags = ["light"]
[columns]
group_name = { type = "text", null = false, description = "core or ordinary", description_zh = "客户分组：core（核心）或 ordinary（普通）" }
customers = { type = "int", null = false, description = "How many", description_zh = "客户数" }
customer_share = { type = "double", null = false, description = "Share of all customers (0-1)", description_zh = "占全部客户的比例（0-1）" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Their revenue of 12 months", description_zh = "近 12 个月开票额" }
revenue_share = { type = "double", description = "Share of all revenue; null where there is none", description_zh = "占全部开票额的比例；无收入则为空" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Their margin of 12 months", description_zh = "近 12 个月毛利" }
margin_share = { type = "double", description = "Share of all margin (below 0 for a group that costs more than it brings); null where there is none", description_zh = "占全部毛利的比例（亏损分组为负）；无毛利则为空" }
yearly_value = { type = "decimal(18,2)", null = false, description = "Yearly value of their contracts in force", description_zh = "有效合同年化金额" }
ending_90d_value = { type = "decimal(18,2)", null = false, description = "What of it ends within 90 days and is not renewed yet", description_zh = "90 天内到期且尚未续签的年化金额" }
mean_profit_score = { type = "double", description = "Mean profit score (0-100)", description_zh = "平均利润评分（0-100）" }
mean_willingness_score = { type = "double", description = "Mean willingness score (0-100)", description_zh = "平均意愿评分（0-100）" }
---*/
WITH sums AS (
    SELECT
        group_name,
        COUNT(*) AS customers,
        SUM(revenue_12m) AS revenue_12m,
        SUM(margin_12m) AS margin_12m,
        SUM(yearly_value) AS yearly_value,
        SUM(ending_90d_value) AS ending_90d_value,
        SUM(profit_score) AS profit_scores,
        COUNT(profit_score) AS with_profit,
        SUM(willingness_score) AS willingness_scores,
        COUNT(willingness_score) AS with_willingness
    FROM light_customers
    GROUP BY group_name
),
whole AS (
    SELECT SUM(customers) AS customers, SUM(revenue_12m) AS revenue, SUM(margin_12m) AS margin FROM sums
)
SELECT
    sums.group_name,
    sums.customers,
    CAST(sums.customers AS DOUBLE) / whole.customers AS customer_share,
    CAST(sums.revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CASE WHEN whole.revenue > 0 THEN CAST(sums.revenue_12m AS DOUBLE) / CAST(whole.revenue AS DOUBLE) END AS revenue_share,
    CAST(sums.margin_12m AS DECIMAL(18, 2)) AS margin_12m,
    CASE WHEN whole.margin > 0 THEN CAST(sums.margin_12m AS DOUBLE) / CAST(whole.margin AS DOUBLE) END AS margin_share,
    CAST(sums.yearly_value AS DECIMAL(18, 2)) AS yearly_value,
    CAST(sums.ending_90d_value AS DECIMAL(18, 2)) AS ending_90d_value,
    CAST(sums.profit_scores AS DOUBLE) / NULLIF(sums.with_profit, 0) AS mean_profit_score,
    CAST(sums.willingness_scores AS DOUBLE) / NULLIF(sums.with_willingness, 0) AS mean_willingness_score
FROM sums
CROSS JOIN whole
