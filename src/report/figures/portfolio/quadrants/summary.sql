/*---
title = "The quadrants: customers, money, what may come and go"
title_zh = "四个象限：客户、金额、预期增减"
chart = "bars"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
customer_share = { en = "Share of customers", zh = "客户数占比", as = "percent", chart = "y" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
revenue_share = { en = "Share of revenue", zh = "开票额占比", as = "percent", chart = "y" }
margin_12m = { en = "Margin, 12 months", zh = "近 12 个月毛利", as = "money" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money", help = "Probability to leave within 90 days x the margin of a year", help_zh = "90 天流失概率 × 一年毛利" }
expected_expansion = { en = "Expected growth, 180 days", zh = "180 天预期增长", as = "money" }
mean_health_score = { en = "Health, mean", zh = "平均健康度", as = "score" }
churn_alerts = { en = "In churn alert", zh = "流失预警客户", as = "count" }
---*/
SELECT
    quadrant,
    customers,
    customer_share,
    revenue_12m,
    revenue_share,
    margin_12m,
    value_at_risk,
    expected_expansion,
    mean_health_score,
    churn_alerts
FROM quadrant_summary
ORDER BY revenue_12m DESC, quadrant
