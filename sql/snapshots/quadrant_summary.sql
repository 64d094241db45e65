/*---
description = "Each quadrant in figures."
description_zh = "各象限的汇总数据。"
grain = ["quadrant"]
[columns]
quadrant = { type = "text", null = false, description = "star, cash_cow, question_mark, dog, or unscored", description_zh = "象限：star 明星、cash_cow 现金牛、question_mark 问号、dog 瘦狗，或 unscored 未评分" }
customers = { type = "int", null = false, description = "How many", description_zh = "客户数" }
customer_share = { type = "double", null = false, description = "Share of all customers (0-1)", description_zh = "占全部客户的比例（0-1）" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Their revenue of 12 months", description_zh = "近 12 个月开票额" }
revenue_share = { type = "double", description = "Share of all revenue (0-1)", description_zh = "占全部开票额的比例（0-1）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Their margin of 12 months", description_zh = "近 12 个月毛利" }
ltv = { type = "decimal(18,2)", description = "Their lifetime value", description_zh = "客户终身价值 LTV 合计" }
value_at_risk = { type = "decimal(18,2)", description = "Margin of a year expected to leave within 90 days", description_zh = "90 天内预计流失的年毛利" }
expected_expansion = { type = "decimal(18,2)", description = "Growth expected within 180 days", description_zh = "180 天内预期增长金额" }
mean_churn_probability = { type = "double", description = "Mean probability to leave within 90 days (0-1)", description_zh = "平均 90 天流失概率（0-1）" }
mean_health_score = { type = "double", description = "Mean health (0-100)", description_zh = "平均健康度评分（0-100）" }
churn_alerts = { type = "int", null = false, description = "How many are in the health band churn_alert", description_zh = "健康度处于流失预警的客户数" }
---*/
WITH sums AS (
    SELECT
        COALESCE(quadrant, 'unscored') AS quadrant,
        COUNT(*) AS customers,
        SUM(revenue_12m) AS revenue_12m,
        SUM(margin_12m) AS margin_12m,
        SUM(ltv) AS ltv,
        SUM(value_at_risk) AS value_at_risk,
        SUM(expected_expansion) AS expected_expansion,
        -- Sums of decimals are the same in any order.
        SUM(CAST(churn_probability AS DECIMAL(12, 10))) AS churn_probabilities,
        COUNT(churn_probability) AS with_probability,
        SUM(health_score) AS health_scores,
        COUNT(health_score) AS with_health,
        COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alerts
    FROM customer_snapshot
    GROUP BY 1
)
SELECT
    quadrant,
    customers,
    CAST(customers AS DOUBLE) / SUM(customers) OVER () AS customer_share,
    CAST(revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(revenue_12m AS DOUBLE) / NULLIF(CAST(SUM(revenue_12m) OVER () AS DOUBLE), 0) AS revenue_share,
    CAST(margin_12m AS DECIMAL(18, 2)) AS margin_12m,
    CAST(ltv AS DECIMAL(18, 2)) AS ltv,
    CAST(value_at_risk AS DECIMAL(18, 2)) AS value_at_risk,
    CAST(expected_expansion AS DECIMAL(18, 2)) AS expected_expansion,
    CAST(churn_probabilities AS DOUBLE) / NULLIF(with_probability, 0) AS mean_churn_probability,
    CAST(health_scores AS DOUBLE) / NULLIF(with_health, 0) AS mean_health_score,
    churn_alerts
FROM sums
