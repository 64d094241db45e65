/*---
title = "What costs health most"
title_zh = "健康度失分构成"
note = "Points that the average customer lacks to 100, by component; together they are the distance of the mean score to 100."
note_zh = "平均每家客户各项失分，合计即平均健康度距 100 分的差距。"
chart = "bars"
[columns]
component = { en = "Component", zh = "评分项", as = "word", chart = "x" }
lost = { en = "Points lost", zh = "平均失分", as = "score", chart = "y" }
lost_before = { en = "Three months ago", zh = "三个月前", as = "score" }
mean_points = { en = "Mean points", zh = "平均得分", as = "score" }
weak = { en = "Customers below 50", zh = "50 分以下客户", as = "count" }
unknown = { en = "Unknown for", zh = "未知客户", as = "count", help = "Customers of whom the figure is unknown; the others share its weight", help_zh = "数值未知的客户，其权重由其他项分担" }
---*/
WITH now AS (
    SELECT
        component,
        AVG(points) AS mean_points,
        SUM(CAST(weight AS DECIMAL(18, 12)) * 100 - contribution) FILTER (WHERE points IS NOT NULL) AS lost,
        COUNT(*) FILTER (WHERE points < 50) AS weak,
        COUNT(*) FILTER (WHERE points IS NULL) AS unknown
    FROM score_components
    WHERE score = 'health'
    GROUP BY component
),
ago AS (
    SELECT component, SUM(CAST(weight AS DECIMAL(18, 12)) * 100 - contribution) FILTER (WHERE points IS NOT NULL) AS lost
    FROM history.score_components
    WHERE score = 'health' AND months_ago = 3
    GROUP BY component
),
scored AS (
    SELECT
        (SELECT COUNT(health_score) FROM customer_snapshot) AS now,
        (SELECT COUNT(health_score) FROM history.customer_snapshot WHERE months_ago = 3) AS ago
)
SELECT
    now.component,
    CAST(now.lost AS DOUBLE) / NULLIF(scored.now, 0) AS lost,
    CAST(ago.lost AS DOUBLE) / NULLIF(scored.ago, 0) AS lost_before,
    now.mean_points,
    now.weak,
    now.unknown
FROM now
CROSS JOIN scored
LEFT JOIN ago ON ago.component = now.component
ORDER BY lost DESC NULLS LAST, now.component
