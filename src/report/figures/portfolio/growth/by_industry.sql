/*---
title = "Where growth is expected: industries"
title_zh = "各行业预期增长"
chart = "bars"
empty = "No growth is forecast."
empty_zh = "尚无增长预测。"
[columns]
industry = { en = "Industry", zh = "行业", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
likely = { en = "Expected to grow", zh = "预计增长客户", as = "number", help = "Sum of their probabilities to grow within 180 days", help_zh = "180 天增长概率之和" }
expected_expansion = { en = "Expected growth", zh = "预期增长", as = "money", chart = "y" }
value_in_force = { en = "Yearly value now", zh = "当前年化金额", as = "money" }
growth_rate = { en = "Of their yearly value", zh = "占其年化金额", as = "percent" }
---*/
WITH sums AS (
    SELECT
        COALESCE(industry, 'unknown') AS industry,
        COUNT(*) AS customers,
        SUM(CAST(expansion_probability AS DECIMAL(18, 12))) AS likely,
        SUM(expected_expansion) AS expected_expansion,
        SUM(value_in_force) AS value_in_force
    FROM customer_snapshot
    GROUP BY 1
    HAVING COUNT(expected_expansion) > 0
)
SELECT
    industry,
    customers,
    likely,
    expected_expansion,
    value_in_force,
    CAST(expected_expansion AS DOUBLE) / NULLIF(CAST(value_in_force AS DOUBLE), 0) AS growth_rate
FROM sums
ORDER BY expected_expansion DESC NULLS LAST, industry
LIMIT 20
