/*---
title = "What tonight's models had to show before they score"
title_zh = "本次模型上线前的检验"
note = "A version that fails a check does not score. A shift means that today's customers look other than those that the model learned from."
note_zh = "未通过检验的版本不会上线。漂移表示当前客户与模型学习时的客户有所不同。"
empty = "Nothing was fitted anew tonight, or the same version again."
empty_zh = "本次未重新训练，或得到相同版本。"
[columns]
model = { en = "Model", zh = "模型", as = "word" }
gate = { en = "Check", zh = "检验", as = "word" }
passed = { en = "Passed", zh = "通过", as = "flag" }
finding = { en = "In words", zh = "说明", as = "text" }
---*/
SELECT
    model,
    gate,
    passed,
    CASE WHEN $lang = 'zh' THEN COALESCE(finding_zh, finding) ELSE finding END AS finding
FROM model_gates
ORDER BY passed, model, gate
