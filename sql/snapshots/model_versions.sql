/*---
description = "Which version of each model scores tonight, and why."
description_zh = "今晚各模型由哪个版本评分及其原因。"
grain = ["model"]
[columns]
model = { type = "text", null = false, description = "The model", description_zh = "模型" }
status = { type = "text", null = false, description = "scored, or refused: no version scores", description_zh = "状态：scored 有版本评分，refused 无版本可评分" }
version = { type = "text", description = "The version that scores", description_zh = "评分版本" }
estimator = { type = "text", description = "How it was learned", description_zh = "学习算法" }
calibration = { type = "text", description = "How its probabilities were calibrated: none, platt or isotonic", description_zh = "概率校准方法：none 无、platt 或 isotonic（保序回归）" }
fitted_on = { type = "date", description = "As-of day of the run that fitted it", description_zh = "训练该版本的运行数据日" }
champion_since = { type = "date", description = "First day that it scored without a break", description_zh = "连续担任冠军模型的起始日" }
rows = { type = "int", description = "Rows (customer and cutoff) that it learned from", description_zh = "训练行数（客户 × 截止日）" }
events = { type = "int", description = "How many of them left (or grew)", description_zh = "其中流失（或增长）的行数" }
challenger = { type = "text", description = "Version fitted tonight that was not promoted", description_zh = "今晚训练但未晋升的挑战者版本" }
reason = { type = "text", null = false, description = "Why this version scores, or why none does", description_zh = "采用该版本或无版本可用的原因（英文）" }
reason_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "采用该版本或无版本可用的原因" }
---*/
SELECT
    model, status, version, estimator, calibration, fitted_on, champion_since, rows, events, challenger, reason,
    reason_zh
FROM luopan.models
