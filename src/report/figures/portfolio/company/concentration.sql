/*---
title = "On how few customers the margin rests"
title_zh = "毛利集中度（ABC 分类）"
note = "A: the customers who bring the first 80 % of the margin; B: those up to 95 %; C: the rest, with those who lose us money."
note_zh = "A 类贡献前 80% 的毛利，B 类至 95%，C 类为其余（含亏损客户）。"
chart = "bars"
empty = "No customer has a class: no margin is known."
empty_zh = "尚无毛利数据，未分类。"
[columns]
abc_class = { en = "Class", zh = "类别", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
customer_share = { en = "Share of customers", zh = "客户数占比", as = "percent", chart = "y" }
margin_12m = { en = "Margin, 12 months", zh = "近 12 个月毛利", as = "money" }
margin_share = { en = "Share of margin", zh = "毛利占比", as = "percent", chart = "y" }
losing = { en = "Lose us money", zh = "亏损客户", as = "count" }
value_at_risk = { en = "Expected loss, 90 days", zh = "90 天预计流失毛利", as = "money" }
churn_alerts = { en = "In churn alert", zh = "流失预警客户", as = "count" }
---*/
WITH classes AS (
    SELECT
        abc_class,
        COUNT(*) AS customers,
        SUM(margin_12m) AS margin_12m,
        COUNT(*) FILTER (WHERE margin_12m < 0) AS losing,
        SUM(value_at_risk) AS value_at_risk,
        COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alerts
    FROM customer_snapshot
    WHERE abc_class IS NOT NULL
    GROUP BY abc_class
),
total AS (
    SELECT CAST(SUM(customers) AS DOUBLE) AS customers, CAST(SUM(margin_12m) AS DOUBLE) AS margin FROM classes
)
SELECT
    abc_class,
    classes.customers,
    classes.customers / NULLIF(total.customers, 0) AS customer_share,
    margin_12m,
    CASE WHEN total.margin > 0 THEN CAST(margin_12m AS DOUBLE) / total.margin END AS margin_share,
    losing,
    value_at_risk,
    churn_alerts
FROM classes
CROSS JOIN total
ORDER BY abc_class
