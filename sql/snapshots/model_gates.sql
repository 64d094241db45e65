/*---
description = "What tonight's fits had to show before they score; no rows where nothing was fitted, or the same version again."
description_zh = "今晚训练的模型在投入评分前须通过的检验；未训练或得到同一版本时无数据。"
grain = ["model", "gate"]
[columns]
model = { type = "text", null = false, description = "The model", description_zh = "模型" }
gate = { type = "text", null = false, description = "better_than_chance, calibration, not_worse_than_champion, score_shift or feature_shift", description_zh = "检验门槛：better_than_chance 优于随机、calibration 校准、not_worse_than_champion 不逊于冠军模型、score_shift 评分漂移、feature_shift 特征漂移" }
passed = { type = "bool", null = false, description = "Whether it was passed", description_zh = "是否通过" }
value = { type = "double", description = "What was found", description_zh = "实测值" }
bound = { type = "double", description = "What it was held against", description_zh = "门槛值" }
finding = { type = "text", null = false, description = "The same in words", description_zh = "结论（英文）" }
finding_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "结论" }
---*/
SELECT model, gate, passed, value, bound, finding, finding_zh
FROM luopan.model_gates
