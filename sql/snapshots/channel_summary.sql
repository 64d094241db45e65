/*---
description = "Each channel partner's customers in figures, and those sold directly."
description_zh = "各渠道伙伴及直销客户的汇总数据。"
grain = ["channel"]
[columns]
channel = { type = "text", null = false, description = "Channel partner, or direct", description_zh = "渠道伙伴，或 direct（直销）" }
customers = { type = "int", null = false, description = "Customers in force", description_zh = "有效客户数" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Their revenue of 12 months", description_zh = "近 12 个月开票额" }
revenue_share = { type = "double", description = "Share of all revenue (0-1)", description_zh = "占全部开票额的比例（0-1）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Their margin of 12 months", description_zh = "近 12 个月毛利" }
value_at_risk = { type = "decimal(18,2)", description = "Margin of a year expected to leave within 90 days", description_zh = "90 天内预计流失的年毛利" }
expected_expansion = { type = "decimal(18,2)", description = "Growth expected within 180 days", description_zh = "180 天内预期增长金额" }
mean_churn_probability = { type = "double", description = "Mean probability to leave within 90 days (0-1)", description_zh = "平均 90 天流失概率（0-1）" }
mean_health_score = { type = "double", description = "Mean health (0-100)", description_zh = "平均健康度评分（0-100）" }
overdue_amount = { type = "decimal(18,2)", description = "Due and not yet paid", description_zh = "逾期应收金额" }
stars = { type = "int", null = false, description = "Customers in the quadrant star", description_zh = "明星客户数" }
cash_cows = { type = "int", null = false, description = "Customers in the quadrant cash_cow", description_zh = "现金牛客户数" }
question_marks = { type = "int", null = false, description = "Customers in the quadrant question_mark", description_zh = "问号客户数" }
dogs = { type = "int", null = false, description = "Customers in the quadrant dog", description_zh = "瘦狗客户数" }
churn_alerts = { type = "int", null = false, description = "Customers in the health band churn_alert", description_zh = "健康度处于流失预警的客户数" }
---*/
WITH sums AS (
    SELECT
        COALESCE(channel_partner_id, 'direct') AS channel,
        COUNT(*) AS customers,
        SUM(revenue_12m) AS revenue_12m,
        SUM(margin_12m) AS margin_12m,
        SUM(value_at_risk) AS value_at_risk,
        SUM(expected_expansion) AS expected_expansion,
        -- Sums of decimals are the same in any order.
        SUM(CAST(churn_probability AS DECIMAL(12, 10))) AS churn_probabilities,
        COUNT(churn_probability) AS with_probability,
        SUM(health_score) AS health_scores,
        COUNT(health_score) AS with_health,
        SUM(overdue_amount) AS overdue_amount,
        COUNT(*) FILTER (WHERE quadrant = 'star') AS stars,
        COUNT(*) FILTER (WHERE quadrant = 'cash_cow') AS cash_cows,
        COUNT(*) FILTER (WHERE quadrant = 'question_mark') AS question_marks,
        COUNT(*) FILTER (WHERE quadrant = 'dog') AS dogs,
        COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alerts
    FROM customer_snapshot
    GROUP BY 1
)
SELECT
    channel,
    customers,
    CAST(revenue_12m AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(revenue_12m AS DOUBLE) / NULLIF(CAST(SUM(revenue_12m) OVER () AS DOUBLE), 0) AS revenue_share,
    CAST(margin_12m AS DECIMAL(18, 2)) AS margin_12m,
    CAST(value_at_risk AS DECIMAL(18, 2)) AS value_at_risk,
    CAST(expected_expansion AS DECIMAL(18, 2)) AS expected_expansion,
    CAST(churn_probabilities AS DOUBLE) / NULLIF(with_probability, 0) AS mean_churn_probability,
    CAST(health_scores AS DOUBLE) / NULLIF(with_health, 0) AS mean_health_score,
    CAST(overdue_amount AS DECIMAL(18, 2)) AS overdue_amount,
    stars,
    cash_cows,
    question_marks,
    dogs,
    churn_alerts
FROM sums
