/*---
title = "Health over the last year"
title_zh = "近一年健康度走势"
note = "Share of the customers in each band, in the set of each month; customers that left are not in the later ones."
note_zh = "各月各等级客户占比；已流失客户不计入之后各月。"
chart = "lines"
empty = "No customer has a health score."
empty_zh = "尚无健康度评分。"
[columns]
day = { en = "Day", zh = "日期", as = "date", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
healthy_share = { en = "Healthy", zh = "健康", as = "percent", chart = "y" }
at_risk_share = { en = "At risk", zh = "有风险", as = "percent", chart = "y" }
churn_alert_share = { en = "Churn alert", zh = "流失预警", as = "percent", chart = "y" }
mean_health_score = { en = "Mean score", zh = "平均分", as = "score" }
---*/
WITH scores AS (
    SELECT as_of AS day, health_band, health_score FROM history.customer_snapshot WHERE health_score IS NOT NULL
    UNION ALL
    SELECT CAST($as_of_date AS DATE) AS day, health_band, health_score
    FROM customer_snapshot
    WHERE health_score IS NOT NULL
)
SELECT
    day,
    COUNT(*) AS customers,
    CAST(COUNT(*) FILTER (WHERE health_band = 'healthy') AS DOUBLE) / COUNT(*) AS healthy_share,
    CAST(COUNT(*) FILTER (WHERE health_band = 'at_risk') AS DOUBLE) / COUNT(*) AS at_risk_share,
    CAST(COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS DOUBLE) / COUNT(*) AS churn_alert_share,
    AVG(health_score) AS mean_health_score
FROM scores
GROUP BY day
ORDER BY day
