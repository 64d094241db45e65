/*---
title = "How what we published did"
title_zh = "已发布预测的检验结果"
note = "The forecasts that people saw on that day, judged now that it is known what came."
note_zh = "以当时实际发布的预测，对照此后发生的结果。"
empty = "Nothing that was published is old enough to be judged."
empty_zh = "尚无足够久远的已发布预测可供检验。"
[columns]
model = { en = "Model", zh = "模型", as = "word" }
test_cutoff = { en = "Published on", zh = "发布日期", as = "date" }
metric = { en = "Judged by", zh = "指标", as = "word" }
value = { en = "Figure", zh = "数值", as = "number" }
low = { en = "Low end", zh = "下限", as = "number" }
high = { en = "High end", zh = "上限", as = "number" }
meaning = { en = "In words", zh = "说明", as = "text" }
---*/
SELECT
    model,
    test_cutoff,
    metric,
    value,
    low,
    high,
    CASE WHEN $lang = 'zh' THEN COALESCE(meaning_zh, meaning) ELSE meaning END AS meaning
FROM model_metrics
WHERE status = 'published'
  AND metric IN ('roc_auc', 'lift_top_tenth', 'recall_top_tenth', 'expected_events_ratio', 'calibration_error',
                 'amount_lift_top_tenth', 'total_ratio', 'spearman', 'unwarned_share')
ORDER BY model, metric
