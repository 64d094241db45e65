/*---
title = "How much is found at the top of the list"
title_zh = "名单前列能找到多少"
note = "Going down the list from the highest probability: the share of all who left (or grew) found so far. By chance a tenth of the list finds a tenth."
note_zh = "按概率由高到低，累计找到的流失（或增长）客户占比；随机情况下十分之一名单只能找到十分之一。"
chart = "columns"
empty = "No model scores yet."
empty_zh = "尚无可用模型。"
[columns]
list_share = { en = "Of the list", zh = "名单前", as = "percent", chart = "x" }
churn_gain = { en = "Who left", zh = "流失客户", as = "percent", chart = "y" }
growth_gain = { en = "Who grew", zh = "增长客户", as = "percent", chart = "y" }
churn_lift = { en = "Left, against average", zh = "流失提升度", as = "number", help = "Rate of this tenth over the rate of all", help_zh = "本十分位发生率 / 总体发生率" }
growth_lift = { en = "Grew, against average", zh = "增长提升度", as = "number" }
---*/
SELECT
    tenth / CAST(10 AS DOUBLE) AS list_share,
    MAX(gain) FILTER (WHERE model = 'churn_risk') AS churn_gain,
    MAX(gain) FILTER (WHERE model = 'growth_potential') AS growth_gain,
    MAX(lift) FILTER (WHERE model = 'churn_risk') AS churn_lift,
    MAX(lift) FILTER (WHERE model = 'growth_potential') AS growth_lift
FROM model_tenths
GROUP BY tenth
ORDER BY tenth
