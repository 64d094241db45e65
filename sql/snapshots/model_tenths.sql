/*---
description = "What models said and what came, in tenths of the holdout by falling probability: reliability, lift and gain."
description_zh = "按概率从高到低将留出客户分为十组，对比预测与实际：可靠性、提升度与累计捕获率。"
grain = ["model", "tenth"]
[columns]
model = { type = "text", null = false, description = "The model", description_zh = "模型" }
version = { type = "text", null = false, description = "The version that scores", description_zh = "评分版本" }
tenth = { type = "int", null = false, description = "1: the highest probabilities", description_zh = "概率十分位，1 为概率最高" }
rows = { type = "int", null = false, description = "Customers in it", description_zh = "该十分位的客户数" }
events = { type = "int", null = false, description = "How many of them left (or grew)", description_zh = "其中流失（或增长）的客户数" }
mean_probability = { type = "double", null = false, description = "What was said on average (0-1)", description_zh = "平均预测概率（0-1）" }
observed_rate = { type = "double", null = false, description = "What came (0-1)", description_zh = "实际发生率（0-1）" }
observed_low = { type = "double", null = false, description = "Lower end of the 95 % interval of the rate behind what came", description_zh = "实际发生率的 95% 区间下限" }
observed_high = { type = "double", null = false, description = "Its upper end", description_zh = "实际发生率的 95% 区间上限" }
lift = { type = "double", description = "observed_rate over the rate of all", description_zh = "提升度：实际发生率 / 总体发生率" }
gain = { type = "double", description = "Share of all who left (or grew) found in this tenth and those above (0-1)", description_zh = "累计捕获率：本十分位及以上所含流失（或增长）客户的占比（0-1）" }
---*/
SELECT
    model, version, tenth, rows, events, mean_probability, observed_rate, observed_low, observed_high, lift, gain
FROM luopan.model_tenths
