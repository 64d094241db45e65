/*---
title = "Did the score of 90 days ago warn?"
title_zh = "90 天前的健康度是否起到预警作用"
note = "What became of the customers of each band within the 90 days after. If the score is any good, few of the healthy leave, and many of those in churn alert."
note_zh = "各等级客户此后 90 天的流失情况：评分有效时，健康客户很少流失，流失预警客户流失较多。"
chart = "bars"
empty = "No score is old enough to be judged."
empty_zh = "尚无足够久远的评分可供检验。"
[columns]
health_band = { en = "Band on the day", zh = "当时等级", as = "word", chart = "x" }
customers = { en = "Customers", zh = "客户数", as = "count" }
leavers = { en = "Left", zh = "流失客户", as = "count" }
rate = { en = "Share who left", zh = "流失率", as = "percent", chart = "y" }
day = { en = "Score of", zh = "评分日期", as = "date" }
---*/
SELECT
    REPLACE(metric, 'rate_in_', '') AS health_band,
    rows AS customers,
    events AS leavers,
    value AS rate,
    test_cutoff AS day
FROM model_metrics
WHERE model = 'health' AND status = 'published' AND metric LIKE 'rate_in_%'
ORDER BY value DESC, metric
