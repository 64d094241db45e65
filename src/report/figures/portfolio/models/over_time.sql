/*---
title = "Are the forecasts getting better or worse?"
title_zh = "预测质量走势"
note = "Of what was published on each day: how often the customer who left had been put before one who stayed (50 %: by chance), with the 95 % interval of the risk to leave. A new model version shows here only months later."
note_zh = "各日发布的预测中，流失客户排在未流失客户之前的概率（50% 为随机）；区间为流失风险的 95% 区间。新模型版本要数月后才会体现。"
chart = "lines"
empty = "Nothing that was published is old enough to be judged."
empty_zh = "尚无足够久远的已发布预测可供检验。"
[columns]
day = { en = "Published on", zh = "发布日期", as = "date", chart = "x" }
churn_auc = { en = "Risk to leave", zh = "流失风险", as = "percent", chart = "y" }
churn_low = { en = "Low end", zh = "下限", as = "percent", chart = "low" }
churn_high = { en = "High end", zh = "上限", as = "percent", chart = "high" }
health_auc = { en = "Health", zh = "健康度", as = "percent", chart = "y" }
said_to_came = { en = "Leavers, said / came", zh = "流失预计 / 实际", as = "number" }
events = { en = "Left", zh = "实际流失", as = "count" }
---*/
WITH judged AS (
    SELECT months_ago, model, metric, value, low, high, events, test_cutoff
    FROM history.model_metrics
    WHERE status = 'published'
    UNION ALL
    SELECT 0 AS months_ago, model, metric, value, low, high, events, test_cutoff
    FROM model_metrics
    WHERE status = 'published'
),
-- Of a day that several sets judged, the newest judgement.
newest AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY model, metric, test_cutoff ORDER BY months_ago) AS place
    FROM judged
    WHERE test_cutoff IS NOT NULL AND metric IN ('roc_auc', 'expected_events_ratio') AND model IN ('churn_risk', 'health')
)
SELECT
    test_cutoff AS day,
    MAX(value) FILTER (WHERE model = 'churn_risk' AND metric = 'roc_auc') AS churn_auc,
    MAX(low) FILTER (WHERE model = 'churn_risk' AND metric = 'roc_auc') AS churn_low,
    MAX(high) FILTER (WHERE model = 'churn_risk' AND metric = 'roc_auc') AS churn_high,
    MAX(value) FILTER (WHERE model = 'health' AND metric = 'roc_auc') AS health_auc,
    MAX(value) FILTER (WHERE model = 'churn_risk' AND metric = 'expected_events_ratio') AS said_to_came,
    MAX(events) FILTER (WHERE metric = 'roc_auc') AS events
FROM newest
WHERE place = 1
GROUP BY test_cutoff
ORDER BY day
