/*---
title = "Which version of each model scores, and why"
title_zh = "各模型在用版本及原因"
note = "Events: customers who left, or grew, within the time that the model speaks of."
note_zh = "事件数指在预测期内流失（或增长）的客户数。"
empty = "No model is learned in this project."
empty_zh = "本项目没有训练模型。"
[columns]
model = { en = "Model", zh = "模型", as = "word" }
status = { en = "State", zh = "状态", as = "word" }
version = { en = "Version", zh = "版本", as = "text" }
previous_version = { en = "In the last set", zh = "上一期版本", as = "text" }
estimator = { en = "Learned as", zh = "学习算法", as = "text" }
fitted_on = { en = "Fitted on", zh = "训练日期", as = "date" }
champion_since = { en = "Scores since", zh = "启用日期", as = "date" }
rows = { en = "Learned from rows", zh = "训练行数", as = "count" }
events = { en = "Of these, events", zh = "其中事件数", as = "count" }
reason = { en = "Why", zh = "原因", as = "text" }
---*/
SELECT
    now.model,
    now.status,
    now.version,
    before.version AS previous_version,
    CASE WHEN $lang = 'zh' THEN
        REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(now.estimator, 'logistic regression', '逻辑回归'),
            'boosted trees', '梯度提升树'), 'random forest for the size', '金额用随机森林'), 'penalty ', '正则强度 '),
            'depth ', '树深 '), '; ', '；')
    ELSE now.estimator END AS estimator,
    now.fitted_on,
    now.champion_since,
    now.rows,
    now.events,
    CASE WHEN $lang = 'zh' THEN COALESCE(now.reason_zh, now.reason) ELSE now.reason END AS reason
FROM model_versions AS now
LEFT JOIN previous.model_versions AS before ON before.model = now.model
ORDER BY now.model
