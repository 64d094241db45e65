/*---
description = "How good the models are, measured on days they did not learn from; and how what was published did."
description_zh = "各模型的优劣（在其未学习过的日期上测评），以及已发布结果的事后检验。"
grain = ["model", "status", "metric"]
[columns]
model = { type = "text", null = false, description = "The model", description_zh = "模型" }
version = { type = "text", description = "Of a model: its figures were measured on a fit of the same settings on train_cutoffs", description_zh = "模型版本；指标由相同设置、以 train_cutoffs 训练的模型测得" }
status = { type = "text", null = false, description = "scored: the version that scores; challenger: fitted tonight, and not promoted; refused: none scores; published: what was published on test_cutoff, now that it is known what came", description_zh = "状态：scored 评分版本、challenger 今晚训练但未晋升的挑战者、refused 无版本可评分、published 对 test_cutoff 当日已发布结果的事后检验" }
estimator = { type = "text", description = "How it was learned", description_zh = "学习算法" }
metric = { type = "text", null = false, description = "What was measured; refused if nothing was", description_zh = "指标名称；未测则为 refused" }
value = { type = "double", description = "The figure", description_zh = "指标值" }
rows = { type = "int", description = "Customers it was measured on", description_zh = "参与测评的客户数" }
events = { type = "int", description = "How many of them left (or grew)", description_zh = "其中流失（或增长）的客户数" }
train_cutoffs = { type = "text", description = "Days that the measured fit learned from; the version that scores learned from later ones too", description_zh = "受测模型的训练截止日；评分版本还学习了更晚的数据" }
test_cutoff = { type = "date", description = "Day it was measured on", description_zh = "测评截止日" }
meaning = { type = "text", description = "The figure in plain words", description_zh = "指标含义（英文）" }
meaning_zh = { type = "text", description = "The same in Chinese", description_zh = "指标含义" }
low = { type = "double", description = "Lower end of the 95 % interval of the figure, where there is one", description_zh = "指标 95% 区间下限（如有）" }
high = { type = "double", description = "Its upper end", description_zh = "指标 95% 区间上限（如有）" }
---*/
SELECT
    model, version, status, estimator, metric, value, rows, events, train_cutoffs, test_cutoff, meaning, meaning_zh, low, high
FROM luopan.model_metrics
