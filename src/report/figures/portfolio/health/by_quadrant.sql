/*---
title = "Health of each quadrant"
title_zh = "各象限健康度"
chart = "stacked"
empty = "No customer has a health score."
empty_zh = "尚无健康度评分。"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word", chart = "x" }
healthy = { en = "Healthy", zh = "健康", as = "count", chart = "y" }
at_risk = { en = "At risk", zh = "有风险", as = "count", chart = "y" }
churn_alert = { en = "Churn alert", zh = "流失预警", as = "count", chart = "y" }
churn_alert_share = { en = "In churn alert", zh = "流失预警占比", as = "percent" }
churn_alert_revenue = { en = "Their revenue", zh = "预警客户开票额", as = "money" }
mean_health_score = { en = "Mean score", zh = "平均分", as = "score" }
---*/
SELECT
    COALESCE(quadrant, 'unscored') AS quadrant,
    COUNT(*) FILTER (WHERE health_band = 'healthy') AS healthy,
    COUNT(*) FILTER (WHERE health_band = 'at_risk') AS at_risk,
    COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alert,
    CAST(COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS DOUBLE) / COUNT(*)
        AS churn_alert_share,
    COALESCE(SUM(revenue_12m) FILTER (WHERE health_band = 'churn_alert'), 0) AS churn_alert_revenue,
    AVG(health_score) AS mean_health_score
FROM customer_snapshot
WHERE health_band IS NOT NULL
GROUP BY 1
ORDER BY churn_alert_revenue DESC, 1
