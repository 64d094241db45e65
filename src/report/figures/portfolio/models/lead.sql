/*---
[[sentence]]
en = "Who leaves: on {churn_day} the model named probabilities that added up to {said} customers; {came} left within 90 days."
zh = "流失预测：{churn_day} 的流失概率合计 {said} 家，此后 90 天实际流失 {came} 家。"
[[sentence]]
en = "On the {days} days of the last year that can be judged, they added up to between {lowest} and {highest} of those who left."
zh = "近一年可检验的 {days} 个日期中，预计合计为实际流失的 {lowest} 至 {highest}。"
if = "has_days"
[[sentence]]
en = "It put the right ones first: the tenth with the highest probabilities held {found} of all who left, {lift} times the average."
zh = "排序可信：概率最高的十分之一客户包含了 {found} 的流失客户，为平均水平的 {lift} 倍。"
[[sentence]]
en = "What was published is too young to be judged. Measured on customers of {tested_on} that it did not learn from, the tenth with the highest probabilities held {tested_found} of those who left."
zh = "已发布的预测尚不足以检验。以模型未学习过的 {tested_on} 客户测算，概率最高的十分之一客户包含了 {tested_found} 的流失客户。"
if = "has_only_tests"
[[sentence]]
en = "Who grows: what was expected on {growth_day} added up to {ratio} of the growth that came within 180 days."
zh = "增长预测：{growth_day} 的预期增长合计为此后 180 天实际增长的 {ratio}。"
[[sentence]]
en = "Tonight's fits passed {passed} of {gates} checks."
zh = "本次训练的模型通过 {passed} / {gates} 项检验。"
if = "has_gates"
[[sentence]]
en = "Nothing was fitted anew tonight: the versions that score have passed their checks before."
zh = "本次未重新训练，沿用此前已通过检验的版本。"
if = "has_no_gates"
[[sentence]]
en = "Today's customers look other than those that the models learned from: {shift}."
zh = "当前客户与模型学习时的客户相比已有变化：{shift}。"
if = "has_shift"
[columns]
churn_day = { as = "date" }
said = { as = "count" }
came = { as = "count" }
days = { as = "count" }
lowest = { as = "percent" }
highest = { as = "percent" }
found = { as = "percent" }
lift = { as = "number" }
tested_on = { as = "date" }
tested_found = { as = "percent" }
growth_day = { as = "date" }
ratio = { as = "percent" }
passed = { as = "count" }
gates = { as = "count" }
shift = { as = "text" }
has_only_tests = { as = "flag" }
has_days = { as = "flag" }
has_gates = { as = "flag" }
has_no_gates = { as = "flag" }
has_shift = { as = "flag" }
---*/
WITH churn AS (
    SELECT
        MAX(test_cutoff) AS churn_day,
        MAX(value * events) FILTER (WHERE metric = 'expected_events_ratio') AS said,
        MAX(events) FILTER (WHERE metric = 'expected_events_ratio') AS came,
        MAX(value) FILTER (WHERE metric = 'recall_top_tenth') AS found,
        MAX(value) FILTER (WHERE metric = 'lift_top_tenth') AS lift
    FROM model_metrics
    WHERE model = 'churn_risk' AND status = 'published'
),
tested AS (
    SELECT MAX(test_cutoff) AS tested_on, MAX(value) AS tested_found
    FROM model_metrics
    WHERE model = 'churn_risk' AND status = 'scored' AND metric = 'recall_top_tenth'
),
judged AS (
    SELECT test_cutoff, value
    FROM history.model_metrics
    WHERE model = 'churn_risk' AND status = 'published' AND metric = 'expected_events_ratio'
    UNION ALL
    SELECT test_cutoff, value
    FROM model_metrics
    WHERE model = 'churn_risk' AND status = 'published' AND metric = 'expected_events_ratio'
),
ratios AS (
    SELECT COUNT(DISTINCT test_cutoff) AS days, MIN(value) AS lowest, MAX(value) AS highest FROM judged
),
growth AS (
    SELECT MAX(test_cutoff) AS growth_day, MAX(value) AS ratio
    FROM model_metrics
    WHERE model = 'growth_potential' AND status = 'published' AND metric = 'total_ratio'
),
checked AS (
    SELECT
        COUNT(*) AS gates,
        COUNT(*) FILTER (WHERE passed) AS passed,
        MAX(CASE WHEN $lang = 'zh' THEN COALESCE(finding_zh, finding) ELSE finding END)
            FILTER (WHERE gate IN ('feature_shift', 'score_shift') AND value > bound) AS shift
    FROM model_gates
)
SELECT
    churn_day,
    CAST(ROUND(said) AS BIGINT) AS said,
    came,
    days,
    lowest,
    highest,
    found,
    lift,
    tested_on,
    tested_found,
    growth_day,
    ratio,
    passed,
    gates,
    shift,
    churn_day IS NULL AND tested_on IS NOT NULL AS has_only_tests,
    days > 1 AS has_days,
    gates > 0 AS has_gates,
    gates = 0 AS has_no_gates,
    shift IS NOT NULL AS has_shift
FROM churn
CROSS JOIN tested
CROSS JOIN ratios
CROSS JOIN growth
CROSS JOIN checked
